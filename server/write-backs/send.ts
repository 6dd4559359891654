/** One mark at a time: claim it under a lease in one transaction, send it outside of any, store what came of it. */
import { causeOf } from '../../shared/causes.ts'
import type { App } from '../app.ts'
import type { Tx } from '../core/db/db.ts'
import { wake } from '../core/db/db.ts'
import { type MarkToSend, type Mis, MisError } from '../mis/mis.ts'
import { addProved, type ConnectionRow, capabilitiesOf } from '../mis-link/link.ts'
import { findPerson } from '../people/people.ts'
import { getSite, misActive } from '../sites/sites.ts'
import { judgeWaiting, type Look, standingOf, type Verdict } from './judge.ts'
import type { Register } from './register.ts'
import { nextLook } from './states.ts'
import * as store from './store.ts'
import { tellOf } from './tell.ts'
import { disproveByTest, proveByTest } from './test-mark.ts'
import { answerLost } from './tidy.ts'
import { move, type WriteBackRow } from './write-backs.ts'

/** A POST gives up after 25 s, always before its lease ends (contract §5 Link). */
const leaseMs = 30_000

export type Desk = {
  app: App
  siteId: string
  timeZone: string
  mis: Mis
  connection: ConnectionRow
  register: Register
  readable: boolean
  /** The newest row known when this round's look began; what came in later waits for a look of its own. */
  upTo: number
  confirmWithinMs: number
  /** The MIS's id of a code that the school's list has now. */
  codeIds: ReadonlyMap<string, string>
}

/** What is known about a row before it goes. */
export async function lookFor(
  tx: Tx,
  desk: Desk,
  row: Pick<WriteBackRow, 'id' | 'person_id' | 'student_mis_id' | 'date' | 'session'>,
): Promise<Look> {
  const { register, readable } = desk
  const known = row.student_mis_id !== null && row.session !== null
  return {
    readable,
    seen: readable && known ? register.markOf(row.student_mis_id!, row.date, row.session!) : null,
    sentBefore: (await store.listSent(tx, row)).filter((other) => other.id !== row.id),
    now: desk.app.clock.now(),
    confirmWithinMs: desk.confirmWithinMs,
  }
}

/** Claims the next mark that should go; settles without sending those that should not. Null: none is left now. */
export async function claimNext(desk: Desk): Promise<{ row: WriteBackRow; mark: MarkToSend } | null> {
  const { app } = desk
  for (;;) {
    const step = await app.db.write(desk.siteId, async (tx) => {
      // Asked for each mark: a round may outlast the licence.
      if (!misActive(await getSite(tx, desk.siteId), app.clock.now())) return 'none' as const
      const row = await store.lockNextWaiting(tx, app.clock.now(), desk.upTo)
      if (row === undefined) return 'none' as const
      // A lost answer is only judged by a look from after it.
      const lookedOn = desk.register.lookedOn()
      if (row.look_after !== null && desk.readable && (lookedOn === null || lookedOn < row.look_after))
        return 'none' as const
      return await settleOrClaim(tx, desk, row)
    })
    if (step === 'none') return null
    if (step !== 'settled') return step
  }
}

async function settleOrClaim(
  tx: Tx,
  desk: Desk,
  row: WriteBackRow,
): Promise<'settled' | { row: WriteBackRow; mark: MarkToSend }> {
  const now = desk.app.clock.now()
  const settle = async (
    to: Exclude<Verdict['do'], 'send' | 'confirmed'>,
    code: Parameters<typeof causeOf>[0],
    note: string,
  ) => {
    const cause = code === 'attendance.their_mark' ? causeOf(code, note) : causeOf(code)
    await move(tx, row, to, now, note, {
      cause,
      ...(to === 'unconfirmed' ? { due_at: nextLook(row.sent_at ?? now, now) } : {}),
    })
    return 'settled' as const
  }
  const student = row.student_mis_id ?? (await findPerson(tx, row.person_id))?.mis_id ?? null
  if (row.session === null)
    return await settle('not-required', 'attendance.no_session', 'No registration runs at this time.')
  if (student === null)
    return await settle('held', 'attendance.not_in_mis_yet', 'The student is not in the MIS yet.')
  if (capabilitiesOf(desk.connection).sessionMark === 'no' && row.intent !== 'test' && !undoesTest(row))
    return await settle('not-required', 'attendance.mis_cannot_write', 'This MIS takes no marks from us.')
  const look = await lookFor(tx, desk, { ...row, student_mis_id: student })
  const verdict = judgeWaiting(row, look, now >= row.day_ends_at)
  if (verdict.do === 'confirmed') {
    await confirm(tx, desk, row, look, now)
    return 'settled'
  }
  if (verdict.do !== 'send') {
    const { situation, movement_id, session } = row
    if (situation !== null && movement_id !== null && verdict.causeCode === 'attendance.their_mark')
      await tellOf(tx, { timeZone: desk.timeZone, now }, { ...row, session, movement_id }, standingOf(look))
    return await settle(verdict.do, verdict.causeCode, verdict.note)
  }
  const codeId = desk.codeIds.get(verdict.code)
  if (codeId === undefined)
    return await settle(
      'held',
      'attendance.reason_broken',
      `The school’s list has no code ${verdict.code} now.`,
    )
  await move(tx, row, 'sending', now, row.attempts === 0 ? 'Sending.' : 'Sending again.', {
    code: verdict.code,
    student_mis_id: student,
    attempts: row.attempts + 1,
    stood: desk.readable ? { mark: look.seen } : null,
    look_after: null,
    lease_until: new Date(now.getTime() + leaseMs),
    due_at: new Date(now.getTime() + leaseMs),
  })
  const claimed = (await store.findWriteBack(tx, row.id))!
  return { row: claimed, mark: toMark(desk, claimed, student, codeId) }
}

