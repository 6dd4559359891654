/**
 * Late arrivals, early leaves and returns, and how they are put right. A movement, the marks it owes and their due
 * time are one transaction; what is said twice is done once.
 */
import { createHash } from 'node:crypto'
import type { Movement, MovementType } from '../../shared/attendance.ts'
import { instantAt, localTime } from '../../shared/school-day.ts'
import type { Session } from '../../shared/values.ts'
import type { App } from '../app.ts'
import type { Db, Tx } from '../core/db/db.ts'
import { lockFor, wake } from '../core/db/db.ts'
import { AppError, conflict, invalid, notFound } from '../core/errors.ts'
import { asId } from '../core/ids.ts'
import { capabilitiesOf, type ConnectionRow, findConnection } from '../mis-link/link.ts'
import { findPerson, type PersonRow } from '../people/people.ts'
import * as log from '../presence/presence.ts'
import { getSite, misActive, type SiteRow } from '../sites/sites.ts'
import { type ConflictRule, conflictRuleOf } from '../write-backs/precedence.ts'
import * as ledger from '../write-backs/write-backs.ts'
import { type Picked, pickReason } from './reasons.ts'
import { type Decision, decideMovement, type OwedMark } from './rules.ts'

export type Command = {
  id: string
  type: MovementType
  person: string
  reason?: string | { text: string } | null | undefined
  happenedAt: string
  answers?: Record<string, string> | null | undefined
  note?: string | null | undefined
}
export type Source = { kind: 'kiosk' | 'person'; by: string }

const aheadMs = 2 * 60_000
const oldestMs = 7 * 86_400_000

export async function present(db: Db, rows: readonly log.MovementRow[]): Promise<Movement[]> {
  const marks = await ledger.ofMovements(
    db,
    rows.map((row) => row.id),
  )
  return rows.map((row) => ({
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
    corrects: row.corrects,
    correctedBy: row.corrected_by,
    void: row.voids,
    writeBacks: marks.get(row.id) ?? [],
  }))
}

export async function getMovement(db: Db, id: string): Promise<Movement> {
  const known = asId(id)
  const row = known === null ? undefined : await log.findMovement(db, known)
  if (row === undefined) throw notFound('movement')
  return (await present(db, [row]))[0]!
}

