/**
 * Lists: filters by time, includes, and paging in two modes, by number and by cursor (wonde-api.md §2.2–§2.4). The
 * cursor is a key and not a place, so nobody is skipped or read twice while the roll changes.
 */
import { type Answer, type Call, WireError } from './call.ts'
import { flag, type Includes } from './shapes.ts'

const mostPerPage = 500
const usualPerPage = 50

export type ListOptions<T> = {
  rows: readonly T[]
  /** Row number: rows come in its order, and the cursor names it. */
  n: (row: T) => number
  updatedAt: (row: T) => number
  shape: (row: T) => unknown
  /** All that this list can include; absent where the answer names none. */
  includes?: readonly string[]
}

const refuse = (message: string): never => {
  throw new WireError(400, 'invalid_parameter', message)
}

/** Repeating a parameter keeps only the last: the server is PHP (§2.3). */
const last = (query: URLSearchParams, name: string): string | undefined => query.getAll(name).at(-1)

/** The includes asked for, each with what it hangs under. Unknown: 400 for the whole request (§2.3). */
export function readIncludes(query: URLSearchParams, known: readonly string[], resource: string): Includes {
  const includes = new Set<string>()
  const asked = (last(query, 'include') ?? '').split(',').map((name) => name.trim())
  for (const name of asked.filter((one) => one !== '')) {
    if (!known.includes(name)) {
      throw new WireError(400, 'invalid_include', `The include ${name} is not available on ${resource}.`)
    }
    const parts = name.split('.')
    parts.forEach((_, i) => includes.add(parts.slice(0, i + 1).join('.')))
  }
  return includes
}

/** A time filter in one of three forms; a value without a zone is UTC. */
export function readTime(query: URLSearchParams, name: string): number | null {
  const text = last(query, name)?.trim() ?? ''
  if (text === '') return null
  const form = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s*(Z|[+-]\d{2}:?\d{2})?)?$/i
  const [, date, clock = '00:00', zone = 'Z'] = form.exec(text) ?? []
  const at = date === undefined ? Number.NaN : Date.parse(`${date}T${clock}${zone.toUpperCase()}`)
  return Number.isNaN(at) ? refuse(`${name} is not a date.`) : at
}

function readWhole(query: URLSearchParams, name: string): number | null {
  const text = last(query, name)
  if (text === undefined || text === '') return null
  const value = Number(text)
  return Number.isSafeInteger(value) && value >= 1 ? value : refuse(`${name} must be a whole number from 1.`)
}

type Cursor = { after: number; page: number }

function readCursor(query: URLSearchParams): Cursor | null {
  const text = last(query, 'cursor') ?? ''
  if (text === '') return null
  const on = flag(query, 'cursor')
  if (on === true) return { after: -1, page: 1 }
  if (text === '0' || text.toLowerCase() === 'false') return null
  try {
    const cursor = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as Partial<Cursor>
    const { after, page } = cursor
    if (Number.isSafeInteger(after) && Number.isSafeInteger(page)) return { after: after!, page: page! }
  } catch {
    // no cursor of ours
  }
  return refuse('cursor is not one that this list gave.')
}

const writeCursor = (cursor: Cursor) => Buffer.from(JSON.stringify(cursor)).toString('base64url')

/** One page of a list, or of what a fault makes of it. */
export function listAnswer<T>(call: Call, options: ListOptions<T>): Answer {
  const { query } = call
  const after = readTime(query, 'updated_after')
  const before = readTime(query, 'updated_before')
  const perPage = Math.min(readWhole(query, 'per_page') ?? usualPerPage, mostPerPage)
  const cursor = readCursor(query)
  const page = cursor?.page ?? readWhole(query, 'page') ?? 1
  const wanted = misread(call, options.rows).filter((row) => {
    const at = options.updatedAt(row)
    return (after === null || at >= after) && (before === null || at <= before)
  })
  const from =
    cursor === null
      ? wanted.slice((page - 1) * perPage)
      : wanted.filter((row) => options.n(row) > cursor.after)
  const rows = from.slice(0, perPage)
  const more = from.length > perPage
  const address = (changes: Record<string, string>) => addressOf(call, changes)
  const next =
    cursor === null
      ? address({ page: String(page + 1) })
      : address({
          cursor: writeCursor({ after: rows.length > 0 ? options.n(rows.at(-1)!) : -1, page: page + 1 }),
        })
  const pagination = {
    next: more ? next : null,
    previous: cursor === null && page > 1 ? address({ page: String(page - 1) }) : null,
    more,
    per_page: perPage,
    current_page: page,
  }
  const data = rows.map(options.shape)
  const includes = options.includes === undefined ? {} : { includes: options.includes }
  return misprint(call, data, { pagination, ...includes })
}

/** The same address with other parameters: absolute, all others kept, no slash at the end (§17.2). */
function addressOf({ base, path, query }: Call, changes: Record<string, string>): string {
  const params = new URLSearchParams(query)
  for (const [name, value] of Object.entries(changes)) params.set(name, value)
  return `${base}${path}?${params.toString()}`
}

function misread<T>(call: Call, rows: readonly T[]): readonly T[] {
  if (call.fault('empty') !== null) return []
  return call.fault('half') === null ? rows : rows.slice(0, Math.floor(rows.length / 2))
}

type Meta = { pagination: { next: string | null; more: boolean }; includes?: readonly string[] }

function misprint(call: Call, data: unknown[], meta: Meta): Answer {
  const shown = call.fault('null-fields') === null ? data : data.map(nullFields)
  const { pagination, ...rest } = meta
  if (call.fault('more-without-next') !== null) Object.assign(pagination, { more: true, next: null })
  if (call.fault('foreign-next') !== null) {
    const here = new URL(addressOf(call, {}))
    Object.assign(pagination, { more: true, next: `https://elsewhere.example${here.pathname}${here.search}` })
  }
  if (call.fault('looping-next') !== null)
    Object.assign(pagination, { more: true, next: addressOf(call, {}) })
  if (call.fault('no-pagination') !== null) return { body: { data: shown, meta: rest } }
  return { body: { data: shown, meta } }
}

const neverNull = new Set([
  'id',
  'mis_id',
  'surname',
  'forename',
  'code',
  'type',
  'date',
  'session',
  'student',
])
neverNull.add('attendance_code')

/** A row of a school that permits nothing but ids and names: fields null, relations without anything in them. */
function nullFields(row: unknown): unknown {
  if (!isObject(row)) return row
  return Object.fromEntries(
    Object.entries(row).map(([key, value]) => {
      if (neverNull.has(key)) return [key, value]
      if (!isObject(value) || !('data' in value)) return [key, null]
      const { data } = value
      if (Array.isArray(data)) return [key, { data: [] }]
      return [key, { data: isObject(data) && !('id' in data) ? emptied(data) : null }]
    }),
  )
}

/** Keys stay where they are, leaves become null. */
function emptied(value: unknown): unknown {
  if (!isObject(value) || 'timezone_type' in value) return null
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, emptied(inner)]))
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
