import { type ColumnType, type Insertable, type Selectable, sql } from 'kysely'
import type { AttendanceSettings } from '../../shared/attendance.ts'
import type { Closure, DayException, Edition, Phase, SchoolDay } from '../../shared/sites.ts'
import type { Db, SystemTx } from '../core/db/db.ts'
import type { Term } from './rules.ts'

type Json<T> = ColumnType<T, string, string>

export type SiteTable = {
  id: string
  name: string
  phase: Phase
  edition: Edition
  time_zone: string
  school_day: Json<SchoolDay>
  day_exceptions: ColumnType<DayException[], string | undefined, string>
  closures: Json<Closure[]>
  attendance: Json<AttendanceSettings>
  accent: string
  created_at: Date
}
export type SiteRow = Selectable<SiteTable> & { mis_terms: Term[] }

type TermTable = {
  site_id: string
  starts_on: string
  ends_on: string
  confirmed: boolean
  order_id: string | null
  reminded: number | null
}
export type TermRow = Selectable<TermTable>

export type ScheduleTable = { site_id: string; at: string; next_at: Date }
export type SettingTable = { name: string; value: string }
export type RepeatTable = {
  actor: string
  key: string
  request: Buffer
  status: number | null
  body: ColumnType<unknown, string | null, string | null>
  at: Date
}

declare module '../core/db/db.ts' {
  interface Tables {
    'system.mis_term': TermTable
    'system.site': SiteTable
    'system.schedule': ScheduleTable
    'system.setting': SettingTable
    'system.repeat': RepeatTable
    repeat: RepeatTable & { site_id: string }
  }
}

type Reader = Pick<Db, 'sql'>

const termsOfSite = sql<Term[]>`(
  select coalesce(json_agg(json_build_object('startsOn', t.starts_on, 'endsOn', t.ends_on, 'confirmed', t.confirmed)
    order by t.starts_on), '[]')
  from system.mis_term t where t.site_id = system.site.id)`.as('mis_terms')

/** False when a site with this id is there already. */
export async function insertSite(tx: SystemTx, row: Insertable<SiteTable>): Promise<boolean> {
  const result = await tx.sql
    .insertInto('system.site')
    .values(row)
    .onConflict((on) => on.doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows) > 0
}

export async function findSiteRow(db: Reader, id: string): Promise<SiteRow | undefined> {
  return await db.sql
    .selectFrom('system.site')
    .selectAll()
    .select(termsOfSite)
    .where('id', '=', id)
    .executeTakeFirst()
}

export async function listSiteRows(
  db: Reader,
  only: readonly string[] | null,
  before: { at: string; id: string } | null,
  limit: number,
): Promise<SiteRow[]> {
  let query = db.sql.selectFrom('system.site').selectAll().select(termsOfSite)
  if (only !== null) query = query.where('id', '=', sql<string>`any(${only}::uuid[])`)
  if (before !== null)
    query = query.where(sql<boolean>`(created_at, id) < (${before.at}::timestamptz, ${before.id}::uuid)`)
  return await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

export async function allSiteIds(db: Reader): Promise<string[]> {
  return (await db.sql.selectFrom('system.site').select('id').orderBy('id').execute()).map((row) => row.id)
}

export async function updateSite(
  tx: SystemTx,
  id: string,
  set: Partial<{
    edition: Edition
    school_day: SchoolDay
    day_exceptions: DayException[]
    closures: Closure[]
    attendance: AttendanceSettings
    accent: string
  }>,
): Promise<void> {
  const { school_day, day_exceptions, closures, attendance, ...plain } = set
  await tx.sql
    .updateTable('system.site')
    .set({
      ...plain,
      ...(school_day === undefined ? {} : { school_day: JSON.stringify(school_day) }),
      ...(day_exceptions === undefined ? {} : { day_exceptions: JSON.stringify(day_exceptions) }),
      ...(closures === undefined ? {} : { closures: JSON.stringify(closures) }),
      ...(attendance === undefined ? {} : { attendance: JSON.stringify(attendance) }),
    })
    .where('id', '=', id)
    .execute()
}

export async function upsertSchedule(tx: SystemTx, row: ScheduleTable): Promise<void> {
  await tx.sql
    .insertInto('system.schedule')
    .values(row)
    .onConflict((on) => on.column('site_id').doUpdateSet({ at: row.at, next_at: row.next_at }))
    .execute()
}

export async function findSchedule(db: Reader, siteId: string): Promise<ScheduleTable | undefined> {
  return await db.sql
    .selectFrom('system.schedule')
    .selectAll()
    .where('site_id', '=', siteId)
    .executeTakeFirst()
}

export async function listDueSchedules(db: Reader, now: Date, limit: number): Promise<string[]> {
  const rows = await db.sql
    .selectFrom('system.schedule')
    .select('site_id')
    .where('next_at', '<=', now)
    .orderBy('next_at')
    .limit(limit)
    .execute()
  return rows.map((row) => row.site_id)
}

/** Takes the schedule of a site if it is due and no other process has it. */
export async function takeDueSchedule(
  tx: SystemTx,
  siteId: string,
  now: Date,
): Promise<ScheduleTable | undefined> {
  return await tx.sql
    .selectFrom('system.schedule')
    .selectAll()
    .where('site_id', '=', siteId)
    .where('next_at', '<=', now)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
}

export async function findSetting(db: Reader, name: string): Promise<string | null> {
  const row = await db.sql
    .selectFrom('system.setting')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst()
  return row?.value ?? null
}

export async function putSetting(tx: SystemTx, name: string, value: string): Promise<void> {
  await tx.sql
    .insertInto('system.setting')
    .values({ name, value })
    .onConflict((on) => on.column('name').doUpdateSet({ value }))
    .execute()
}

export async function dropSetting(tx: SystemTx, name: string): Promise<boolean> {
  const result = await tx.sql.deleteFrom('system.setting').where('name', '=', name).executeTakeFirst()
  return Number(result.numDeletedRows) > 0
}
