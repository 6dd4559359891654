/**
 * Reports: late arrivals, early leaves, and marks with their fate. Views of the log and the ledger, stored nowhere, so
 * that they agree with the dashboard; a list, its totals and its file are of the same rows.
 */
import { Temporal } from 'temporal-polyfill'
import type { WriteBackState } from '../../shared/attendance.ts'
import {
  type EarlyRow,
  type LateRow,
  type MarkRow,
  mostReportDays,
  type Report,
  type ReportFilter,
  type ReportTotals,
  type SixthFormRow,
} from '../../shared/reports.ts'
import { localTime, type SessionAt, sessionAt, timesOn } from '../../shared/school-day.ts'
import type { App } from '../app.ts'
import type { Db } from '../core/db/db.ts'
import { invalid, notFound } from '../core/errors.ts'
import { decodeCursor, page } from '../core/http/lists.ts'
import { asId } from '../core/ids.ts'
import { displayName } from '../people/people.ts'
import { getSite, schoolDayOn, type SiteRow, todayAt } from '../sites/sites.ts'
import * as store from './store.ts'

export type Rows<T> = { data: T[]; meta: { next: string | null } }
type Paging = { limit: number; cursor?: string | undefined }

/** The days asked for, today where none are; 422 for a range that is upside down or too long. */
export function rangeOf(filter: Pick<ReportFilter, 'from' | 'to'>, today: string): store.Range {
  const to = filter.to ?? (filter.from !== undefined && filter.from > today ? filter.from : today)
  const from = filter.from ?? (filter.to === undefined ? today : to)
  if (from > to) throw invalid('to', 'must not be before from')
  if (Temporal.PlainDate.from(from).until(to).days >= mostReportDays)
    throw invalid('to', `must be at most ${mostReportDays} days from the first: ask for a shorter time`)
  return { from, to }
}

function filterOf(site: SiteRow, now: Date, given: ReportFilter): store.Filter {
  const { reason, person } = given
  const whose = person === undefined ? undefined : asId(person)
  if (whose === null) throw notFound('person')
  return {
    ...{ ...given, ...rangeOf(given, todayAt(site, now)), person: whose },
    reason: reason === undefined ? undefined : { id: asId(reason), words: reason.trim() },
  }
}

const pupilOf = (row: store.MovementLine | store.MarkLine | store.Sums['people'][number]) => ({
  person: row.person_id,
  ...{ forename: row.forename, surname: row.surname, name: displayName(row.forename, row.surname) },
  ...{ yearGroup: row.year_group, regGroup: row.reg_group },
})

const registerOf = (at: SessionAt): LateRow['register'] =>
  at.kind === 'open' ? 'before-close' : at.kind === 'closed' ? 'after-close' : null

/** All that a report of movements may say; each says its part. */
type AllOf = LateRow & EarlyRow & SixthFormRow

async function presentMovements(
  db: Db,
  site: SiteRow,
  rows: readonly store.MovementLine[],
): Promise<AllOf[]> {
  const marks = Map.groupBy(
    await store.marksOf(
      db,
      rows.map((row) => row.id),
    ),
    (mark) => mark.movement_id,
  )
  return rows.map((row) => ({
    ...pupilOf(row),
    ...{ movement: row.id, date: row.date, happenedAt: row.happened_at.toISOString(), session: row.session },
    ...{ reason: row.reason_name, enteredAt: row.source.startsWith('kiosk:') ? 'kiosk' : 'office' },
    marks: (marks.get(row.id) ?? []).map(({ id, session, code, state }) => ({ id, session, code, state })),
    direction: row.type === 'check-out' ? 'out' : 'in',
    minutesLate: row.minutes_late,
    expectedBackAt: row.expected_back_at?.toISOString() ?? null,
    register: registerOf(
      sessionAt(schoolDayOn(site, row.date), [], localTime(row.happened_at, site.time_zone)),
    ),
  }))
}

const earlyOf = ({ minutesLate: _late, register: _register, direction: _way, ...row }: AllOf): EarlyRow => row
const lateOf = ({ expectedBackAt: _back, direction: _way, ...row }: AllOf): LateRow => row
const sixthOf = ({
  minutesLate: _late,
  register: _register,
  expectedBackAt: _back,
  ...row
}: AllOf): SixthFormRow => row

function presentMark(row: store.MarkLine): MarkRow {
  return {
    ...pupilOf(row),
    ...{ writeBack: row.id, movement: row.movement_id, type: row.type, date: row.date, session: row.session },
    ...{ code: row.code, minutesLate: row.minutes_late, reason: row.reason_name, state: row.state },
    ...{ cause: row.cause, owedAt: row.owed_at.toISOString() },
    sentAt: row.sent_at?.toISOString() ?? null,
    confirmedAt: row.confirmed_at?.toISOString() ?? null,
  }
}

