/** The day at a glance, and the marks that wait for a person: views over the other features, stored nowhere. */
import type { Movement, WriteBack } from '../../shared/attendance.ts'
import type { Kiosk } from '../../shared/kiosks.ts'
import type { Connection, ImportRun } from '../../shared/mis.ts'
import type { Notice } from '../../shared/notices.ts'
import { isSchoolDay, localTime, sessionAt } from '../../shared/school-day.ts'
import type { SchoolDay } from '../../shared/sites.ts'
import type { Session } from '../../shared/values.ts'
import type { App } from '../app.ts'
import { expectedBack } from '../attendance/back.ts'
import { present as presentMovements } from '../attendance/movements.ts'
import type { Db } from '../core/db/db.ts'
import { listRuns, presentRun } from '../imports/imports.ts'
import { listKiosks, presentKiosk } from '../kiosks/kiosks.ts'
import { findConnection, presentConnection } from '../mis-link/link.ts'
import { listNotices, present as presentNotice } from '../notices/notices.ts'
import { displayName, findPeople, type PersonRow } from '../people/people.ts'
import { findMovements, listMovements, presenceAt } from '../presence/presence.ts'
import { getSchedule, getSite, misActive, type SiteRow, schoolDayOn } from '../sites/sites.ts'
import { countByState, countNeeding, listWriteBacks } from '../write-backs/store.ts'
import { present as presentMarks } from '../write-backs/write-backs.ts'

type Who = { id: string; name: string; surname: string; forename: string; group: string | null }
export type TodayRow = { movement: Movement; person: Who; reasonName: string | null }
export type Today = {
  now: string
  date: string
  schoolDay: SchoolDay
  open: boolean
  session: Session | null
  counts: Record<
    | 'hereNow'
    | 'students'
    | 'employees'
    | 'visitors'
    | 'lateToday'
    | 'lateBeforeClose'
    | 'lateAfterClose'
    | 'needYou'
    | 'inMis'
    | 'onTheirWay',
    number
  >
  connection: Connection | null
  lastImport: ImportRun | null
  nextImportAt: string | null
  kiosks: Kiosk[]
  /** early leavers who said when they come back and have not, soonest first */
  expectedBack: { movement: string; person: Who; leftAt: string; expectedBackAt: string }[]
  movements: TodayRow[]
  /** what the office should know and nobody has settled, alerts first */
  notices: { notice: Notice; person: Who }[]
}

const mostRows = 1000

const who = (person: PersonRow | undefined, id: string): Who => ({
  id,
  name: person === undefined ? '' : displayName(person.forename, person.surname),
  surname: person?.surname ?? '',
  forename: person?.forename ?? '',
  group: person?.reg_group ?? person?.year_group ?? null,
})

async function namesOf(db: Db, ids: readonly string[]): Promise<Map<string, PersonRow>> {
  return new Map((await findPeople(db, [...new Set(ids)])).map((person) => [person.id, person]))
}

export async function todayOf(app: App, siteId: string): Promise<Today> {
  const kiosks = await listKiosks(app, siteId, null, 100)
  return await app.db.read(siteId, async (db) => {
    const site = await getSite(db, siteId)
    const now = app.clock.now()
    const local = localTime(now, site.time_zone)
    const schoolDay = schoolDayOn(site, local.date)
    const at = sessionAt(schoolDay, site.closures, local)
    const rows = (await listMovements(db, { date: local.date }, null, mostRows)).filter(
      (row) => row.corrected_by === null && !row.voids,
    )
    const people = await namesOf(
      db,
      rows.map((row) => row.person_id),
    )
    const movements = await presentMovements(db, rows)
    const connection = await findConnection(db)
    const [run] = await listRuns(db, null, 1)
    return {
      now: now.toISOString(),
      date: local.date,
      schoolDay,
      open: isSchoolDay(schoolDay, site.closures, local),
      session: at.kind === 'open' || at.kind === 'closed' ? at.session : null,
      counts: await countsOf(db, site, movements, now),
      connection: connection === undefined ? null : presentConnection(connection),
      lastImport: run === undefined ? null : presentRun(run),
      nextImportAt:
        connection !== undefined && misActive(site, now)
          ? (await getSchedule(db, siteId)).nextAt.toISOString()
          : null,
      kiosks: kiosks.map(presentKiosk).filter((kiosk) => kiosk.state !== 'removed'),
      movements: movements.map((movement) => ({
        movement,
        person: who(people.get(movement.person), movement.person),
        reasonName: movement.reasonText,
      })),
      expectedBack: await awaited(db, local.date),
      notices: await openNotices(db),
    }
  })
}

