/** What became of a mark, in words for the office, and what can be done about it. Pure. */
import type { Movement, MovementType, WriteBack } from '../../../shared/attendance.ts'
import { markLooks } from '../../ui/states.ts'
import { clock } from '../../ui/time.ts'

/** Of several rows the one that matters most: a person first, then what moves, then what is done. */
const attention: WriteBack['state'][] = [
  ...(['conflict', 'refused', 'unconfirmed', 'held'] as const),
  ...(['waiting', 'sending', 'sent'] as const),
  ...(['confirmed', 'resolved', 'not-required', 'superseded'] as const),
]
export function markOf(movement: Movement): WriteBack | undefined {
  return movement.writeBacks.toSorted((a, b) => attention.indexOf(a.state) - attention.indexOf(b.state))[0]
}

/** A mark of ours that the register owes or has; what was replaced, or never owed, is none. */
export const isOwed = (mark: WriteBack) =>
  mark.code !== null && mark.state !== 'not-required' && mark.state !== 'superseded'

const namedIn = (text: string, mis: string) => text.replace(/\b[Tt]he MIS\b/g, mis)

const did: Record<MovementType, string> = {
  'late-arrival': 'came in',
  'early-leave': 'left',
  return: 'came back',
  'check-in': 'came in',
  'check-out': 'left',
  offsite: 'went off site',
}

/** "in at 09:03", "left at 14:25" */
export function movedAt(movement: Movement | null, zone: string): string {
  if (movement === null) return 'test mark'
  const word = movement.type === 'late-arrival' || movement.type === 'check-in' ? 'in' : did[movement.type]
  return `${word} at ${clock(movement.happenedAt, zone)}`
}

/** What the office does: its words on the list of the day. */
export const movementWords: Record<MovementType, string> = {
  'late-arrival': 'Late arrival',
  'early-leave': 'Leaving early',
  return: 'Coming back',
  'check-in': 'Checked in',
  'check-out': 'Checked out',
  offsite: 'Off site',
}

/** The code that stands in the MIS instead, as the last note of the history names it. */
export function theirCode(mark: WriteBack): string | null {
  if (mark.state !== 'conflict') return null
  return /(\S{1,3}) stands in the MIS/.exec(mark.history.at(-1)?.note ?? '')?.[1] ?? null
}

/** What the ledger notes in few words, in more of them for the office; of a mark that was sent again, which try. */
const noted: Record<string, (mis: string, tries: number) => string> = {
  'Owed.': (mis) => `${mis} is to have this mark.`,
  'Sending.': (_mis, tries) => (tries < 2 ? 'First try.' : `Try number ${tries}.`),
  'The provider has it.': (mis) =>
    `Wonde has it. That isn’t yet the same as being in ${mis}, so we go and look.`,
  'Seen in the school’s marks.': (mis) => `${mis} shows it. Done.`,
  'Not seen in the school’s marks within the stated time.': (mis) =>
    `${mis} did not show it in the time that is set for it.`,
  'No code is owed.': () => 'There is no code to send.',
  'The token is not accepted any more.': (mis) => `Our key to ${mis} is refused.`,
}

export function noteInWords(note: string, mis: string, tries: number): string {
  const replaced = note.replace('A newer movement took its place.', 'What was entered later counts instead.')
  return noted[note]?.(mis, tries) ?? namedIn(replaced, mis)
}

type Told = { mark: WriteBack; movement: Movement | null; name: string; mis: string; zone: string }

