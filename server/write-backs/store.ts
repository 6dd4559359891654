import { type ColumnType, type Insertable, type Selectable, sql } from 'kysely'
import type { WriteBackState } from '../../shared/attendance.ts'
import type { Cause, Session } from '../../shared/values.ts'
import type { Db, Tx } from '../core/db/db.ts'
import type { ConflictRule, MarkValue, Situation } from './precedence.ts'
import { needsPersonStates, supersedable } from './states.ts'

type Json<T> = ColumnType<T, string | null, string | null>
/** What stood in the register when we sent: `mark: null` for none; the column null where we could not look. */
export type Stood = { mark: MarkValue | null }

export type WriteBackTable = {
  site_id: string
  id: string
  n: ColumnType<number, never, never>
  /** null: a test mark, and what puts back what stood before it */
  movement_id: string | null
  person_id: string
  student_mis_id: string | null
  date: string
  session: Session | null
  code: string | null
  minutes_late: number | null
  comment: string | null
  intent: 'mark' | 'correction' | 'void' | 'test'
  situation: Situation | null
  on_conflict: ConflictRule
  happened_at: Date
  state: WriteBackState
  cause: Json<Cause | null>
  attempts: ColumnType<number, number | undefined, number>
  unknown_results: ColumnType<number, number | undefined, number>
  look_after: Date | null
  over_theirs: ColumnType<boolean, boolean | undefined, boolean>
  after_day: ColumnType<boolean, boolean | undefined, boolean>
  receipt: string | null
  provider: 'accepted' | 'written' | null
  stood: Json<Stood | null>
  seen: Json<MarkValue | null>
  looks: ColumnType<number, number | undefined, number>
  owed_at: Date
  day_ends_at: Date
  due_at: Date | null
  lease_until: Date | null
  sent_at: Date | null
  confirmed_at: Date | null
}
export type WriteBackRow = Selectable<WriteBackTable>
export type NewWriteBack = Pick<
  Insertable<WriteBackTable>,
  | 'id'
  | 'movement_id'
  | 'person_id'
  | 'student_mis_id'
  | 'date'
  | 'session'
  | 'code'
  | 'minutes_late'
  | 'comment'
  | 'intent'
  | 'situation'
  | 'on_conflict'
  | 'happened_at'
  | 'state'
  | 'owed_at'
  | 'day_ends_at'
  | 'due_at'
> & { cause: Cause | null }

type EventTable = {
  site_id: string
  write_back_id: string
  n: ColumnType<number, never, never>
  at: Date
  from_state: WriteBackState | null
  to_state: WriteBackState
  note: string
}
export type EventRow = Selectable<EventTable>

declare module '../core/db/db.ts' {
  interface Tables {
    write_back: WriteBackTable
    write_back_event: EventTable
  }
}

/** One mark: student, date and session. */
export type MarkKey = { person_id: string; date: string; session: Session | null }

const json = (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value))

export async function insertWriteBack(tx: Tx, row: NewWriteBack): Promise<void> {
  await tx.sql
    .insertInto('write_back')
    .values({ ...row, cause: json(row.cause), site_id: tx.siteId })
    .execute()
}

export async function insertEvent(tx: Tx, event: Omit<Insertable<EventTable>, 'site_id'>): Promise<void> {
  await tx.sql
    .insertInto('write_back_event')
    .values({ ...event, site_id: tx.siteId })
    .execute()
}

export type Change = Partial<
  Pick<
    WriteBackRow,
    | 'state'
    | 'code'
    | 'minutes_late'
    | 'student_mis_id'
    | 'attempts'
    | 'unknown_results'
    | 'look_after'
    | 'over_theirs'
    | 'after_day'
    | 'receipt'
    | 'provider'
    | 'looks'
    | 'due_at'
    | 'lease_until'
    | 'sent_at'
    | 'confirmed_at'
  >
> & { cause?: Cause | null; stood?: Stood | null; seen?: MarkValue | null }