function printOf(command: Command): Buffer {
  const { id, type, person, reason, happenedAt, answers, note } = command
  const said = [
    id,
    type,
    person.toLowerCase(),
    reason ?? null,
    new Date(happenedAt).getTime(),
    answers ?? null,
    note ?? null,
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
  return await app.db.write(siteId, async (tx) => {
    await lockFor(tx, `movement:${command.person.toLowerCase()}`)
    const first = await log.findMovement(tx, command.id)
    if (first !== undefined) {
      if (!first.request.equals(print))
        throw conflict('attendance.id_used', 'id: was used for another movement. Take a new one.')
      return { movement: await getMovement(tx, command.id), created: false }
    }
    const site = await getSite(tx, siteId)
    const person = await knownPerson(tx, command.person)
    const now = app.clock.now()
    const { happenedAt, uncertain } = timeOf(command.happenedAt, now, source)
    const picked = await pickReason(tx, site, command.type, command.reason, source.kind === 'kiosk')
    const entry: Entry = {
      ...{ id: command.id, type: command.type, happenedAt, uncertain, picked, print },
      ...{
        answers: command.answers ?? null,
        note: command.note?.trim() || null,
        by: source.by,
        corrects: null,
      },
    }
    const desk = await openDesk(tx, site, person, now)
    const decision = await decide(tx, desk, entry)
    await enter(tx, desk, entry, decision)
    for (const owed of decision.owed) await owe(tx, desk, entry, owed, 'mark')
    if (command.type === 'return') await recall(tx, desk, entry, decision)
    return { movement: await getMovement(tx, command.id), created: true }
  })
}

async function knownPerson(tx: Tx, given: string): Promise<PersonRow> {
  const id = asId(given)
  const person = id === null ? undefined : await findPerson(tx, id)
  if (person === undefined)
    throw new AppError(
      404,
      'attendance.unknown_person',
      'person: there is nobody with this id at this site',
      {
        fields: { person: 'there is nobody with this id at this site' },
      },
    )
  return person
}

/** A kiosk's movement is never refused for its time: one from later than its receipt is taken as just now. */
function timeOf(given: string, now: Date, source: Source): { happenedAt: Date; uncertain: boolean } {
  const happenedAt = new Date(given)
  if (source.kind === 'kiosk') {
    const ahead = happenedAt > now
    return { happenedAt: ahead ? now : happenedAt, uncertain: ahead }
  }
  if (happenedAt.getTime() > now.getTime() + aheadMs)
    throw invalid('happenedAt', 'is more than two minutes ahead of now')
  if (happenedAt.getTime() < now.getTime() - oldestMs)
    throw invalid('happenedAt', 'is more than seven days ago')
  return { happenedAt, uncertain: false }
}

type Entry = {
  id: string
  type: MovementType
  happenedAt: Date
  uncertain: boolean
  picked: Picked | null
  answers: Record<string, string> | null
  note: string | null
  print: Buffer
  by: string
  corrects: string | null
}

type Desk = { site: SiteRow; person: PersonRow; connection: ConnectionRow | undefined; now: Date }

async function openDesk(tx: Tx, site: SiteRow, person: PersonRow, now: Date): Promise<Desk> {
  return { site, person, connection: await findConnection(tx), now }
}

/** A mark of an earlier arrival that stands, is on its way, or is already before a person. */
const arrivalCounts = new Set([
  'waiting',
  'sending',
  'sent',
  'confirmed',
  'unconfirmed',
  'conflict',
  'held',
  'resolved',
])

async function decide(tx: Tx, { site, person, connection, now }: Desk, entry: Entry): Promise<Decision> {
  const { date } = localTime(entry.happenedAt, site.time_zone)
  const movements = (await log.effectiveMovements(tx, person.id, date)).filter(
    (row) => row.id !== entry.corrects,
  )
  const input = {
    type: entry.type,
    happenedAt: entry.happenedAt,
    now,
    timeZone: site.time_zone,
    schoolDay: site.school_day,
    closures: site.closures,
    student: { misId: person.mis_id, state: person.state, kind: person.kind },
    reason: entry.picked?.reason ?? null,
    canWrite: connection === undefined ? ('unproven' as const) : capabilitiesOf(connection).sessionMark,
    licensed: misActive(site, now),
    linkState: connection?.state ?? null,
    leftAt:
      movements.findLast((row) => row.type === 'early-leave' && row.happened_at <= entry.happenedAt)
        ?.happened_at ?? null,
  }
  const decision = decideMovement(input)
  if (entry.type !== 'late-arrival' || decision.session === null) return decision
  const firstArrivalAt = await firstArrival(tx, person.id, { date, session: decision.session, of: movements })
  return decideMovement({ ...input, firstArrivalAt })
}

async function firstArrival(
  tx: Tx,
  personId: string,
  { date, session, of }: { date: string; session: Session; of: readonly log.MovementRow[] },
): Promise<Date | null> {
  const late = new Set(of.filter((row) => row.type === 'late-arrival').map((row) => row.id))
  const rows = (await ledger.ofDay(tx, personId, date)).filter(
    (row) =>
      row.session === session &&
      late.has(row.movement_id) &&
      (arrivalCounts.has(row.state) || row.cause?.code === 'attendance.same_mark'),
  )
  return rows.reduce<Date | null>(
    (first, row) => (first === null || row.happened_at < first ? row.happened_at : first),
    null,
  )
}

async function enter(
  tx: Tx,
  desk: Desk,
  entry: Entry,
  decision: Pick<Decision, 'date' | 'session' | 'minutesLate'>,
  voids = false,
): Promise<void> {
  await log.insertMovement(tx, {
    id: entry.id,
    type: entry.type,
    person_id: desk.person.id,
    happened_at: entry.happenedAt,
    received_at: desk.now,
    time_uncertain: entry.uncertain,
    date: decision.date,
    session: decision.session,
    minutes_late: decision.minutesLate,
    reason_id: entry.picked?.id ?? null,
    reason_name: entry.picked?.name ?? null,
    answers: entry.answers === null ? null : JSON.stringify(entry.answers),
    note: entry.note,
    source: entry.by,
    request: entry.print,
    corrects: entry.corrects,
    voids,
  })
  wake(tx, 'changed', `${tx.siteId}:movements`)
}

const dayEnd = (site: SiteRow, date: string) => instantAt(date, site.school_day.endsAt, site.time_zone)

function ruleOf(desk: Desk, entry: Entry): ConflictRule {
  return conflictRuleOf(entry.picked?.onConflict ?? null, desk.site.attendance.onConflict)
}

async function owe(
  tx: Tx,
  desk: Desk,
  entry: Entry,
  owed: OwedMark,
  intent: 'mark' | 'correction',
): Promise<void> {
  const can = desk.connection === undefined ? null : capabilitiesOf(desk.connection)
  const late = desk.site.attendance.sendMinutesLate && can?.minutesLate !== 'no' ? owed.minutesLate : null
  await ledger.owe(
    tx,
    {
      movementId: entry.id,
      personId: desk.person.id,
      studentMisId: desk.person.mis_id,
      date: owed.date,
      session: owed.session,
      code: owed.code,
      minutesLate: late,
      comment: owed.comment,
      intent,
      situation: owed.situation,
      conflictRule: ruleOf(desk, entry),
      happenedAt: entry.happenedAt,
      dayEndsAt: dayEnd(desk.site, owed.date),
      start: owed.start,
      causeCode: owed.causeCode,
    },
    desk.now,
  )
}

/** Marks of an earlier leave that a return overtakes (attendance §4). */
async function recall(tx: Tx, desk: Desk, entry: Entry, { recalls }: Decision): Promise<void> {
  const rows = await ledger.ofDay(tx, desk.person.id, localTime(entry.happenedAt, desk.site.time_zone).date)
  for (const { date, session, code } of recalls) {
    const key = { person_id: desk.person.id, date, session }
    const left = rows.findLast(
      (row) => row.session === session && (row.situation === 'C' || row.situation === 'D'),
    )
    await ledger.recall(tx, {
      key,
      state: left?.state ?? null,
      ...{ movementId: entry.id, studentMisId: desk.person.mis_id, code, happenedAt: entry.happenedAt },
      ...{
        conflictRule: ruleOf(desk, entry),
        comment: entry.picked?.name ?? null,
        dayEndsAt: dayEnd(desk.site, date),
        now: desk.now,
      },
    })
  }
}

export type Correction = {
  type?: MovementType | undefined
  reason?: string | { text: string } | null | undefined
  happenedAt?: string | undefined
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
    const desk = await openDesk(tx, site, (await findPerson(tx, wrong.person_id))!, now)
    const entry = await corrected(tx, desk, wrong, { newId, by }, correction)
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
  const said = [wrong.id, type, reason, happenedAt.getTime(), given.void ?? false]
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

/** Types of which every movement has a write-back row (contract §3.4). */
const marking: ReadonlySet<MovementType> = new Set(['late-arrival', 'early-leave', 'return'])

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
