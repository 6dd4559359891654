/**
 * One entry of the movement log: its time, what it means for the register, and the rows it makes. Used by whoever
 * records a movement and whoever puts one right, in their transaction.
 */
import type { MovementType } from '../../shared/attendance.ts'
import { instantAt, localTime } from '../../shared/school-day.ts'
import type { Session } from '../../shared/values.ts'
import type { Tx } from '../core/db/db.ts'
import { wake } from '../core/db/db.ts'
import { conflict, invalid } from '../core/errors.ts'
import { capabilitiesOf, type ConnectionRow } from '../mis-link/link.ts'
import type { PersonRow } from '../people/people.ts'
import * as log from '../presence/presence.ts'
import { misActive, schoolDayOn, type SiteRow } from '../sites/sites.ts'
import { type ConflictRule, conflictRuleOf } from '../write-backs/precedence.ts'
import * as ledger from '../write-backs/write-backs.ts'
import { lookAfter } from './back.ts'
import type { Picked } from './reasons.ts'
import { type Decision, decideMovement, type OwedMark } from './rules.ts'

export type Source = { kind: 'kiosk' | 'person'; by: string }

const aheadMs = 2 * 60_000
const oldestMs = 7 * 86_400_000

/** A kiosk's movement is never refused for its time: one from later than its receipt is taken as just now. */
export function timeOf(given: string, now: Date, source: Source): { happenedAt: Date; uncertain: boolean } {
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

export type Entry = {
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
  expectedBackAt: Date | null
}

/** Types of which every movement has a write-back row (contract §3.4). */
export const marking: ReadonlySet<MovementType> = new Set(['late-arrival', 'early-leave', 'return'])

export const idUsed = () =>
  conflict('attendance.id_used', 'id: was used for another movement. Take a new one.')

export type Desk = { site: SiteRow; person: PersonRow; connection: ConnectionRow | undefined; now: Date }

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

export async function decide(
  tx: Tx,
  { site, person, connection, now }: Desk,
  entry: Entry,
): Promise<Decision> {
  const { date } = localTime(entry.happenedAt, site.time_zone)
  const [effective, marks] = await Promise.all([
    marking.has(entry.type) ? log.effectiveMovements(tx, person.id, date) : [],
    entry.type === 'late-arrival' ? ledger.ofDay(tx, person.id, date) : [],
  ])
  const movements = effective.filter((row) => row.id !== entry.corrects)
  const input = {
    type: entry.type,
    happenedAt: entry.happenedAt,
    now,
    timeZone: site.time_zone,
    schoolDay: schoolDayOn(site, date),
    closures: site.closures,
    student: { misId: person.mis_id, state: person.state, kind: person.kind },
    reason: entry.picked?.reason ?? null,
    canWrite: connection === undefined ? ('unproven' as const) : capabilitiesOf(connection).sessionMark,
    licensed: misActive(site, now),
    linkState: connection?.state ?? null,
    expectedBackAt: entry.expectedBackAt,
    leftAt:
      movements.findLast((row) => row.type === 'early-leave' && row.happened_at <= entry.happenedAt)
        ?.happened_at ?? null,
  }
  const decision = decideMovement(input)
  if (entry.type !== 'late-arrival' || decision.session === null) return decision
  const late = movements.filter((row) => row.type === 'late-arrival')
  return decideMovement({ ...input, firstArrivalAt: firstArrival(late, marks, decision.session) })
}

function firstArrival(
  late: readonly log.MovementRow[],
  marks: readonly ledger.WriteBackRow[],
  session: Session,
): Date | null {
  const times = marks
    .filter(
      (mark) =>
        mark.session === session &&
        late.some((row) => row.id === mark.movement_id) &&
        (arrivalCounts.has(mark.state) || mark.cause?.code === 'attendance.same_mark'),
    )
    .map((mark) => mark.happened_at.getTime())
  return times.length === 0 ? null : new Date(Math.min(...times))
}

export async function enter(
  tx: Tx,
  desk: Desk,
  entry: Entry,
  decision: Pick<Decision, 'date' | 'session' | 'minutesLate'>,
  voids = false,
): Promise<log.MovementRow> {
  const row = await log.insertMovement(tx, {
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
    expected_back_at: entry.expectedBackAt,
  })
  if (row === undefined) throw idUsed()
  if (!voids) await lookAfter(tx, row)
  wake(tx, 'changed', `${tx.siteId}:movements`)
  return row
}

export const dayEnd = (site: SiteRow, date: string) =>
  instantAt(date, schoolDayOn(site, date).endsAt, site.time_zone)

function ruleOf(desk: Desk, entry: Entry): ConflictRule {
  return conflictRuleOf(entry.picked?.onConflict ?? null, desk.site.attendance.onConflict)
}

export async function owe(
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

/** What the office may have to know is looked for, although nothing is owed for it. */
export async function tellOffice(
  tx: Tx,
  { person, now }: Desk,
  { id, happenedAt }: Entry,
  decision: Decision,
): Promise<void> {
  if (person.mis_id === null) return
  const { checks, missedAm } = decision
  const all = [
    ...checks.map((check) => ({ ...check, offer: null })),
    ...(missedAm === null ? [] : [{ ...missedAm, session: 'AM' as const, situation: null }]),
  ]
  const whose = { movement_id: id, person_id: person.id, student_mis_id: person.mis_id }
  await ledger.oweChecks(
    tx,
    all.map((check) => ({ ...check, ...whose, happened_at: happenedAt, made_at: now })),
  )
}

/** Marks of an earlier leave that a return overtakes (attendance §4). */
export async function recall(tx: Tx, desk: Desk, entry: Entry, { recalls }: Decision): Promise<void> {
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
