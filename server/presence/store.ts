/** The log of movements: every view (today, presence, roll call, history) reads it, nothing edits it. */
import { type ColumnType, type Insertable, type Selectable, sql } from 'kysely'
import type { MovementType } from '../../shared/attendance.ts'
import type { PersonKind } from '../../shared/mis.ts'
import type { Session } from '../../shared/values.ts'
import type { Db, Tx } from '../core/db/db.ts'
import type { PersonState } from '../people/store.ts'

type MovementTable = {
  site_id: string
  id: string
  type: MovementType
  person_id: string
  happened_at: Date
  received_at: Date
  time_uncertain: boolean
  date: string
  session: Session | null
  minutes_late: number | null
  reason_id: string | null
  reason_name: string | null
  answers: ColumnType<Record<string, string> | null, string | null, never>
  note: string | null
  source: string
  request: Buffer
  corrects: string | null
  voids: boolean
  expected_back_at: ColumnType<Date | null, Date | null | undefined, never>
}
export type NewMovement = Omit<Insertable<MovementTable>, 'site_id'>
export type MovementRow = Selectable<MovementTable> & { corrected_by: string | null }

declare module '../core/db/db.ts' {
  interface Tables {
    movement: MovementTable
  }
}

/** Undefined where another movement, entered at this very moment, has the id. */
export async function insertMovement(tx: Tx, row: NewMovement): Promise<MovementRow | undefined> {
  const entered = await tx.sql
    .insertInto('movement')
    .values({ ...row, site_id: tx.siteId })
    .onConflict((on) => on.columns(['site_id', 'id']).doNothing())
    .returningAll()
    .executeTakeFirst()
  return entered && { ...entered, corrected_by: null }
}

/** Whose a movement is now: the log keeps the record it was made for, which may have been merged since. */
const ofPerson = sql<string>`coalesce(w.merged_into, m.person_id)`

const select = (db: Db) =>
  db.sql
    .selectFrom('movement as m')
    .innerJoin('person as w', (join) =>
      join.onRef('w.site_id', '=', 'm.site_id').onRef('w.id', '=', 'm.person_id'),
    )
    .leftJoin('movement as c', (join) =>
      join.onRef('c.site_id', '=', 'm.site_id').onRef('c.corrects', '=', 'm.id'),
    )
    .selectAll('m')
    // Takes the place of the log's own column of that name.
    .select(ofPerson.as('person_id'))
    .select('c.id as corrected_by')

/** A person's own record and those merged into it, as one array asked beforehand: so the index is used. */
const recordsOf = (db: Db, personId: string) => sql<string>`any(array(
  select id from person where site_id = ${db.siteId}::uuid and merged_into = ${personId}::uuid
  union all select ${personId}::uuid))`

export async function findMovement(db: Db, id: string): Promise<MovementRow | undefined> {
  return await select(db).where('m.id', '=', id).executeTakeFirst()
}

export async function findMovements(db: Db, ids: readonly string[]): Promise<MovementRow[]> {
  if (ids.length === 0) return []
  return await select(db).where('m.id', '=', sql<string>`any(${ids}::uuid[])`).execute()
}

export type MovementFilter = {
  date?: string | undefined
  type?: MovementType | undefined
  person?: string | undefined
}

/** Newest first, by when we heard of it. */
export async function listMovements(
  db: Db,
  filter: MovementFilter,
  before: { at: string; id: string } | null,
  limit: number,
): Promise<MovementRow[]> {
  let query = select(db)
  if (filter.date !== undefined) query = query.where('m.date', '=', filter.date)
  if (filter.type !== undefined) query = query.where('m.type', '=', filter.type)
  if (filter.person !== undefined) query = query.where('m.person_id', '=', recordsOf(db, filter.person))
  if (before !== null)
    query = query.where(sql<boolean>`(m.received_at, m.id) < (${before.at}::timestamptz, ${before.id}::uuid)`)
  return await query.orderBy('m.received_at', 'desc').orderBy('m.id', 'desc').limit(limit).execute()
}

/** Of one person and day what still counts: not corrected, not voided. Oldest first. */
export async function effectiveMovements(db: Db, personId: string, date: string): Promise<MovementRow[]> {
  return await select(db)
    .where('m.person_id', '=', recordsOf(db, personId))
    .where('m.date', '=', date)
    .where('m.voids', '=', false)
    .where('c.id', 'is', null)
    .orderBy('m.happened_at')
    .orderBy('m.id')
    .execute()
}

export type LatestRow = {
  person_id: string
  kind: PersonKind
  state: PersonState
  forename: string
  surname: string
  type: MovementType
  happened_at: Date
  date: string
}

/** The latest movement that counts, of everybody who has one from `from` on. */
export async function latestMovements(db: Db, from: string): Promise<LatestRow[]> {
  return await db.sql
    .selectFrom('movement as m')
    .innerJoin('person as w', (join) =>
      join.onRef('w.site_id', '=', 'm.site_id').onRef('w.id', '=', 'm.person_id'),
    )
    .innerJoin('person as p', (join) => join.onRef('p.site_id', '=', 'm.site_id').on('p.id', '=', ofPerson))
    .distinctOn('p.id')
    .select([
      'p.id as person_id',
      'p.kind',
      'p.state',
      'p.forename',
      'p.surname',
      'm.type',
      'm.happened_at',
      'm.date',
    ])
    .where('m.date', '>=', from)
    .where('m.voids', '=', false)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('movement as c')
            .select('c.id')
            .whereRef('c.site_id', '=', 'm.site_id')
            .whereRef('c.corrects', '=', 'm.id'),
        ),
      ),
    )
    .orderBy('p.id')
    .orderBy('m.happened_at', 'desc')
    .orderBy('m.received_at', 'desc')
    .execute()
}
