/** What a pupil can do at the kiosk now, and what the screens say of it (product.md §10.2, screens.md §5). */
import type { KioskHome } from '../../shared/kiosks.ts'

export type Flow = KioskHome['reasons'][number]['type']
export type Reason = KioskHome['reasons'][number]

const flows: Flow[] = ['late-arrival', 'early-leave', 'return']
const freshMs = 5 * 60_000

export function reasonsOf(home: KioskHome, flow: Flow): Reason[] {
  return home.reasons.filter((reason) => reason.type === flow)
}

/** Whether nobody can be late now, as far as we know: what the server said goes stale without a network. */
export function nobodyIsLate(home: KioskHome, now: number): boolean {
  return home.session === null && now - Date.parse(home.now) < freshMs
}

/** A flow is offered when the school has reasons for it on this screen; late only while somebody can be late. */
export function offered(home: KioskHome, now: number): Flow[] {
  return flows.filter(
    (flow) => reasonsOf(home, flow).length > 0 && !(flow === 'late-arrival' && nobodyIsLate(home, now)),
  )
}

/** What stands under "Students" on the welcome screen. */
export function studentsLine(home: KioskHome, now: number): string {
  const [first, ...more] = offered(home, now)
  if (first === 'late-arrival' && more.includes('early-leave')) return 'Late in, or leaving early'
  if (first === 'late-arrival') {
    if (nobodyIsLate(home, now) || home.session === null) return 'Late today'
    return home.session === 'AM' ? 'Late this morning' : 'Late this afternoon'
  }
  return first === 'early-leave' ? 'Leaving early' : 'Coming back'
}

export const choiceWords: Record<Flow, { tile: string; question: string }> = {
  'late-arrival': { tile: 'I’ve come in late', question: 'What made you late?' },
  'early-leave': { tile: 'I’m leaving early', question: 'Why are you leaving?' },
  return: { tile: 'I’m coming back', question: 'Where have you been?' },
}

/** The done screen. It never says that a mark has gone anywhere: nobody in a lobby can know (details.md §6 d). */
export function doneWords(flow: Flow, forename: string): { title: string; line: string } {
  if (flow === 'early-leave')
    return { title: 'Checked out,', line: `Thank you, ${forename}. Wait at the desk until you are let go.` }
  if (flow === 'return')
    return { title: 'Checked in,', line: `Welcome back, ${forename}. Go straight to class.` }
  return { title: 'Checked in late,', line: `Thank you, ${forename}. Go straight to class.` }
}

/** "Amara" of "Amara O." */
export function forenameOf(name: string): string {
  return name.replace(/\s+\p{L}+\.$/u, '') || name
}