async function awaited(db: Db, date: string): Promise<Today['expectedBack']> {
  const rows = await expectedBack(db, date)
  const people = await namesOf(
    db,
    rows.map((row) => row.person_id),
  )
  return rows.map((row) => ({
    movement: row.id,
    person: who(people.get(row.person_id), row.person_id),
    leftAt: row.happened_at.toISOString(),
    expectedBackAt: row.expected_back_at.toISOString(),
  }))
}

const mostNotices = 50

async function openNotices(db: Db): Promise<Today['notices']> {
  const rows = await listNotices(db, false, null, mostNotices)
  const people = await namesOf(
    db,
    rows.map((row) => row.person_id),
  )
  return rows
    .map((row) => ({
      notice: presentNotice(row),
      person: who(people.get(row.person_id), row.person_id),
    }))
    .sort((a, b) => Number(b.notice.alert) - Number(a.notice.alert))
}

async function countsOf(
  db: Db,
  site: SiteRow,
  movements: readonly Movement[],
  now: Date,
): Promise<Today['counts']> {
  const presence = await presenceAt(db, site, now)
  const { date } = localTime(now, site.time_zone)
  const ofToday = new Map((await countByState(db, date)).map((row) => [row.state, row.n]))
  const needing = await countNeeding(db)
  const sum = (of: Map<string, number>, states: readonly string[]) =>
    states.reduce((total, state) => total + (of.get(state) ?? 0), 0)
  // Said twice is late once; of two entries the earlier counts.
  const arrivals = movements.filter((movement) => movement.type === 'late-arrival')
  const earliest = Map.groupBy(arrivals, (movement) => `${movement.person} ${movement.session}`)
  const late = [...earliest.values()].map((same) =>
    same.reduce((first, movement) => (movement.happenedAt < first.happenedAt ? movement : first)),
  )
  const afterClose = late.filter(
    (movement) =>
      sessionAt(
        schoolDayOn(site, date),
        site.closures,
        localTime(new Date(movement.happenedAt), site.time_zone),
      ).kind === 'closed',
  ).length
  const { students, employees, visitors, total } = presence.counts
  return {
    ...{ hereNow: total, students, employees, visitors },
    ...{ lateToday: late.length, lateBeforeClose: late.length - afterClose, lateAfterClose: afterClose },
    needYou: needing.reduce((total, { n }) => total + n, 0),
    inMis: sum(ofToday, ['confirmed']),
    onTheirWay: sum(ofToday, ['waiting', 'sending', 'sent']),
  }
}

export type NeedsYou = {
  writeBack: WriteBack
  person: Pick<Who, 'id' | 'name' | 'group'>
  /** null: a test mark */
  movement: Movement | null
  reasonName: string | null
}

/** Marks that a person must decide, newest first. */
export async function needsYou(app: App, siteId: string): Promise<NeedsYou[]> {
  return await app.db.read(siteId, async (db) => {
    const rows = await listWriteBacks(db, { needsPerson: true }, null, mostRows)
    const people = await namesOf(
      db,
      rows.map((row) => row.person_id),
    )
    const ids = new Set(rows.flatMap((row) => row.movement_id ?? []))
    const found = await findMovements(db, [...ids])
    const movements = new Map((await presentMovements(db, found)).map((movement) => [movement.id, movement]))
    return (await presentMarks(db, rows)).map((writeBack) => {
      const movement = movements.get(writeBack.movement ?? '') ?? null
      const { id, name, group } = who(people.get(writeBack.person), writeBack.person)
      return { writeBack, person: { id, name, group }, movement, reasonName: movement?.reasonText ?? null }
    })
  })
}
