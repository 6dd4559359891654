/**
 * What to do next with one mark, given the link, what stands in the register and what our ledger sent. Pure; the
 * table behind it is precedence.ts.
 */
import type { CauseCode } from '../../shared/causes.ts'
import { isWithdrawn } from '../../shared/codes.ts'
import {
  type Before,
  decideCorrection,
  decideMark,
  decideVoid,
  judgeReading,
  type MarkDecision,
  type MarkValue,
  type Standing,
  type VoidDecision,
} from './precedence.ts'
import type { WriteBackRow } from './store.ts'

export type Look = {
  /** False: the school does not permit reading marks. */
  readable: boolean
  /** As read now; null: none. */
  seen: MarkValue | null
  /** What went out for this key before, oldest first; never the row itself. */
  sentBefore: readonly WriteBackRow[]
  now: Date
  confirmWithinMs: number
}

export type Verdict =
  | { do: 'send'; code: string }
  | { do: 'confirmed' }
  | { do: 'not-required' | 'conflict' | 'held' | 'unconfirmed'; causeCode: CauseCode; note: string }

const valueOf = (row: WriteBackRow): MarkValue => ({
  code: row.code ?? '',
  minutesLate: row.minutes_late,
  comment: row.comment,
})

/** What stood when it was sent; undefined where nobody could look. */
const stoodOf = (row: WriteBackRow): MarkValue | null | undefined =>
  row.stood === null ? undefined : row.stood.mark

/** What a reading says of a mark that went out. */
export function judgeSent(row: WriteBackRow, look: Look): 'confirmed' | 'not-yet' | 'conflict' {
  return judgeReading({
    sent: valueOf(row),
    stood: stoodOf(row),
    older: look.sentBefore.filter((other) => other.id !== row.id).map(valueOf),
    seen: look.seen,
  })
}

/**
 * What counts as standing: what was read, or our own last mark where the provider's copy is likely older than it.
 * What a void put back is a person's mark again.
 */
export function standingOf(look: Look): Standing {
  const last = look.sentBefore.at(-1)
  const code = look.seen?.code ?? null
  if (last === undefined || !look.readable) return { code, readable: look.readable, ours: false }
  const young = last.sent_at !== null && look.now.getTime() - last.sent_at.getTime() < look.confirmWithinMs
  const unseen =
    last.confirmed_at === null &&
    young &&
    judgeSent(last, { ...look, sentBefore: look.sentBefore.slice(0, -1) }) === 'not-yet'
  if (unseen) return { code: last.code, readable: true, ours: last.intent !== 'void' }
  return { code, readable: true, ours: code !== null && code === last.code && last.intent !== 'void' }
}

/** What stood before the first mark of ours for the key. */
function beforeOurs(look: Look): Before {
  const first = look.sentBefore[0]
  if (first === undefined) return undefined
  const stood = stoodOf(first)
  return stood === null ? null : stood?.code
}

/** A mark whose answer was lost: looked for before it is sent a second time, and never a third (contract §3.5 Once). */
function judgeUnknown(row: WriteBackRow & { code: string }, look: Look): Verdict {
  const lost = { do: 'unconfirmed', causeCode: 'attendance.not_seen' } as const
  if (!look.readable)
    return { ...lost, note: 'The answer was lost, and the school does not let us read marks.' }
  switch (judgeSent(row, look)) {
    case 'confirmed':
      return { do: 'confirmed' }
    case 'conflict':
      return {
        do: 'conflict',
        causeCode: 'attendance.their_mark',
        note: `${look.seen?.code} stands in the MIS.`,
      }
    case 'not-yet':
      if (row.unknown_results > 1)
        return { ...lost, note: 'Sent twice without an answer, and not seen in the MIS.' }
      return { do: 'send', code: row.code }
  }
}

/** For a waiting row that may go: its link, licence and day have been looked at. */
export function judgeWaiting(row: WriteBackRow, look: Look, dayOver: boolean): Verdict {
  if (row.intent === 'void' && row.code === null) {
    return fromVoid(
      decideVoid({ stands: standingOf(look), before: beforeOurs(look), dayOver: dayOver && !row.after_day }),
      look,
    )
  }
  if (row.code === null)
    return { do: 'not-required', causeCode: 'attendance.reason_without_mark', note: 'No code is owed.' }
  const owed = { ...row, code: row.code }
  if (row.unknown_results > 0) return judgeUnknown(owed, look)
  const stands = standingOf(look)
  if (row.intent === 'test' && !row.over_theirs) {
    if (!stands.readable)
      return {
        do: 'conflict',
        causeCode: 'attendance.cannot_look',
        note: 'The school does not let us read marks, so nothing can be tried.',
      }
    if (stands.code !== null && !isWithdrawn(stands.code))
      return { do: 'conflict', causeCode: 'attendance.their_mark', note: `${stands.code} stands in the MIS.` }
  }
  if (row.over_theirs || row.intent === 'void' || row.situation === null) {
    if (stands.readable && stands.code === row.code && !stands.ours)
      return { do: 'not-required', causeCode: 'attendance.same_mark', note: 'The same mark stands.' }
    return { do: 'send', code: row.code }
  }
  const last = look.sentBefore.at(-1)
  const input = {
    situation: row.situation,
    // A test mark says nothing of where the pupil is.
    stands: last?.intent === 'test' ? { ...stands, ours: false } : stands,
    owedCode: row.code,
    conflictRule: row.on_conflict,
    earlierThanOurs: last !== undefined && row.happened_at < last.happened_at,
  }
  const decision =
    row.intent === 'correction'
      ? decideCorrection({ ...input, owedMinutes: row.minutes_late, oursMinutes: last?.minutes_late ?? null })
      : decideMark(input)
  return fromMark(decision, row.code, stands)
}

function fromMark(decision: MarkDecision, code: string, stands: Standing): Verdict {
  const standsNow = stands.code === null ? '' : ` ${stands.code} stands in the MIS.`
  switch (decision.do) {
    case 'write':
      return { do: 'send', code }
    case 'not-required':
      return {
        do: 'not-required',
        causeCode: decision.causeCode,
        note: `${sentence(decision.why)}${standsNow}${decision.notice ? ' The office is told.' : ''}`,
      }
    case 'conflict':
      return { do: 'conflict', causeCode: decision.causeCode, note: `${sentence(decision.why)}${standsNow}` }
  }
}

function fromVoid(decision: VoidDecision, look: Look): Verdict {
  if (decision.do === 'write') return { do: 'send', code: decision.code }
  const standsNow = look.seen === null ? '' : ` ${look.seen.code} stands in the MIS.`
  return { do: decision.do, causeCode: decision.causeCode, note: `${sentence(decision.why)}${standsNow}` }
}

const sentence = (text: string) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