/** What happened, and what it means. What to do stands in the buttons, or in the words after it. */
export function whatHappened(
  { mark, movement, name, mis, zone }: Told,
  meaning?: (code: string) => string | undefined,
) {
  const first = name.split(' ')[0] ?? name
  const why = (of: Movement | null) =>
    of === null ? 'A test mark was asked for' : `${first} ${did[of.type]} at ${clock(of.happenedAt, zone)}`
  const theirs = theirCode(mark)
  const words = mark.cause === null ? '' : namedIn(`${mark.cause.message} ${mark.cause.fix}`, mis)
  switch (mark.state) {
    case 'conflict':
      if (theirs === null || mark.code === null) return words
      return `${mis} shows ${theirs}${described(meaning?.(theirs))}. ${why(movement)}, so ours is ${mark.code}. We don’t write over another person’s mark unless you say so.`
    case 'refused': {
      const said = mark.history.at(-1)?.note.replace(/[.\s]+$/, '') ?? ''
      return `${mis} refused this mark: “${said}.” ${namedIn(mark.cause?.fix ?? '', mis)}`
    }
    case 'unconfirmed': {
      const sent = mark.sentAt === null ? 'It was sent' : `It was sent at ${clock(mark.sentAt, zone)}`
      return `${sent}, and at ${clock(mark.history.at(-1)?.at ?? mark.owedAt, zone)} ${mis} did not show it. Look in ${mis}; if it isn’t there, enter it by hand.`
    }
    default:
      return words
  }
}

const described = (meaning: string | undefined) => (meaning ? `, ${meaning.toLowerCase()}` : '')

/** The words after the pill on one mark's slip. */
export function beneath(mark: WriteBack, mis: string, zone: string): string | null {
  switch (mark.state) {
    case 'confirmed':
      return mark.confirmedAt === null ? null : `seen in ${mis} at ${clock(mark.confirmedAt, zone)}`
    case 'waiting':
      return mark.cause === null
        ? `Goes by itself when ${mis} answers.`
        : namedIn(`${mark.cause.message} ${mark.cause.fix}`, mis)
    case 'sent':
      return mark.cause === null
        ? `Wonde has it. We look for it in ${mis}.`
        : namedIn(`${mark.cause.message} ${mark.cause.fix}`, mis)
    case 'resolved':
      return mark.history.at(-1)?.note ?? null
    case 'not-required':
      return mark.cause === null ? null : namedIn(mark.cause.message, mis)
    default:
      return null
  }
}

export type Act = 'resend' | 'use-ours' | 'keep-theirs' | 'entered-by-hand'
export type Choice = { act: Act; label: string; many: string; code?: string; primary?: boolean }

/** What the office may do about a mark. Two marks that differ have no preferred answer (details.md §7 l). */
export function choicesFor(mark: WriteBack): Choice[] {
  const byHand: Choice = { act: 'entered-by-hand', label: 'I’ve entered it', many: 'I’ve entered them' }
  // Nothing of ours to send: a person puts the register right, and says so.
  if (mark.code === null) return mark.needsPerson ? [{ ...byHand, label: 'I’ve put it right' }] : []
  const theirs = theirCode(mark)
  switch (mark.state) {
    case 'conflict':
      return [
        { act: 'use-ours', label: 'Use ours', many: 'Use ours', code: mark.code },
        { act: 'keep-theirs', label: 'Keep theirs', many: 'Keep theirs', ...(theirs && { code: theirs }) },
      ]
    case 'refused':
      return [{ act: 'resend', label: 'Send again', many: 'Send again', primary: true }, byHand]
    case 'unconfirmed':
      return [{ act: 'resend', label: 'Look, then send again', many: 'Look, then send again' }, byHand]
    case 'held':
      return [{ act: 'resend', label: 'Send it now', many: 'Send now', primary: true }, byHand]
    default:
      return []
  }
}

/** A fix that lies on another page. */
export function fixPage(mark: WriteBack): { to: string; label: string } | null {
  switch (mark.cause?.code) {
    case 'attendance.reason_broken':
      return { to: 'settings/reasons', label: 'Fix the reason' }
    case 'attendance.link_cut':
      return { to: 'mis', label: 'Mend the link' }
    case 'attendance.not_in_mis_yet':
      return { to: 'mis/people', label: 'Who comes across' }
    default:
      return null
  }
}

/** Said when it is done. */
export function doneInWords(act: Act, mark: WriteBack): string {
  if (mark.state === 'resolved')
    return act === 'keep-theirs' ? 'Settled: theirs is kept.' : 'Settled: entered by hand.'
  return `${mark.code ?? 'The mark'} goes again: ${markLooks[mark.state].word.toLowerCase()}.`
}
