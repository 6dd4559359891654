/**
 * Late arrivals, early leaves and returns. A movement, the marks it owes and their due time are one transaction; what
 * is said twice is done once.
 */
import { createHash } from 'node:crypto'
import type { Movement, MovementType, WriteBack } from '../../shared/attendance.ts'
import type { App } from '../app.ts'
import type { Db, Tx } from '../core/db/db.ts'
import { lockFor } from '../core/db/db.ts'
import { AppError, notFound } from '../core/errors.ts'
import { asId } from '../core/ids.ts'
import { findConnection } from '../mis-link/link.ts'
import { findPerson, type PersonRow } from '../people/people.ts'
import * as log from '../presence/presence.ts'
import { getSite } from '../sites/sites.ts'
import * as ledger from '../write-backs/write-backs.ts'
import { backTimeOf } from './back.ts'
import {
  type Desk,
  decide,
  enter,
  type Entry,
  idUsed,
  marking,
  owe,
  recall,
  type Source,
  tellOffice,
  timeOf,
} from './entry.ts'
import { pickReason } from './reasons.ts'

export type Command = {
  id: string
  type: MovementType
  person: string
  reason?: string | { text: string } | null | undefined
  happenedAt: string
  answers?: Record<string, string> | null | undefined
  note?: string | null | undefined
  expectedBackAt?: string | null | undefined
}

export async function present(db: Db, rows: readonly log.MovementRow[]): Promise<Movement[]> {
  const marks = await ledger.ofMovements(
    db,
    rows.map((row) => row.id),
  )
  return rows.map((row) => presentOne(row, marks.get(row.id) ?? []))
}

function presentOne(row: log.MovementRow, writeBacks: WriteBack[]): Movement {
  return {
    id: row.id,
    type: row.type,
    person: row.person_id,
    happenedAt: row.happened_at.toISOString(),
    receivedAt: row.received_at.toISOString(),
    timeUncertain: row.time_uncertain,
    date: row.date,
    session: row.session,
    minutesLate: row.minutes_late,
    reason: row.reason_id,
    reasonText: row.reason_name,
    note: row.note,
    expectedBackAt: row.expected_back_at?.toISOString() ?? null,
    corrects: row.corrects,
    correctedBy: row.corrected_by,
    void: row.voids,
    writeBacks,
  }
}

export async function getMovement(db: Db, id: string): Promise<Movement> {
  const known = asId(id)
  const row = known === null ? undefined : await log.findMovement(db, known)
  if (row === undefined) throw notFound('movement')
  return (await present(db, [row]))[0]!
}

function printOf(command: Command): Buffer {
  const { id, type, person, reason, happenedAt, answers, note, expectedBackAt: back } = command
  const said = [
    id,
    type,
    person.toLowerCase(),
    reason ?? null,
    new Date(happenedAt).getTime(),
    answers ?? null,
    note ?? null,
    ...(back === null || back === undefined ? [] : [new Date(back).getTime()]),
  ]
  return createHash('sha256').update(JSON.stringify(said)).digest()
}

/** Enters a movement. The same again: as it is now, and `created` false; the same id with another body: 409. */
export async function recordMovement(
  app: App,
  siteId: string,
  command: Command,
  source: Source,
): Promise<{ movement: Movement; created: boolean }> {
  const print = printOf(command)
  return await app.db.write(
    siteId,
    (tx) => recordOnce(tx, app.clock.now(), command, source, print),
    lockOf(command.person.toLowerCase()),
  )
}

/** One at a time for a person. */
const lockOf = (person: string) => `movement:${person}`

async function recordOnce(
  tx: Tx,
  now: Date,
  command: Command,
  source: Source,
  print: Buffer,
): Promise<{ movement: Movement; created: boolean }> {
  const [first, site, person, connection] = await Promise.all([
    log.findMovement(tx, command.id),
    getSite(tx, tx.siteId),
    findGiven(tx, command.person),
    marking.has(command.type) ? findConnection(tx) : undefined,
  ])
  if (first !== undefined) {
    if (!first.request.equals(print)) throw idUsed()
    return { movement: (await present(tx, [first]))[0]!, created: false }
  }
  if (person === undefined) throw unknownPerson()
  // Asked for by the id of a record that was merged: one at a time with those who know the new one.
  if (person.id !== command.person.toLowerCase()) await lockFor(tx, lockOf(person.id))
  const picked = await pickReason(tx, site, command.type, command.reason, source.kind === 'kiosk')
  const { happenedAt, uncertain } = timeOf(command.happenedAt, now, source)
  const entry: Entry = {
    ...{ id: command.id, type: command.type, happenedAt, uncertain, picked, print },
    ...{
      answers: command.answers ?? null,
      note: command.note?.trim() || null,
      by: source.by,
      corrects: null,
    },
    expectedBackAt: backTimeOf(
      command.expectedBackAt,
      { type: command.type, happenedAt },
      site,
      source.kind === 'kiosk',
    ),
  }
  const desk: Desk = { site, person, connection, now }
  const decision = await decide(tx, desk, entry)
  const row = await enter(tx, desk, entry, decision)
  if (!marking.has(entry.type)) return { movement: presentOne(row, []), created: true }
  for (const owed of decision.owed) await owe(tx, desk, entry, owed, 'mark')
  if (command.type === 'return') await recall(tx, desk, entry, decision)
  await tellOffice(tx, desk, entry, decision)
  return { movement: (await present(tx, [row]))[0]!, created: true }
}

async function findGiven(tx: Tx, person: string): Promise<PersonRow | undefined> {
  const id = asId(person)
  return id === null ? undefined : await findPerson(tx, id)
}

const unknownPerson = () =>
  new AppError(404, 'attendance.unknown_person', 'person: there is nobody with this id at this site', {
    fields: { person: 'there is nobody with this id at this site' },
  })