/** Changes a row that still is in `from`; false where another was quicker. */
export async function changeWriteBack(
  tx: Tx,
  id: string,
  from: WriteBackState,
  set: Change,
): Promise<boolean> {
  const { cause, stood, seen, ...plain } = set
  const result = await tx.sql
    .updateTable('write_back')
    .set({
      ...plain,
      ...(cause === undefined ? {} : { cause: json(cause) }),
      ...(stood === undefined ? {} : { stood: json(stood) }),
      ...(seen === undefined ? {} : { seen: json(seen) }),
    })
    .where('id', '=', id)
    .where('state', '=', from)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}

export async function findWriteBack(db: Db, id: string): Promise<WriteBackRow | undefined> {
  return await db.sql.selectFrom('write_back').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function lockWriteBack(tx: Tx, id: string): Promise<WriteBackRow | undefined> {
  return await tx.sql.selectFrom('write_back').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

/** Rows of a key that a newer intention takes the place of, locked. */
export async function lockSupersedable(tx: Tx, key: MarkKey): Promise<WriteBackRow[]> {
  return await ofKey(tx, key)
    .where('state', 'in', [...supersedable])
    .forUpdate()
    .execute()
}

const ofKey = (db: Db, { person_id, date, session }: MarkKey) =>
  db.sql
    .selectFrom('write_back')
    .selectAll()
    .where('person_id', '=', person_id)
    .where('date', '=', date)
    .where('session', session === null ? 'is' : '=', session)

/** What went out for a key, answered or not, oldest first: what our ledger knows of *ours*. */
export async function listSent(db: Db, key: MarkKey): Promise<WriteBackRow[]> {
  return await ofKey(db, key)
    .where('sent_at', 'is not', null)
    .where('code', 'is not', null)
    .where('state', '!=', 'refused')
    .orderBy('sent_at')
    .execute()
}

/** Whether a newer intention for the same mark waits behind this one. */
export async function hasNewer(db: Db, row: WriteBackRow): Promise<boolean> {
  const found = await ofKey(db, row)
    .where('n', '>', row.n)
    .where('state', 'in', ['waiting', 'held', 'conflict'])
    .limit(1)
    .execute()
  return found.length > 0
}

/** Every row of a student's day, oldest first. */
export async function listOfDay(db: Db, personId: string, date: string): Promise<WriteBackRow[]> {
  return await db.sql
    .selectFrom('write_back')
    .selectAll()
    .where('person_id', '=', personId)
    .where('date', '=', date)
    .orderBy('n')
    .execute()
}

/** Every row of a person, of these days or of all, locked. */
export async function lockOfPerson(
  tx: Tx,
  personId: string,
  days?: readonly string[],
): Promise<WriteBackRow[]> {
  let query = tx.sql.selectFrom('write_back').selectAll().where('person_id', '=', personId)
  if (days !== undefined) query = query.where('date', '=', sql<string>`any(${days}::date[])`)
  return await query.orderBy('n').forUpdate().execute()
}

/** Two records were one person: every row of the one becomes the other's. */
export async function movePerson(tx: Tx, from: string, to: string): Promise<void> {
  await tx.sql.updateTable('write_back').set({ person_id: to }).where('person_id', '=', from).execute()
}

export async function listOfMovements(db: Db, movementIds: readonly string[]): Promise<WriteBackRow[]> {
  if (movementIds.length === 0) return []
  return await db.sql
    .selectFrom('write_back')
    .selectAll()
    .where('movement_id', '=', sql<string>`any(${movementIds}::uuid[])`)
    .orderBy('n')
    .execute()
}

export async function listEvents(db: Db, ids: readonly string[]): Promise<EventRow[]> {
  if (ids.length === 0) return []
  return await db.sql
    .selectFrom('write_back_event')
    .selectAll()
    .where('write_back_id', '=', sql<string>`any(${ids}::uuid[])`)
    .orderBy('n')
    .execute()
}

export type Filter = {
  state?: WriteBackState | undefined
  date?: string | undefined
  person?: string | undefined
  needsPerson?: boolean | undefined
}

/** Newest first. */
export async function listWriteBacks(
  db: Db,
  filter: Filter,
  beforeN: number | null,
  limit: number,
): Promise<WriteBackRow[]> {
  let query = db.sql.selectFrom('write_back').selectAll()
  if (filter.state !== undefined) query = query.where('state', '=', filter.state)
  if (filter.date !== undefined) query = query.where('date', '=', filter.date)
  if (filter.person !== undefined) query = query.where('person_id', '=', filter.person)
  if (filter.needsPerson !== undefined)
    query = query.where('state', filter.needsPerson ? 'in' : 'not in', [...needsPersonStates])
  if (beforeN !== null) query = query.where('n', '<', beforeN)
  return await query.orderBy('n', 'desc').limit(limit).execute()
}

/** How many need a person, of any day. The states stand in the text of the query: the index is of these alone. */
export async function countNeeding(
  db: Db,
): Promise<{ state: (typeof needsPersonStates)[number]; n: number }[]> {
  const { rows } = await sql<{ state: (typeof needsPersonStates)[number]; n: number }>`
    select state, count(*)::int as n from write_back
    where state in (${sql.join(needsPersonStates.map((state) => sql.lit(state)))}) group by state`.execute(
    db.sql,
  )
  return rows
}

export async function countByState(db: Db, date?: string): Promise<{ state: WriteBackState; n: number }[]> {
  let query = db.sql.selectFrom('write_back').select((eb) => ['state', eb.fn.countAll<number>().as('n')])
  if (date !== undefined) query = query.where('date', '=', date)
  return await query.groupBy('state').execute()
}

/** The next of the waiting ones up to a number that may go now, locked; never one whose key is on its way already. */
export async function lockNextWaiting(tx: Tx, now: Date, upTo: number): Promise<WriteBackRow | undefined> {
  return await tx.sql
    .selectFrom('write_back as w')
    .selectAll('w')
    .where('w.state', '=', 'waiting')
    .where('w.due_at', '<=', now)
    .where('w.n', '<=', upTo)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('write_back as s')
            .select('s.id')
            .where('s.state', '=', 'sending')
            .whereRef('s.site_id', '=', 'w.site_id')
            .whereRef('s.person_id', '=', 'w.person_id')
            .whereRef('s.date', '=', 'w.date')
            .whereRef('s.session', '=', 'w.session'),
        ),
      ),
    )
    .orderBy('w.n')
    .limit(1)
    .forUpdate('w')
    .skipLocked()
    .executeTakeFirst()
}

