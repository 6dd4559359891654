/** What a pupil can do at the kiosk now, and what the screens say of it (product.md §10.2, screens.md §5). */
import type { KioskHome } from '../../shared/kiosks.ts'
import { minuteOf, minutesOf } from '../ui/time.ts'
import type { Words } from './words/en.ts'

export type Flow = KioskHome['reasons'][number]['type']
export type Reason = KioskHome['reasons'][number]

const freshMs = 5 * 60_000

export function reasonsOf(home: KioskHome, flow: Flow): Reason[] {
  return home.reasons.filter((reason) => reason.type === flow)
}

/** Whether nobody can be late now, as far as we know: what the server said goes stale without a network. */
export function nobodyIsLate(home: KioskHome, now: number): boolean {
  return home.session === null && now - Date.parse(home.now) < freshMs
}

/**
 * Late and early leave need a reason (contract §3.4), so each is offered when the school has one for this screen.
 * A return needs none: whoever may leave here may come back here. Nobody is late before the day starts, and nobody
 * leaves early after it has ended (product.md §10.2).
 */
export function offered(home: KioskHome, now: number): Flow[] {
  const has = (flow: Flow) => reasonsOf(home, flow).length > 0
  const minute = minuteOf(now, home.site.timeZone)
  const flows: Flow[] = []
  if (has('late-arrival') && minute >= minutesOf(home.day.startsAt)) flows.push('late-arrival')
  if (has('early-leave') && minute < minutesOf(home.day.endsAt)) flows.push('early-leave')
  if (has('return') || has('early-leave')) flows.push('return')
  return flows
}

/** A return with nothing to choose between is recorded at once. */
export function asksReason(home: KioskHome, flow: Flow): boolean {
  return flow !== 'return' || reasonsOf(home, flow).length > 1
}

const quarterMs = 15 * 60_000
const afterMinutes = [30, 60, 90, 120, 180]

/** Times to choose from for being back: rounded up to a quarter of an hour, before school ends. */
export function backTimes(home: KioskHome, now: number): number[] {
  const ends = home.schoolEndsAt ? Date.parse(home.schoolEndsAt) : Number.POSITIVE_INFINITY
  return afterMinutes
    .map((minutes) => Math.ceil((now + minutes * 60_000) / quarterMs) * quarterMs)
    .filter((at) => at < ends)
}

/** Asked only where there is a time left to be back. */
export function asksBack(home: KioskHome, reason: Reason | undefined, now: number): boolean {
  return reason?.asksBack === true && backTimes(home, now).length > 0
}

/** What stands under "Students" on the welcome screen. */
export function studentsLine(home: KioskHome, now: number): keyof Words {
  const [first, ...more] = offered(home, now)
  if (first === 'late-arrival' && more.includes('early-leave')) return 'lateOrLeaving'
  if (first === 'late-arrival') {
    const stale = now - Date.parse(home.now) >= freshMs
    if (stale || home.session === null) return 'lateToday'
    return home.session === 'AM' ? 'lateMorning' : 'lateAfternoon'
  }
  return first === 'early-leave' ? 'leavingOrBack' : 'comingBack'
}

export const choiceWords: Record<Flow, { tile: keyof Words; question: keyof Words }> = {
  'late-arrival': { tile: 'cameLate', question: 'whyLate' },
  'early-leave': { tile: 'leavingEarly', question: 'whyLeaving' },
  return: { tile: 'backAgain', question: 'whereBeen' },
}

/** The done screen. It never says that a mark has gone anywhere: nobody in a lobby can know (details.md §6 d). */
export function doneWords(flow: Flow, late: boolean): { title: keyof Words; line: keyof Words } {
  if (flow === 'early-leave') return { title: 'checkedOut', line: 'waitAtDesk' }
  if (flow === 'return') return { title: 'checkedIn', line: 'welcomeBack' }
  return { title: late ? 'checkedInLate' : 'checkedIn', line: 'goToClass' }
}

/** "Amara" of "Amara O." */
export function forenameOf(name: string): string {
  return name.replace(/\s+\p{L}\.$/u, '') || name
}
