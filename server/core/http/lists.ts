/** Cursors: opaque text that names the last row given, so that a cursor survives inserts. */
import { AppError, invalid } from '../errors.ts'
import { asId } from '../ids.ts'

export function encodeCursor(parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

/** The parts of a cursor that we made with this many; anything else is the caller's mistake. */
export function decodeCursor(cursor: string | undefined, parts: number): string[] | null {
  if (cursor === undefined) return null
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
    if (
      Array.isArray(value) &&
      value.length === parts &&
      value.every((v) => typeof v === 'string' || typeof v === 'number')
    )
      return value.map((v) => String(v).replaceAll('\u0000', ''))
  } catch {
    // falls through to the one message
  }
  throw new AppError(422, 'request.invalid', 'cursor: is not one that this list gave; begin without it', {
    fields: { cursor: 'is not one that this list gave' },
  })
}

/** Of `limit + 1` rows read, the page and the cursor of the next. */
export function page<T, R>(
  rows: T[],
  limit: number,
  keyOf: (row: T) => readonly (string | number)[],
  present: (row: T) => R,
): { data: R[]; meta: { next: string | null } } {
  const kept = rows.slice(0, limit)
  const last = kept.at(-1)
  return {
    data: kept.map(present),
    meta: { next: rows.length > limit && last !== undefined ? encodeCursor(keyOf(last)) : null },
  }
}

/** The id in a cursor of a list whose key is the id alone; null: from the beginning. */
export function decodeIdCursor(cursor: string | undefined): string | null {
  const given = decodeCursor(cursor, 1)?.[0]
  if (given === undefined) return null
  const id = asId(given)
  if (id === null) throw invalid('cursor', 'is not one that this list gave')
  return id
}