/** What puts back what stood before a test mark. */
const undoesTest = (row: WriteBackRow) => row.intent === 'void' && row.movement_id === null

function toMark(desk: Desk, row: WriteBackRow, student: string, codeId: string): MarkToSend {
  const can = capabilitiesOf(desk.connection)
  const testing = row.intent === 'test'
  return {
    student,
    date: row.date,
    session: row.session!,
    codeId,
    comment: can.comment === 'no' && !testing ? null : row.comment,
    minutesLate: can.minutesLate === 'no' && !testing ? null : row.minutes_late,
    employee: null,
  }
}

export type Sent = { ok: true } | { ok: false; error: MisError }

/** Sends a claimed mark and stores what came of it. */
export async function sendOne(
  desk: Desk,
  { row, mark }: { row: WriteBackRow; mark: MarkToSend },
): Promise<Sent> {
  try {
    const { receipt } = await desk.mis.sendSessionMark(mark, {
      // Waiting for a turn is not part of the 25 s: what waited too long gives its lease back unsent.
      onStart: () => {
        if (desk.app.clock.now().getTime() > row.lease_until!.getTime() - 26_000)
          throw new MisError('unavailable', 'Waited too long for its turn.', { written: 'no' })
      },
    })
    await accepted(desk, row, receipt)
    return { ok: true }
  } catch (error) {
    if (!(error instanceof MisError)) throw error
    await refused(desk, row, error)
    return { ok: false, error }
  }
}

async function accepted(desk: Desk, row: WriteBackRow, receipt: string | null): Promise<void> {
  const { app } = desk
  await app.db.write(desk.siteId, async (tx) => {
    const now = app.clock.now()
    const checked = desk.readable ? null : causeOf('attendance.cannot_check')
    const sent = await move(tx, row, 'sent', now, 'The provider has it.', {
      receipt,
      provider: 'accepted',
      sent_at: now,
      lease_until: null,
      due_at: desk.readable || desk.connection.status_supported ? nextLook(now, now) : null,
      cause: checked,
    })
    if (!sent) return
    const standing = { ...row, state: 'sent' as const }
    if (await store.hasNewer(tx, row)) {
      await move(tx, standing, 'superseded', now, 'A newer movement took its place.')
      wake(tx, 'marks', desk.siteId)
    }
  })
}

/** Waits that grow, with jitter: about 2, 4, 8, 15, 20 s. */
export function backOffMs(failures: number): number {
  return Math.min(20_000, 1_000 * 2 ** Math.min(failures, 5)) * (0.75 + Math.random() / 2)
}

async function refused(desk: Desk, row: WriteBackRow, error: MisError): Promise<void> {
  const { app } = desk
  await app.db.write(desk.siteId, async (tx) => {
    const now = app.clock.now()
    if (error.written === 'unknown')
      return await answerLost(tx, row, now, `The answer was lost: ${error.message}`)
    if (error.kind === 'rejected') {
      const cause = causeOf('attendance.refused', error.words)
      await move(tx, row, 'refused', now, error.words ?? error.message, { cause })
      // Of a mark that is wrong in itself (400, 404, 422) nothing follows for others.
      if (row.intent === 'test' && error.status === 403) await disproveByTest(tx, desk.connection)
      return
    }
    if (await store.hasNewer(tx, row)) {
      await move(tx, row, 'superseded', now, 'Not sent. A newer movement took its place.')
      return
    }
    if (error.kind === 'unauthorised') {
      await move(tx, row, 'held', now, 'The token is not accepted any more.', {
        cause: causeOf('attendance.link_cut'),
      })
      return
    }
    const wait = error.retryAfterMs ?? backOffMs(row.attempts)
    await move(tx, row, 'waiting', now, error.message, {
      cause: causeOf('attendance.unreachable'),
      due_at: new Date(now.getTime() + wait),
      lease_until: null,
    })
  })
}

/** Seen in the school's own marks: the one way to `confirmed`. What it proves of the MIS is kept. */
export async function confirm(tx: Tx, desk: Desk, row: WriteBackRow, look: Look, now: Date): Promise<void> {
  const done = await move(tx, row, 'confirmed', now, 'Seen in the school’s marks.', {
    confirmed_at: now,
    sent_at: row.sent_at ?? now,
    seen: look.seen,
  })
  if (!done) return
  if (row.intent === 'test') return await proveByTest(tx, row, look.seen, now)
  const can = capabilitiesOf(desk.connection)
  const late = row.minutes_late ?? 0
  const shown = {
    ...(can.sessionMark === 'yes' ? {} : { sessionMark: 'yes' as const }),
    ...(can.minutesLate === 'unproven' && late > 0 && look.seen?.minutesLate === late
      ? { minutesLate: 'yes' as const }
      : {}),
    ...(can.comment === 'unproven' && row.comment !== null && look.seen?.comment === row.comment
      ? { comment: 'yes' as const }
      : {}),
  }
  if (Object.keys(shown).length === 0) return
  await addProved(tx, shown)
  wake(tx, 'changed', `${tx.siteId}:mis`)
}
