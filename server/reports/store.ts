/**
 * What reports read: one range of days of the log or of the ledger by its index. Rows and totals are of one query, so
 * that they cannot disagree. A type stands in the text of the query and not as a value: the index is of two types.
 */
import { type RawBuilder, sql } from 'kysely'
import type { MovementType, WriteBackState } from '../../shared/attendance.ts'
import { sixthFormPattern } from '../../shared/sixth-form.ts'
import type { Cause, Session } from '../../shared/values.ts'
import type { Db } from '../core/db/db.ts'

export type Range = { from: string; to: string }
export type Filter = Range & {
  yearGroup?: string | undefined
  regGroup?: string | undefined
  person?: string | undefined
  reason?: { id: string | null; words: string } | undefined
  state?: WriteBackState | undefined
}
type Pupil = {
  person_id: string
  forename: string
  surname: string
  year_group: string | null
  reg_group: string | null
}
export type MovementLine = Pupil & {
  id: string
  type: MovementType
  date: string
  happened_at: Date
  session: Session | null
  minutes_late: number | null
  reason_name: string | null
  source: string
  expected_back_at: Date | null
}
export type MarkLine = Pupil & {
  id: string
  n: number
  movement_id: string
  type: MovementType
  date: string
  session: Session | null
  code: string | null
  minutes_late: number | null
  reason_name: string | null
  state: WriteBackState
  cause: Cause | null
  owed_at: Date
  sent_at: Date | null
  confirmed_at: Date | null
}

type Part = RawBuilder<unknown>
const all = (parts: readonly Part[]): Part => sql.join([...parts], sql` and `)

/** The person a movement is of now, and the one it was made for (`w`), which may have been merged since. */
const person = (of: string): Part => sql`
  join person w on w.site_id = ${sql.ref(`${of}.site_id`)} and w.id = ${sql.ref(`${of}.person_id`)}
  join person p on p.site_id = w.site_id and p.id = coalesce(w.merged_into, w.id)`
const pupil = sql`p.id as person_id, p.forename, p.surname, p.year_group, p.reg_group`

const records = (db: Db, id: string): Part => sql`any(array(
  select id from person where site_id = ${db.siteId}::uuid and merged_into = ${id}::uuid
  union all select ${id}::uuid))`

function narrowed(db: Db, of: string, filter: Filter): Part[] {
  const { yearGroup, regGroup, person: whose, reason } = filter
  const parts = [sql`${sql.ref(`${of}.date`)} between ${filter.from}::date and ${filter.to}::date`]
  if (yearGroup !== undefined) parts.push(sql`p.year_group = ${yearGroup}`)
  if (regGroup !== undefined) parts.push(sql`p.reg_group = ${regGroup}`)
  if (whose !== undefined) parts.push(sql`${sql.ref(`${of}.person_id`)} = ${records(db, whose)}`)
  if (reason !== undefined)
    parts.push(
      reason.id === null
        ? sql`lower(m.reason_name) = lower(${reason.words})`
        : sql`m.reason_id = ${reason.id}::uuid`,
    )
  return parts
}

/** What counts: not withdrawn and not put right by a later one. */
const counts = (of: string): Part => sql`not ${sql.ref(`${of}.voids`)} and not exists (
  select from movement c where c.site_id = ${sql.ref(`${of}.site_id`)} and c.corrects = ${sql.ref(`${of}.id`)})`

/** Said twice is late once: of two entries for a pupil and session the earlier counts, as on Today. */
const firstOfSession: Part = sql`not exists (
  select from movement e join person ew on ew.site_id = e.site_id and ew.id = e.person_id
  where e.site_id = m.site_id and e.type = 'late-arrival' and e.date = m.date
    and coalesce(e.session, '') = coalesce(m.session, '') and coalesce(ew.merged_into, ew.id) = p.id
    and (e.happened_at, e.id) < (m.happened_at, m.id) and ${counts('e')})`

export type MovementReport = 'late-arrival' | 'early-leave' | 'sixth-form'

const typesOf = (report: MovementReport): Part =>
  report === 'sixth-form'
    ? sql`m.type in ('check-in', 'check-out') and p.kind = 'student' and p.year_group ~* ${sixthFormPattern}`
    : sql`m.type = ${sql.lit(report)}`

function movements(db: Db, type: MovementReport, filter: Filter, more: readonly Part[] = []): Part {
  const where = [typesOf(type), ...narrowed(db, 'm', filter), counts('m'), ...more]
  if (type === 'late-arrival') where.push(firstOfSession)
  return sql`select m.id, m.type, m.date, m.happened_at, m.session, m.minutes_late, m.reason_name, m.source,
      m.expected_back_at, ${pupil}
    from movement m ${person('m')} where ${all(where)}`
}

export type After = { date: string; at: string; id: string }

