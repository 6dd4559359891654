/**
 * The school's day on the local clock: which day, session and minute an instant falls into, and when a
 * clock time of a day is. Pure; the rows are those of the attendance reference §3 and §13. Seconds count,
 * every window is half-open: exactly at its start is inside it, exactly at its end is not.
 */
import { Temporal } from 'temporal-polyfill'
import type { Closure, DayException, SchoolDay } from './sites.ts'
import type { Session } from './values.ts'

/** An instant on a site's clock. `weekday` is 1 Monday to 7 Sunday. */
export type LocalTime = { date: string; weekday: number; secondsOfDay: number }

export type SessionAt =
  /** a weekday without school, or a closure: no session, nothing owed */
  | { kind: 'not-open-day' }
  | { kind: 'before' | 'lunch' | 'after-school' }
  /** `open`: the register has not closed. `closed`: it has, and the session is not over. */
  | { kind: 'open' | 'closed'; session: Session }

const dayMs = 86_400_000
// Every change of offset since 1973 fell on a whole quarter of an hour UTC, so that within one it is constant.
const quarterMs = 900_000
const mostOffsets = 20_000
const offsets = new Map<string, Map<number, number>>()

function offsetMs(ms: number, timeZone: string): number {
  let known = offsets.get(timeZone)
  if (known === undefined) offsets.set(timeZone, (known = new Map()))
  const quarter = Math.floor(ms / quarterMs)
  let offset = known.get(quarter)
  if (offset === undefined) {
    const there = Temporal.Instant.fromEpochMilliseconds(quarter * quarterMs).toZonedDateTimeISO(timeZone)
    offset = there.offsetNanoseconds / 1e6
    if (known.size >= mostOffsets) known.clear()
    known.set(quarter, offset)
  }
  return offset
}

export function localTime(instant: Date, timeZone: string): LocalTime {
  const ms = instant.getTime()
  const local = ms + offsetMs(ms, timeZone)
  const day = Math.floor(local / dayMs)
  return {
    date: dateOfDay(day),
    // day 0, 1 January 1970, was a Thursday
    weekday: ((((day + 3) % 7) + 7) % 7) + 1,
    secondsOfDay: Math.floor((local - day * dayMs) / 1000),
  }
}

function dateOfDay(day: number): string {
  return new Date(day * dayMs).toISOString().split('T')[0]!
}

/** Seconds from local midnight of `HH:MM`; 24:00 is the day's end. */
export function secondsOf(time: string): number {
  return Number(time.slice(0, 2)) * 3600 + Number(time.slice(3, 5)) * 60
}

/** `HH:MM` of a second of the day, rounded down, as a comment or a screen says it. */
export function clockTimeOf(secondsOfDay: number): string {
  const minutes = Math.floor(secondsOfDay / 60)
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}

/**
 * When a clock time of a day is. A time that a clock change skips is as much later as the gap is long, one
 * that it doubles is the first of the two (Temporal's "compatible"). `24:00` is the next midnight.
 */
export function instantAt(date: string, time: string, timeZone: string): Date {
  const day = Temporal.PlainDate.from(date)
  const zoned =
    time === '24:00'
      ? day.add({ days: 1 }).toZonedDateTime(timeZone)
      : day.toPlainDateTime(time).toZonedDateTime(timeZone)
  return new Date(zoned.epochMilliseconds)
}

/** 1 Monday to 7 Sunday. */
export function weekdayOf(date: string): number {
  return Temporal.PlainDate.from(date).dayOfWeek
}

/** The times of one weekday: its own where it has them, else the usual ones. */
export function timesOn(usual: SchoolDay, exceptions: readonly DayException[], weekday: number): SchoolDay {
  const own = exceptions.find((exception) => exception.day === weekday)
  if (own === undefined) return usual
  const { day: _day, ...times } = own
  return { ...times, days: usual.days }
}

/** A day of school: one of its weekdays, and within no closure (both ends are closed days). */
export function isSchoolDay(
  schoolDay: SchoolDay,
  closures: readonly Closure[],
  local: { date: string; weekday: number },
): boolean {
  if (!schoolDay.days.includes(local.weekday)) return false
  return !closures.some((closure) => closure.from <= local.date && local.date <= closure.to)
}

/** The row of §3 that a local time falls into. Windows may be empty and boundaries may be equal. */
export function sessionAt(schoolDay: SchoolDay, closures: readonly Closure[], local: LocalTime): SessionAt {
  if (!isSchoolDay(schoolDay, closures, local)) return { kind: 'not-open-day' }
  const t = local.secondsOfDay
  const { am, pm } = schoolDay
  if (t < secondsOf(am.opensAt)) return { kind: 'before' }
  if (t < secondsOf(am.closesAt)) return { kind: 'open', session: 'AM' }
  // §3: without a lunch time AM runs until PM opens
  if (t < secondsOf(schoolDay.lunchStartsAt ?? pm.opensAt)) return { kind: 'closed', session: 'AM' }
  if (t < secondsOf(pm.opensAt)) return { kind: 'lunch' }
  if (t < secondsOf(pm.closesAt)) return { kind: 'open', session: 'PM' }
  if (t < secondsOf(schoolDay.endsAt)) return { kind: 'closed', session: 'PM' }
  return { kind: 'after-school' }
}

/** Whole minutes from the END of a session's registration (product.md §11), rounded down, never negative. */
export function minutesLate(schoolDay: SchoolDay, session: Session, secondsOfDay: number): number {
  const ends = secondsOf(session === 'AM' ? schoolDay.am.endsAt : schoolDay.pm.endsAt)
  return Math.max(0, Math.floor((secondsOfDay - ends) / 60))
}

/** Whether the school day of `date` has ended: a mark of it is then no longer sent by itself (contract §3.5). */
export function dayIsOver(schoolDay: SchoolDay, date: string, timeZone: string, now: Date): boolean {
  const today = localTime(now, timeZone).date
  if (today !== date) return date < today
  return now.getTime() >= instantAt(date, schoolDay.endsAt, timeZone).getTime()
}

/**
 * The first time strictly after `after` that the clock of a zone says `at`: once every day, an hour that a
 * clock change skips as by `instantAt`, a doubled one the first time only (contract §3.2, the schedule).
 */
export function nextRunAt(at: string, timeZone: string, after: Date): Date {
  const today = Temporal.PlainDate.from(localTime(after, timeZone).date)
  // From yesterday: a time skipped at midnight falls on the next day.
  for (let days = -1; ; days++) {
    const run = instantAt(today.add({ days }).toString(), at, timeZone)
    if (run.getTime() > after.getTime()) return run
  }
}
