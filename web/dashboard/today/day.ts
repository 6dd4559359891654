/** The day's movements as Today lists them: by what they are, filtered, and as dots of the strip. Pure. */
import type { Session } from '../../../shared/values.ts'
import type { StripTimes } from '../../ui/day-strip.tsx'
import { minuteOf, minutesOf } from '../../ui/time.ts'
import { folded } from '../../ui/words.ts'
import { isOwed, markOf } from '../marks/words.ts'
import type { Today, TodayRow } from '../wire.ts'

export const shows = ['all', 'need-you', 'on-their-way', 'in-the-mis'] as const
export type Show = (typeof shows)[number]

const onTheirWay = new Set(['waiting', 'sending', 'sent'])
const inTheMis = new Set(['confirmed'])

export function isShown(row: TodayRow, show: Show): boolean {
  const mark = markOf(row.movement)
  switch (show) {
    case 'all':
      return true
    case 'need-you':
      return mark?.needsPerson === true
    case 'on-their-way':
      return mark !== undefined && onTheirWay.has(mark.state)
    case 'in-the-mis':
      return mark !== undefined && inTheMis.has(mark.state)
  }
}

/** Every typed word stands somewhere in the name, group or reason. */
export function matches(row: TodayRow, typed: string): boolean {
  const all = folded(`${row.person.name} ${row.person.group ?? ''} ${row.reasonName ?? ''}`)
  return folded(typed)
    .split(/\s+/)
    .every((word) => all.includes(word))
}

export type Section = { title: string; rows: TodayRow[]; of?: Session }

const newestFirst = (rows: TodayRow[]) =>
  rows.toSorted((a, b) => Date.parse(b.movement.happenedAt) - Date.parse(a.movement.happenedAt))

/** The session that the strip shows: the one that runs, else the last that began. */
export function sessionShown(today: Today, minute: number): Session {
  return today.session ?? (minute < minutesOf(today.schoolDay.pm.opensAt) ? 'AM' : 'PM')
}

/** The late of the session shown first, then the other half of the day, the early leavers, and whoever came back. */
export function sectionsOf(rows: TodayRow[], shown: Session): Section[] {
  const of = (type: string, session?: Session | null) =>
    newestFirst(
      rows.filter(
        ({ movement }) => movement.type === type && (session === undefined || movement.session === session),
      ),
    )
  const late: Record<Session, Section> = {
    AM: { title: 'Late this morning', rows: of('late-arrival', 'AM'), of: 'AM' },
    PM: { title: 'Late this afternoon', rows: of('late-arrival', 'PM'), of: 'PM' },
  }
  const others = newestFirst(rows.filter(({ movement }) => !reasoned.has(movement.type)))
  const sections: Section[] = [
    late[shown],
    late[shown === 'AM' ? 'PM' : 'AM'],
    { title: 'Late, outside registration', rows: of('late-arrival', null) },
    { title: 'Left early', rows: of('early-leave') },
    { title: 'Came back', rows: of('return') },
    { title: 'Checked in and out', rows: others },
  ]
  return sections.filter((section, i) => i === 0 || section.rows.length > 0)
}
const reasoned = new Set(['late-arrival', 'early-leave', 'return'])

export function stripTimes(today: Today, session: Session): StripTimes {
  const { am, pm, lunchStartsAt, endsAt } = today.schoolDay
  const window = session === 'AM' ? am : pm
  return {
    opensAt: minutesOf(window.opensAt),
    endsAt: minutesOf(window.endsAt),
    closesAt: minutesOf(window.closesAt),
    until: minutesOf(session === 'AM' ? (lunchStartsAt ?? pm.opensAt) : endsAt),
  }
}

export function dotsOf(rows: TodayRow[], session: Session, zone: string): number[] {
  return rows
    .filter(({ movement }) => movement.type === 'late-arrival' && movement.session === session)
    .map(({ movement }) => minuteOf(movement.happenedAt, zone))
}

/** Marks that the day owes, whatever has become of them. */
export function owedToday(rows: TodayRow[]): number {
  return rows.reduce((sum, { movement }) => sum + movement.writeBacks.filter(isOwed).length, 0)
}