function cursorOf(cursor: string | undefined, parts: number): string[] | null {
  const given = decodeCursor(cursor, parts)
  if (given !== null && (!/^\d{4}-\d\d-\d\d$/.test(given[0]!) || Number.isNaN(Date.parse(given[0]!))))
    throw invalid('cursor', 'is not one that this list gave')
  return given
}

/** A page of late arrivals or early leaves, newest first. */
async function movementRows(
  app: App,
  siteId: string,
  type: store.MovementReport,
  { paging, ...given }: { paging: Paging; filter: ReportFilter },
): Promise<Rows<AllOf>> {
  const cursor = cursorOf(paging.cursor, 3)
  const after = cursor && { date: cursor[0]!, at: cursor[1]!, id: asId(cursor[2]!) ?? '' }
  if (after !== null && (after.id === '' || Number.isNaN(Date.parse(after.at))))
    throw invalid('cursor', 'is not one that this list gave')
  return await app.db.read(siteId, async (db) => {
    const site = await getSite(db, siteId)
    const filter = filterOf(site, app.clock.now(), given.filter)
    const rows = await store.listMovementLines(db, type, filter, { after, limit: paging.limit + 1 })
    const shown = page(
      rows,
      paging.limit,
      (row) => [row.date, row.happened_at.toISOString(), row.id],
      (row) => row,
    )
    return { data: await presentMovements(db, site, shown.data), meta: shown.meta }
  })
}

type Asked = { paging: Paging; filter: ReportFilter }

export async function lateRows(app: App, siteId: string, asked: Asked): Promise<Rows<LateRow>> {
  const { data, meta } = await movementRows(app, siteId, 'late-arrival', asked)
  return { data: data.map(lateOf), meta }
}

export async function earlyRows(app: App, siteId: string, asked: Asked): Promise<Rows<EarlyRow>> {
  const { data, meta } = await movementRows(app, siteId, 'early-leave', asked)
  return { data: data.map(earlyOf), meta }
}

export async function sixthFormRows(app: App, siteId: string, asked: Asked): Promise<Rows<SixthFormRow>> {
  const { data, meta } = await movementRows(app, siteId, 'sixth-form', asked)
  return { data: data.map(sixthOf), meta }
}

/** A page of marks of these days, whatever became of them, newest first. */
export async function markRows(
  app: App,
  siteId: string,
  { paging, ...given }: Asked,
): Promise<Rows<MarkRow>> {
  const cursor = cursorOf(paging.cursor, 2)
  const after = cursor && { date: cursor[0]!, n: Number(cursor[1]) }
  if (after !== null && !Number.isSafeInteger(after.n))
    throw invalid('cursor', 'is not one that this list gave')
  return await app.db.read(siteId, async (db) => {
    const filter = filterOf(await getSite(db, siteId), app.clock.now(), given.filter)
    const rows = await store.listMarkLines(db, filter, { after, limit: paging.limit + 1 })
    return page(rows, paging.limit, (row) => [row.date, row.n], presentMark)
  })
}

/** How many came before and after the close, of so many at each minute of each weekday. */
function byClose(site: SiteRow, times: NonNullable<store.Sums['minutesOfDay']>) {
  const sum = (register: LateRow['register']) =>
    times
      .filter(({ weekday, minute }) => {
        // No real day: closures say nothing about a time of day.
        const local = { date: '', weekday, secondsOfDay: minute * 60 }
        return (
          registerOf(sessionAt(timesOn(site.school_day, site.day_exceptions, weekday), [], local)) ===
          register
        )
      })
      .reduce((total, { rows }) => total + rows, 0)
  return { beforeClose: sum('before-close'), afterClose: sum('after-close') }
}

const typeOf = {
  'late-arrivals': 'late-arrival',
  'early-leaves': 'early-leave',
  'sixth-form': 'sixth-form',
} as const

/** Totals of a report, of the same rows as its list. */
export async function totalsOf(
  app: App,
  siteId: string,
  report: Report,
  given: ReportFilter,
): Promise<ReportTotals> {
  return await app.db.read(siteId, async (db) => {
    const site = await getSite(db, siteId)
    const filter = filterOf(site, app.clock.now(), given)
    const late = report === 'late-arrivals'
    const sums =
      report === 'marks'
        ? await store.sumMarks(db, filter)
        : await store.sumMovements(db, typeOf[report], filter, site.time_zone)
    return {
      ...{ from: filter.from, to: filter.to, rows: sums.rows, students: sums.students },
      minutesLate: late ? sums.minutes : null,
      ...(late ? byClose(site, sums.minutesOfDay ?? []) : { beforeClose: null, afterClose: null }),
      byState: sums.states as { state: WriteBackState; rows: number }[] | null,
      ...{ byDay: sums.days, byYearGroup: sums.years, byRegGroup: sums.groups, byReason: sums.reasons },
      byStudent: sums.people.map((row) => ({
        ...pupilOf(row),
        ...{ rows: row.rows, minutesLate: late ? row.minutes : null },
      })),
    }
  })
}
