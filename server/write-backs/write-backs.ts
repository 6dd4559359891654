/**
 * The ledger of marks owed. `owe` is its one verb for the rest of the house; a row is in exactly one state, each
 * move goes through `move`, which knows only the legal ones and writes the history.
 */
import type { WriteBack, WriteBackState } from '../../shared/attendance.ts'
import { causeOf } from '../../shared/causes.ts'
import type { Session } from '../../shared/values.ts'
import type { App } from '../app.ts'
import type { Db, Tx } from '../core/db/db.ts'
import { wake } from '../core/db/db.ts'
import { AppError, conflict, notFound } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { withdraw } from '../notices/notices.ts'
import { getSite, requireMis } from '../sites/sites.ts'
import * as checks from './checks.store.ts'
import { type ConflictRule, decideRecall, type MarkCause, type Situation } from './precedence.ts'
import { isEnd, legalMoves, needsPerson } from './states.ts'
import * as store from './store.ts'

export { countNeeding, listOfDay, listOfDay as ofDay } from './store.ts'
export type WriteBackRow = store.WriteBackRow

export type Owed = {
  movementId: string | null
  personId: string
  studentMisId: string | null
  date: string
  session: Session | null
  code: string | null
  minutesLate: number | null
  comment: string | null
  intent: store.WriteBackTable['intent']
  situation: Situation | null
  conflictRule: ConflictRule
  happenedAt: Date
  dayEndsAt: Date
  start: WriteBackState
  causeCode: MarkCause | null
  note?: string
}

/** Moves a row, or throws where the move is not legal. False: another was quicker, and nothing was done. */
export async function move(
  tx: Tx,
  row: Pick<WriteBackRow, 'id' | 'state'>,
  to: WriteBackState,
  at: Date,
  note: string,
  set: Omit<store.Change, 'state'> = {},
): Promise<boolean> {
  if (!legalMoves[row.state].includes(to))
    throw new Error(`a write-back may not go from ${row.state} to ${to}`)
  const ended = isEnd(to) || (needsPerson(to) && to !== 'unconfirmed')
  const changed = await store.changeWriteBack(tx, row.id, row.state, {
    ...(ended ? { due_at: null, lease_until: null } : {}),
    cause: null,
    ...set,
    state: to,
  })
  if (!changed) return false
  await store.insertEvent(tx, { write_back_id: row.id, at, from_state: row.state, to_state: to, note })
  wake(tx, 'changed', `${tx.siteId}:write-backs`)
  return true
}

/** Takes the place of what is not at an end for this key. What is on its way ends first, and then gives way. */
export async function supersede(tx: Tx, key: store.MarkKey, at: Date): Promise<void> {
  for (const row of await store.lockSupersedable(tx, key))
    await move(tx, row, 'superseded', at, 'A newer movement took its place.')
}

/** Enters a mark owed, in the transaction of its movement; one that waits is due now. Returns its id. */
export async function owe(tx: Tx, owed: Owed, now: Date, id = newId(now.getTime())): Promise<string> {
  const key = { person_id: owed.personId, date: owed.date, session: owed.session }
  if (owed.start !== 'not-required' && owed.session !== null) await supersede(tx, key, now)
  const cause = owed.causeCode === null ? null : causeOf(owed.causeCode)
  await store.insertWriteBack(tx, {
    id,
    movement_id: owed.movementId,
    person_id: owed.personId,
    student_mis_id: owed.studentMisId,
    date: owed.date,
    session: owed.session,
    code: owed.code,
    minutes_late: owed.minutesLate,
    comment: owed.comment,
    intent: owed.intent,
    situation: owed.situation,
    on_conflict: owed.conflictRule,
    happened_at: owed.happenedAt,
    state: owed.start,
    cause,
    owed_at: now,
    day_ends_at: owed.dayEndsAt,
    due_at: owed.start === 'waiting' ? now : null,
  })
  await store.insertEvent(tx, {
    write_back_id: id,
    at: now,
    from_state: null,
    to_state: owed.start,
    note: owed.note ?? cause?.message ?? 'Owed.',
  })
  wake(tx, 'changed', `${tx.siteId}:write-backs`)
  if (owed.start === 'waiting') wake(tx, 'marks', tx.siteId)
  return id
}

/** States in which a mark of ours is, or may be, in the register. */
const goneOut = new Set<WriteBackState>(['sending', 'sent', 'confirmed', 'unconfirmed'])
export const hasGone = (row: Pick<WriteBackRow, 'state' | 'sent_at'>) =>
  goneOut.has(row.state) || (row.sent_at !== null && row.state !== 'refused')

