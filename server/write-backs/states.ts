/** The life of a write-back (contract §3.5): every move that is legal stands here, and no other is made. Pure. */
import type { WriteBackState } from '../../shared/attendance.ts'

export const legalMoves: Readonly<Record<WriteBackState, readonly WriteBackState[]>> = {
  waiting: [
    'sending',
    'confirmed',
    'unconfirmed',
    'conflict',
    'held',
    'not-required',
    'superseded',
    'resolved',
  ],
  sending: ['sent', 'waiting', 'refused', 'held', 'unconfirmed', 'superseded'],
  sent: ['confirmed', 'unconfirmed', 'refused', 'conflict', 'superseded', 'resolved'],
  unconfirmed: ['confirmed', 'waiting', 'refused', 'conflict', 'superseded', 'resolved'],
  refused: ['waiting', 'superseded', 'resolved'],
  conflict: ['waiting', 'superseded', 'resolved'],
  held: ['waiting', 'not-required', 'superseded', 'resolved'],
  confirmed: [],
  'not-required': [],
  superseded: [],
  resolved: [],
}

export const needsPersonStates = [
  'unconfirmed',
  'refused',
  'conflict',
  'held',
] as const satisfies readonly WriteBackState[]

export function needsPerson(state: WriteBackState): boolean {
  return (needsPersonStates as readonly WriteBackState[]).includes(state)
}

/** At an end: nothing moves it any more, neither by itself nor by a person. */
export function isEnd(state: WriteBackState): boolean {
  return legalMoves[state].length === 0
}

/** What a newer intention for the same student, date and session takes the place of. One on its way ends first. */
export const supersedable = [
  'waiting',
  'sent',
  'unconfirmed',
  'refused',
  'conflict',
  'held',
] as const satisfies readonly WriteBackState[]

/** Seconds after sending at which a mark is looked for; then hourly (contract §3.5 Looking). */
const lookAfterSeconds = [1, 3, 10, 30, 60, 300, 900, 3600] as const
const unconfirmedForDays = 7

/** When to look next for a mark sent then and now looked for; null: it is looked for no more. */
export function nextLook(sentAt: Date, now: Date): Date | null {
  const elapsed = (now.getTime() - sentAt.getTime()) / 1000
  if (elapsed > unconfirmedForDays * 86_400) return null
  const next = lookAfterSeconds.find((seconds) => seconds > elapsed)
  return new Date(sentAt.getTime() + (next ?? (Math.floor(elapsed / 3600) + 1) * 3600) * 1000)
}
