/** The days of a report: the usual ranges by name, and the words for whichever is shown. Pure. */
import { addDays, fullDay, shortDay } from '../../ui/time.ts'

export type Days = { from: string; to: string }
export const presets = ['today', 'week', 'month', 'year'] as const
export type Preset = (typeof presets)[number]
export const presetWords: Record<Preset, string> = {
  today: 'Today',
  week: 'This week',
  month: 'This month',
  year: 'School year',
}

/** Up to and with today; a week begins on Monday, a school year on 1 September. */
export function daysOf(preset: Preset, today: string): Days {
  const weekday = (new Date(`${today}T12:00:00Z`).getUTCDay() + 6) % 7
  switch (preset) {
    case 'today':
      return { from: today, to: today }
    case 'week':
      return { from: addDays(today, -weekday), to: today }
    case 'month':
      return { from: `${today.slice(0, 8)}01`, to: today }
    case 'year': {
      const year = Number(today.slice(0, 4))
      return { from: `${today.slice(5) < '09-01' ? year - 1 : year}-09-01`, to: today }
    }
  }
}

/** The name of a range, or null for days that somebody chose. */
export function presetOf({ from, to }: Days, today: string): Preset | null {
  return presets.find((one) => daysOf(one, today).from === from && to === today) ?? null
}

export function rangeInWords({ from, to }: Days): string {
  if (from === to) return fullDay(from)
  return from.slice(0, 4) === to.slice(0, 4)
    ? `${shortDay(from)} to ${fullDay(to)}`
    : `${fullDay(from)} to ${fullDay(to)}`
}
