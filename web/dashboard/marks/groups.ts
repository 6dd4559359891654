/** How the marks that need a person are grouped: by day, and within a day by what is wrong. Pure. */
import type { WriteBack } from '../../../shared/attendance.ts'
import { addDays, dayInWords, dayOf, longDay } from '../../ui/time.ts'
import type { NeedsYouRow } from '../wire.ts'
import { type Choice, choicesFor } from './words.ts'

export type CauseGroup = { code: string; rows: NeedsYouRow[] }
/** `word` is the day within a sentence: "today", "on 23 November". */
export type DayGroup = { date: string; title: string; word: string; count: number; causes: CauseGroup[] }

function titleOf(date: string, today: string): string {
  if (date === today) return 'Today'
  return date === addDays(today, -1) ? 'Yesterday' : longDay(date)
}

/** Newest day first; within a day the causes as they come, each with its rows together. */
export function daysOf(rows: readonly NeedsYouRow[], now: number, zone: string): DayGroup[] {
  const today = dayOf(now, zone)
  return [...Map.groupBy(rows, ({ writeBack }) => writeBack.date)]
    .toSorted(([a], [b]) => b.localeCompare(a))
    .map(([date, ofDay]) => ({
      date,
      title: titleOf(date, today),
      word: dayInWords(date, today),
      count: ofDay.length,
      causes: [
        ...Map.groupBy(ofDay, (row) => `${row.writeBack.state} ${row.writeBack.cause?.code ?? ''}`),
      ].map(([code, alike]) => ({ code, rows: alike })),
    }))
}

/** The choices that every one of these marks allows. */
export function sharedChoices(marks: readonly WriteBack[]): Choice[] {
  const [first, ...rest] = marks.map(choicesFor)
  return (first ?? []).filter(({ act }) =>
    rest.every((choices) => choices.some((other) => other.act === act)),
  )
}