/**
 * Nothing is owed any more for the mark of a row. Unsent it only gives way; sent, what stood before it is put back
 * or a person is asked. Returns how many rows were entered for that (0 or 1).
 */
export async function takeBack(
  tx: Tx,
  {
    row,
    movementId,
    happenedAt,
    dayEndsAt,
    now,
  }: { row: WriteBackRow; movementId: string | null; happenedAt: Date; dayEndsAt: Date; now: Date },
): Promise<number> {
  if (!hasGone(row)) {
    await supersede(tx, row, now)
    return 0
  }
  const dayOver = now >= dayEndsAt
  await owe(
    tx,
    {
      ...{
        movementId,
        personId: row.person_id,
        studentMisId: row.student_mis_id,
        date: row.date,
        session: row.session,
      },
      ...{ code: null, minutesLate: null, comment: null, intent: 'void' as const, situation: null },
      ...{ conflictRule: row.on_conflict, happenedAt, dayEndsAt },
      ...(dayOver
        ? { start: 'held' as const, causeCode: 'attendance.day_over' as const }
        : {
            start: 'waiting' as const,
            causeCode: null,
            note: 'Our mark is to go: what stood before it is put back.',
          }),
    },
    now,
  )
  return 1
}

/** Owes looks for the office's sake, in the transaction of their movement (attendance §5, signs i and †). */
export async function oweChecks(tx: Tx, owed: readonly Omit<checks.NewCheck, 'id'>[]): Promise<void> {
  if (owed.length === 0) return
  await checks.insertChecks(
    tx,
    owed.map((check) => ({ ...check, id: newId(check.made_at.getTime()) })),
  )
  wake(tx, 'marks', tx.siteId)
}

/** A movement that was put right or withdrawn: nothing is looked for, and what was told is settled. */
export async function dropChecks(tx: Tx, movementId: string, now: Date): Promise<void> {
  await checks.deleteChecks(tx, { movementId })
  await withdraw(tx, movementId, now)
}

type Recall = {
  key: store.MarkKey
  /** of the newest mark that an earlier leave owes for the key; null: none */
  state: WriteBackState | null
  movementId: string
  studentMisId: string | null
  code: string | null
  comment: string | null
  conflictRule: ConflictRule
  happenedAt: Date
  dayEndsAt: Date
  now: Date
}

/** A return overtakes the mark that an earlier leave of the day owes for a later session (attendance §4). */
export async function recall(tx: Tx, given: Recall): Promise<void> {
  const { key, now, dayEndsAt } = given
  const what = decideRecall(given.state, given.code, now >= dayEndsAt)
  if (what === 'nothing') return
  if (what === 'supersede') return await supersede(tx, key, now)
  const ask = what === 'ask'
  await owe(
    tx,
    {
      ...{ movementId: given.movementId, personId: key.person_id, studentMisId: given.studentMisId },
      ...{ date: key.date, session: key.session, code: ask ? null : given.code, minutesLate: null },
      ...{ comment: ask ? null : given.comment, intent: 'mark' as const, situation: 'R' as const },
      ...{ conflictRule: given.conflictRule, happenedAt: given.happenedAt, dayEndsAt },
      ...(ask
        ? { start: 'conflict' as const, causeCode: 'attendance.cannot_clear' as const }
        : what === 'hold'
          ? { start: 'held' as const, causeCode: 'attendance.day_over' as const }
          : { start: 'waiting' as const, causeCode: null }),
    },
    now,
  )
}

const iso = (at: Date | null) => at?.toISOString() ?? null

function presentRow(row: WriteBackRow, events: store.EventRow[]): WriteBack {
  return {
    id: row.id,
    state: row.state,
    needsPerson: needsPerson(row.state),
    cause: row.cause,
    person: row.person_id,
    movement: row.movement_id,
    date: row.date,
    session: row.session,
    code: row.code,
    minutesLate: row.minutes_late,
    comment: row.comment,
    attempts: row.attempts,
    receipt: row.receipt,
    provider: row.provider,
    owedAt: row.owed_at.toISOString(),
    sentAt: iso(row.sent_at),
    confirmedAt: iso(row.confirmed_at),
    history: events.map((event) => ({
      at: event.at.toISOString(),
      from: event.from_state,
      to: event.to_state,
      note: event.note,
    })),
  }
}

