/** Movements put right or withdrawn: always by a new one, and the mark is put right or a person is asked. */
import { createHash } from 'node:crypto'
import type { Movement, MovementType } from '../../shared/attendance.ts'
import type { App } from '../app.ts'
import type { Tx } from '../core/db/db.ts'
import { lockFor } from '../core/db/db.ts'
import { conflict, notFound } from '../core/errors.ts'
import { asId } from '../core/ids.ts'
import { findConnection } from '../mis-link/link.ts'
import { findPerson } from '../people/people.ts'
import * as log from '../presence/presence.ts'
import { getSite } from '../sites/sites.ts'
import * as ledger from '../write-backs/write-backs.ts'
import {
  dayEnd,
  decide,
  type Desk,
  enter,
  type Entry,
  marking,
  owe,
  recall,
  tellOffice,
  timeOf,
} from './entry.ts'
import { backTimeOf } from './back.ts'
import { getMovement } from './movements.ts'
import { pickReason } from './reasons.ts'

export type Correction = {
  type?: MovementType | undefined
  reason?: string | { text: string } | null | undefined
  happenedAt?: string | undefined
  expectedBackAt?: string | null | undefined
  void?: true | undefined
}

/** Puts a movement right by a new one; its marks are decided again, or a person is asked (attendance §5). */
export async function correctMovement(
  app: App,
  siteId: string,
  { id, newId, by }: { id: string; newId: string; by: string },
  correction: Correction,
): Promise<Movement> {
  return await app.db.write(siteId, async (tx) => {
    const known = asId(id)
    const seen = known === null ? undefined : await log.findMovement(tx, known)
    if (seen === undefined) throw notFound('movement')
    await lockFor(tx, `movement:${seen.person_id}`)
    const repeat = await log.findMovement(tx, newId)
    if (repeat !== undefined) return await getMovement(tx, newId)
    const wrong = (await log.findMovement(tx, seen.id))!
    if (wrong.corrected_by !== null || wrong.voids)
      throw conflict(
        'attendance.corrected',
        'This movement was corrected or withdrawn already. Correct the newest one.',
      )
    const site = await getSite(tx, siteId)
    const now = app.clock.now()
    const person = (await findPerson(tx, wrong.person_id))!
    const desk: Desk = { site, person, connection: await findConnection(tx), now }
    const entry = await corrected(tx, desk, wrong, { newId, by }, correction)
    await ledger.dropChecks(tx, wrong.id, now)
    if (correction.void === true) await enterVoid(tx, desk, entry, wrong)
    else await enterCorrection(tx, desk, entry, wrong)
    return await getMovement(tx, newId)
  })
}

async function corrected(
  tx: Tx,
  { site, now }: Desk,
  wrong: log.MovementRow,
  { newId, by }: { newId: string; by: string },
  given: Correction,
): Promise<Entry> {
  const type = given.type ?? wrong.type
  const happenedAt =
    given.happenedAt === undefined
      ? wrong.happened_at
      : timeOf(given.happenedAt, now, { kind: 'person', by }).happenedAt
  const kept = wrong.reason_id ?? (wrong.reason_name === null ? null : { text: wrong.reason_name })
  const reason = given.reason === undefined ? kept : given.reason
  // A withdrawn movement keeps the words it had; nothing is looked up for it.
  const picked =
    given.void === true
      ? { id: wrong.reason_id, name: wrong.reason_name ?? '', reason: null, onConflict: 'site' as const }
      : await pickReason(tx, site, type, reason, given.reason === undefined)
  const backAt =
    given.expectedBackAt === undefined ? wrong.expected_back_at?.toISOString() : given.expectedBackAt
  // What was said before and cannot be any more goes without a word; what is said now is checked.
  const expectedBackAt = backTimeOf(backAt, { type, happenedAt }, site, given.expectedBackAt === undefined)
  const said = [
    wrong.id,
    type,
    reason,
    happenedAt.getTime(),
    given.void ?? false,
    expectedBackAt?.getTime() ?? null,
  ]
  return {
    ...{
      id: newId,
      type,
      happenedAt,
      picked,
      by,
      corrects: wrong.id,
      note: wrong.note,
      answers: wrong.answers,
    },
    expectedBackAt,
    uncertain: wrong.time_uncertain && given.happenedAt === undefined,
    print: createHash('sha256').update(JSON.stringify(said)).digest(),
  }
}

async function enterVoid(tx: Tx, desk: Desk, entry: Entry, wrong: log.MovementRow): Promise<void> {
  await enter(
    tx,
    desk,
    entry,
    { date: wrong.date, session: wrong.session, minutesLate: wrong.minutes_late },
    true,
  )
  const owed = await takeBack(tx, desk, entry, wrong, [])
  if (owed > 0 || !marking.has(entry.type)) return
  const nothing = { session: wrong.session, situation: null, code: null, minutesLate: null, comment: null }
  const why = { start: 'not-required', causeCode: 'attendance.withdrawn' } as const
  await owe(tx, desk, entry, { date: wrong.date, ...nothing, ...why }, 'correction')
}

async function enterCorrection(tx: Tx, desk: Desk, entry: Entry, wrong: log.MovementRow): Promise<void> {
  const decision = await decide(tx, desk, entry)
  await enter(tx, desk, entry, decision)
  const kept = decision.owed.filter((owed) => owed.start !== 'not-required' && owed.session !== null)
  await takeBack(
    tx,
    desk,
    entry,
    wrong,
    kept.map((owed) => `${owed.date} ${owed.session}`),
  )
  for (const owed of decision.owed) await owe(tx, desk, entry, owed, 'correction')
  if (entry.type === 'return') await recall(tx, desk, entry, decision)
  await tellOffice(tx, desk, entry, decision)
}

/** Marks of the wrong movement that nothing newer is owed for: those unsent go, for those sent a way back is found. */
async function takeBack(
  tx: Tx,
  desk: Desk,
  entry: Entry,
  wrong: log.MovementRow,
  kept: readonly string[],
): Promise<number> {
  const rows = (await ledger.ofDay(tx, wrong.person_id, wrong.date)).filter(
    (row) =>
      row.movement_id === wrong.id && row.session !== null && !kept.includes(`${row.date} ${row.session}`),
  )
  let owed = 0
  for (const row of rows)
    owed += await ledger.takeBack(tx, {
      row,
      movementId: entry.id,
      happenedAt: entry.happenedAt,
      dayEndsAt: dayEnd(desk.site, row.date),
      now: desk.now,
    })
  return owed
}
