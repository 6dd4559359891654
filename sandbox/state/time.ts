/** Days and clock times as the schools live them. */
import { Temporal } from 'temporal-polyfill'

export const zone = 'Europe/London'

const local = (at: number) => Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(zone)

/** The school's local day of an instant. */
export const localDay = (at: number): string => local(at).toPlainDate().toString()

export const localHour = (at: number): number => local(at).hour

/** The instant of a clock time at the schools. */
export const instantOf = (day: string, hour: number, minute = 0): number =>
  Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: zone, plainTime: { hour, minute } })
    .epochMilliseconds

/** Monday is 1. */
export const weekdayOf = (day: string): number => Temporal.PlainDate.from(day).dayOfWeek

export const addDays = (day: string, days: number): string =>
  Temporal.PlainDate.from(day).add({ days }).toString()

/** A real day of the calendar, written YYYY-MM-DD. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const at = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}
