/**
 * Loose readers for single values of Wonde's JSON. Real answers vary by MIS and by year (wonde-api.md §2.5–§2.7),
 * so each takes whatever came and gives our form or `null`; none throws.
 */
import { Temporal } from 'temporal-polyfill'
import { storableText } from '../../../shared/values.ts'
import { isObject } from './answers.ts'

const longestId = 100

/** Storable, trimmed text of a text or number; `null` if empty or anything else. */
export function text(value: unknown, most = 200): string | null {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  return typeof value === 'string' ? storableText(value, most) || null : null
}

/** An id: kept exactly, so what could not be kept exactly is none. */
export function id(value: unknown): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : null
  if (typeof value !== 'string') return null
  const trimmed = value.trim()
  return trimmed !== '' && storableText(trimmed, longestId) === trimmed ? trimmed : null
}

/** `true` and `false` in the forms that PHP and people write them; else `null`. */
export function truth(value: unknown): boolean | null {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : value
  if (word === true || word === 1 || word === '1' || word === 'true' || word === 'yes') return true
  if (word === false || word === 0 || word === '0' || word === 'false' || word === 'no') return false
  return null
}

/** A whole number, also from text. */
export function whole(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : null
}

/**
 * A day-like value by its first ten characters. It is midnight in London written down, and converting it would
 * move a summer birthday to the day before (wonde-api.md §2.5).
 */
export function day(value: unknown): string | null {
  const written = isObject(value) ? value['date'] : value
  const ten = typeof written === 'string' ? written.trim().slice(0, 10) : ''
  if (!/^\d{4}-\d{2}-\d{2}$/.test(ten)) return null
  const time = Date.parse(`${ten}T00:00:00Z`)
  return Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== ten ? null : ten
}

/** An instant from a date object in its own zone, or from ISO text (UTC if it names no zone). */
export function instant(value: unknown): Date | null {
  const written = isObject(value) ? value['date'] : value
  if (typeof written !== 'string') return null
  const zone = isObject(value) ? (text(value['timezone']) ?? 'UTC') : 'UTC'
  try {
    const iso = written.trim().replace(' ', 'T')
    if (/(z|[+-]\d{2}:?\d{2})$/i.test(iso)) return new Date(Temporal.Instant.from(iso).epochMilliseconds)
    return new Date(Temporal.PlainDateTime.from(iso).toZonedDateTime(zone).epochMilliseconds)
  } catch {
    return null
  }
}

/**
 * An included relation: the object; `null` if told that there is none; `undefined` if not told (key missing, or a
 * bare id). Wrapped in `data` or not, one or a list of one.
 */
export function relation(value: unknown): Record<string, unknown> | null | undefined {
  if (value === null) return null
  if (!isObject(value)) return Array.isArray(value) ? first(value) : undefined
  if (!Object.hasOwn(value, 'data')) return value
  const inner = value['data']
  if (inner === null) return null
  if (Array.isArray(inner)) return first(inner)
  return isObject(inner) ? inner : undefined
}

function first(list: unknown[]): Record<string, unknown> | null | undefined {
  if (list.length === 0) return null
  return isObject(list[0]) ? list[0] : undefined
}

/** An id that may be bare, an object, or an included relation. */
export function reference(value: unknown): string | null {
  return id(value) ?? id(relation(value)?.['id'])
}