/** Newest first. */
export async function listMovementLines(
  db: Db,
  type: MovementReport,
  filter: Filter,
  { after, limit }: { after: After | null; limit: number },
): Promise<MovementLine[]> {
  const more =
    after === null
      ? []
      : [
          sql`(m.date, m.happened_at, m.id) < (${after.date}::date, ${after.at}::timestamptz, ${after.id}::uuid)`,
        ]
  const query = sql<MovementLine>`${movements(db, type, filter, more)}
    order by m.date desc, m.happened_at desc, m.id desc limit ${limit}`
  return (await query.execute(db.sql)).rows
}

function marks(db: Db, filter: Filter, more: readonly Part[] = []): Part {
  const where = [...narrowed(db, 'b', filter), ...more]
  if (filter.state !== undefined) where.push(sql`b.state = ${filter.state}`)
  return sql`select b.id, b.n, b.movement_id, m.type, b.date, b.session, b.code, b.minutes_late, m.reason_name,
      b.state, b.cause, b.owed_at, b.sent_at, b.confirmed_at, ${pupil}
    from write_back b join movement m on m.site_id = b.site_id and m.id = b.movement_id ${person('b')}
    where ${all(where)}`
}

/** Newest first. */
export async function listMarkLines(
  db: Db,
  filter: Filter,
  { after, limit }: { after: { date: string; n: number } | null; limit: number },
): Promise<MarkLine[]> {
  const more = after === null ? [] : [sql`(b.date, b.n) < (${after.date}::date, ${after.n}::bigint)`]
  const query = sql<MarkLine>`${marks(db, filter, more)} order by b.date desc, b.n desc limit ${limit}`
  return (await query.execute(db.sql)).rows
}

export type Sums = {
  rows: number
  students: number
  minutes: number
  days: { date: string; rows: number }[]
  years: { name: string | null; rows: number }[]
  groups: { name: string | null; rows: number }[]
  reasons: { name: string | null; rows: number }[]
  people: (Pupil & { rows: number; minutes: number })[]
  states: { state: WriteBackState; rows: number }[] | null
  /** how many at each minute of the day, by weekday */
  minutesOfDay: { weekday: number; minute: number; rows: number }[] | null
}

const mostStudents = 50

const grouped = (column: string): Part => sql`(select coalesce(json_agg(g), '[]') from (
  select ${sql.ref(column)} as name, count(*) as rows from r group by 1 order by 2 desc, 1) g)`

function sums(of: Part, more: Part): Part {
  return sql`with r as materialized (${of}) select
    (select count(*) from r)::int as rows,
    (select count(distinct person_id) from r)::int as students,
    (select coalesce(sum(minutes_late), 0) from r)::int as minutes,
    (select coalesce(json_agg(g), '[]') from (
      select date, count(*) as rows from r group by 1 order by 1) g) as days,
    ${grouped('year_group')} as years, ${grouped('reg_group')} as groups, ${grouped('reason_name')} as reasons,
    (select coalesce(json_agg(g), '[]') from (
      select person_id, forename, surname, year_group, reg_group, count(*) as rows,
        coalesce(sum(minutes_late), 0) as minutes
      from r group by 1, 2, 3, 4, 5 order by 6 desc, 7 desc, 3, 2 limit ${sql.lit(mostStudents)}) g) as people,
    ${more}`
}

export async function sumMovements(
  db: Db,
  type: MovementReport,
  filter: Filter,
  timeZone: string,
): Promise<Sums> {
  const local = sql`(happened_at at time zone ${timeZone})`
  const times = sql`null::json as states, (select coalesce(json_agg(g), '[]') from (
    select extract(isodow from date)::int as weekday,
      (extract(hour from ${local}) * 60 + extract(minute from ${local}))::int as minute, count(*) as rows
    from r group by 1, 2) g) as "minutesOfDay"`
  const { rows } = await sql<Sums>`${sums(movements(db, type, filter), times)}`.execute(db.sql)
  return rows[0]!
}

export async function sumMarks(db: Db, filter: Filter): Promise<Sums> {
  const states = sql`null::json as "minutesOfDay", (select coalesce(json_agg(g), '[]') from (
    select state, count(*) as rows from r group by 1 order by 2 desc) g) as states`
  const { rows } = await sql<Sums>`${sums(marks(db, filter), states)}`.execute(db.sql)
  return rows[0]!
}

export type MarkOf = {
  id: string
  movement_id: string
  session: Session | null
  code: string | null
  state: WriteBackState
}

/** The marks of these movements, oldest first. */
export async function marksOf(db: Db, movementIds: readonly string[]): Promise<MarkOf[]> {
  return await db.sql
    .selectFrom('write_back')
    .select(['id', 'movement_id', 'session', 'code', 'state'])
    .where('movement_id', '=', sql<string>`any(${movementIds}::uuid[])`)
    .orderBy('n')
    .$narrowType<{ movement_id: string }>()
    .execute()
}