/** Everything that moves by itself: what delivery has to look after. */
export async function listAlive(db: Db): Promise<WriteBackRow[]> {
  return await db.sql
    .selectFrom('write_back')
    .selectAll()
    .where('due_at', 'is not', null)
    .orderBy('n')
    .execute()
}

/** Held ones that may come back by themselves: the link was cut, or the student was not in the MIS. */
export async function listHeldFor(db: Db, codes: readonly string[]): Promise<WriteBackRow[]> {
  return await db.sql
    .selectFrom('write_back')
    .selectAll()
    .where('state', '=', 'held')
    .where(sql<string>`cause->>'code'`, 'in', [...codes])
    .orderBy('n')
    .execute()
}

/** Puts off what would go now, and says why. */
export async function pushWaiting(tx: Tx, dueAt: Date, cause: Cause): Promise<void> {
  await tx.sql
    .updateTable('write_back')
    .set({ due_at: sql`greatest(due_at, ${dueAt})` as never, cause: JSON.stringify(cause) })
    .where('state', '=', 'waiting')
    .where('due_at', '<=', dueAt)
    .execute()
}

/** Those waiting for the provider may go now: it answers again. */
export async function pullWaiting(tx: Tx, now: Date): Promise<void> {
  await tx.sql
    .updateTable('write_back')
    .set({ due_at: now, cause: null })
    .where('state', '=', 'waiting')
    .where('due_at', '>', now)
    .where('look_after', 'is', null)
    .execute()
}