/** Rows as the API gives them, each with its history. */
export async function present(db: Db, rows: readonly WriteBackRow[]): Promise<WriteBack[]> {
  const events = Map.groupBy(
    await store.listEvents(
      db,
      rows.map((row) => row.id),
    ),
    (event) => event.write_back_id,
  )
  return rows.map((row) => presentRow(row, events.get(row.id) ?? []))
}

export async function getWriteBack(db: Db, id: string): Promise<WriteBack> {
  const row = await store.findWriteBack(db, id)
  if (row === undefined) throw notFound('write-back')
  return (await present(db, [row]))[0]!
}

export async function ofMovements(db: Db, movementIds: readonly string[]): Promise<Map<string, WriteBack[]>> {
  return Map.groupBy(await present(db, await store.listOfMovements(db, movementIds)), (row) => row.movement!)
}

async function lockForPerson(tx: Tx, id: string): Promise<WriteBackRow> {
  const row = await store.lockWriteBack(tx, id)
  if (row === undefined) throw notFound('write-back')
  if (isEnd(row.state))
    throw conflict('write_back.ended', `This mark is at an end (${row.state}); there is nothing left to do.`)
  if (row.state === 'sending')
    throw conflict('write_back.on_its_way', 'This mark is on its way at this moment. Try again in a minute.')
  return row
}

function requireSendable(row: WriteBackRow): void {
  if (row.code === null || row.session === null)
    throw new AppError(
      422,
      'write_back.nothing_to_send',
      'as: there is no mark of ours to send. Put the register right in the MIS, then answer entered-by-hand.',
      { fields: { as: 'there is no mark of ours to send' } },
    )
}

/** A person sends it again, also after its school day; what stands in the MIS is looked at first. */
export async function resend(app: App, siteId: string, id: string, by: string): Promise<WriteBack> {
  return await app.db.write(siteId, async (tx) => {
    const now = app.clock.now()
    const row = await lockForPerson(tx, id)
    if (row.state === 'sent')
      throw conflict('write_back.on_its_way', 'This mark was sent and is being looked for.')
    requireSendable(row)
    requireMis(await getSite(tx, siteId), now)
    if (row.state === 'waiting') {
      await store.changeWriteBack(tx, id, 'waiting', { due_at: now })
      wake(tx, 'marks', siteId)
    } else await backToWaiting(tx, row, now, `Sent again by ${by}.`, false)
    return await getWriteBack(tx, id)
  })
}

async function backToWaiting(
  tx: Tx,
  row: WriteBackRow,
  now: Date,
  note: string,
  overTheirs: boolean,
): Promise<void> {
  // Two of one mark never wait at once: of those a newer movement owes, that one stays.
  const others = (await store.lockSupersedable(tx, row)).filter((other) => other.id !== row.id)
  if (others.some((other) => other.n > row.n))
    throw conflict('write_back.newer', 'A newer mark is owed for this student and session. Settle that one.')
  for (const other of others) await move(tx, other, 'superseded', now, note)
  await move(tx, row, 'waiting', now, note, {
    due_at: now,
    after_day: true,
    over_theirs: overTheirs || row.over_theirs,
    // Seen in the MIS already, an answer once lost is not sent a second time.
    unknown_results: row.state === 'unconfirmed' ? 1 : 0,
    look_after: null,
  })
  wake(tx, 'marks', tx.siteId)
}

export type Resolution = 'keep-theirs' | 'use-ours' | 'entered-by-hand'

/** A person settles it; how stands in the history. */
export async function resolve(
  app: App,
  siteId: string,
  id: string,
  as: Resolution,
  by: string,
): Promise<WriteBack> {
  return await app.db.write(siteId, async (tx) => {
    const now = app.clock.now()
    const row = await lockForPerson(tx, id)
    if (as === 'use-ours') {
      requireSendable(row)
      requireMis(await getSite(tx, siteId), now)
      if (row.state === 'sent')
        throw conflict('write_back.on_its_way', 'Ours was sent and is being looked for.')
      if (row.state === 'waiting') {
        await store.changeWriteBack(tx, id, 'waiting', { due_at: now, over_theirs: true, after_day: true })
        wake(tx, 'marks', siteId)
      } else await backToWaiting(tx, row, now, `Ours is used, by ${by}.`, true)
    } else {
      const how = as === 'keep-theirs' ? 'Theirs was kept' : 'Entered in the MIS by hand'
      await move(tx, row, 'resolved', now, `${how}, by ${by}.`)
    }
    return await getWriteBack(tx, id)
  })
}
