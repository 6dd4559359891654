import { type ColumnType, type Selectable, sql } from 'kysely'
import type { ChangeKind, ImportState, KindCounts, MisPersonState, PersonKind } from '../../shared/mis.ts'
import type { Cause } from '../../shared/values.ts'
import type { Db, Tx } from '../core/db/db.ts'

type Json<T> = ColumnType<T, string | null, string | null>
export type Counts = { students: KindCounts; employees: KindCounts }
export type Field = { field: string; from: string | null; to: string | null }

type RunTable = {
  site_id: string
  id: string
  state: ImportState
  trigger: 'manual' | 'nightly' | 'api'
  preview: boolean
  apply: ColumnType<boolean, boolean | undefined, boolean>
  asked_by: string | null
  queued_at: Date
  started_at: Date | null
  finished_at: Date | null
  lease_until: Date | null
  step: ColumnType<string, string | undefined, string>
  read: ColumnType<number, number | undefined, number>
  counts: ColumnType<Counts, string, string>
  cause: Json<Cause | null>
  notes: ColumnType<string[], string | undefined, string>
}
export type RunRow = Selectable<RunTable>

type ChangeTable = {
  site_id: string
  run_id: string
  n: number
  kind: PersonKind
  mis_id: string | null
  person_id: string | null
  name: string
  change: ChangeKind
  fields: ColumnType<Field[], string, never>
  before: ColumnType<Record<string, unknown> | null, string | null, never>
  cause: ColumnType<Cause | null, string | null, never>
}
export type ChangeRow = Selectable<ChangeTable>

type MisPersonTable = {
  site_id: string
  kind: PersonKind
  mis_id: string
  forename: string
  surname: string
  search_key: string
  year_group: string | null
  reg_group: string | null
  importing: boolean
  offered: boolean
  state: MisPersonState
  person_id: string | null
  different_from: ColumnType<string[], string[] | undefined, string[]>
}
export type MisPersonRow = Selectable<MisPersonTable>

declare module '../core/db/db.ts' {
  interface Tables {
    import_run: RunTable
    import_change: ChangeTable
    mis_person: MisPersonTable
    selection_default: { site_id: string; kind: PersonKind; importing: boolean }
  }
}

const json = (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value))

export type NewRun = Pick<RunRow, 'id' | 'trigger' | 'preview' | 'asked_by' | 'queued_at' | 'counts'>

/** False when a run is live already. */
export async function insertRun(tx: Tx, run: NewRun): Promise<boolean> {
  const result = await tx.sql
    .insertInto('import_run')
    .values({
      ...run,
      site_id: tx.siteId,
      state: 'queued',
      counts: JSON.stringify(run.counts),
      started_at: null,
      finished_at: null,
      lease_until: null,
      cause: null,
    })
    .onConflict((on) => on.doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows) > 0
}

export async function findRun(db: Db, id: string): Promise<RunRow | undefined> {
  return await db.sql.selectFrom('import_run').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function lockRun(tx: Tx, id: string): Promise<RunRow | undefined> {
  return await tx.sql.selectFrom('import_run').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function findLive(db: Db): Promise<RunRow | undefined> {
  return await db.sql
    .selectFrom('import_run')
    .selectAll()
    .where('state', 'in', ['queued', 'running'])
    .executeTakeFirst()
}

/** Newest first. */
export async function listRuns(
  db: Db,
  before: { at: string; id: string } | null,
  limit: number,
): Promise<RunRow[]> {
  let query = db.sql.selectFrom('import_run').selectAll()
  if (before !== null)
    query = query.where(sql<boolean>`(queued_at, id) < (${before.at}::timestamptz, ${before.id}::uuid)`)
  return await query.orderBy('queued_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

type RunChange = Partial<
  Pick<
    RunRow,
    | 'state'
    | 'apply'
    | 'queued_at'
    | 'started_at'
    | 'finished_at'
    | 'lease_until'
    | 'step'
    | 'read'
    | 'trigger'
  >
> & { counts?: Counts; cause?: Cause | null; notes?: string[] }

export async function updateRun(
  tx: Tx,
  id: string,
  { counts, cause, notes, ...plain }: RunChange,
): Promise<void> {
  await tx.sql
    .updateTable('import_run')
    .set({
      ...plain,
      ...(counts === undefined ? {} : { counts: JSON.stringify(counts) }),
      ...(cause === undefined ? {} : { cause: json(cause) }),
      ...(notes === undefined ? {} : { notes: JSON.stringify(notes) }),
    })
    .where('id', '=', id)
    .execute()
}

/** Held ones but this are overtaken. */
export async function discardOlder(tx: Tx, id: string, cause: Cause): Promise<void> {
  await tx.sql
    .updateTable('import_run')
    .set({ state: 'discarded', cause: JSON.stringify(cause) })
    .where('state', '=', 'held')
    .where('id', '!=', id)
    .execute()
}

/** The import applied last, whatever came of the people since. */
export async function newestDone(db: Db): Promise<RunRow | undefined> {
  return await db.sql
    .selectFrom('import_run')
    .selectAll()
    .where('state', '=', 'done')
    .orderBy('finished_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
}

const undoneCause = sql<string>`cause->>'code'`

/** Whether an import was undone and none has waited for a person since. */
export async function waitsAfterUndo(db: Db): Promise<boolean> {
  const found = await db.sql
    .selectFrom('import_run')
    .select('id')
    .where('state', '=', 'undone')
    .where(undoneCause, '=', 'import.undone')
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}

/** One has: those that follow it go as ever. */
export async function endWaitAfterUndo(tx: Tx): Promise<void> {
  await tx.sql
    .updateTable('import_run')
    .set({ cause: null })
    .where('state', '=', 'undone')
    .where(undoneCause, '=', 'import.undone')
    .execute()
}

export type NewChange = Omit<ChangeRow, 'site_id' | 'run_id' | 'n'>

/** What a run does to whom; a second reading of the same run takes the place of the first. */
export async function replaceChanges(tx: Tx, runId: string, changes: readonly NewChange[]): Promise<void> {
  await tx.sql.deleteFrom('import_change').where('run_id', '=', runId).execute()
  if (changes.length === 0) return
  await sql`insert into import_change (site_id, run_id, n, kind, mis_id, person_id, name, change, fields, before, cause)
    select ${tx.siteId}::uuid, ${runId}::uuid, r.n, r.kind, r.mis_id, r.person_id, r.name, r.change, r.fields, r.before, r.cause
    from jsonb_to_recordset(${JSON.stringify(changes.map((change, n) => ({ ...change, n })))}::jsonb)
      as r(n int, kind text, mis_id text, person_id uuid, name text, change text, fields jsonb, before jsonb, cause jsonb)`.execute(
    tx.sql,
  )
}

export async function listChanges(db: Db, runId: string, after: number, limit: number): Promise<ChangeRow[]> {
  return await db.sql
    .selectFrom('import_change')
    .selectAll()
    .where('run_id', '=', runId)
    .where('n', '>', after)
    .orderBy('n')
    .limit(limit)
    .execute()
}

export async function listMisPeople(db: Db): Promise<MisPersonRow[]> {
  return await db.sql.selectFrom('mis_person').selectAll().execute()
}

export async function upsertMisPeople(
  tx: Tx,
  rows: readonly Omit<MisPersonRow, 'site_id' | 'different_from'>[],
): Promise<void> {
  if (rows.length === 0) return
  await sql`insert into mis_person
      (site_id, kind, mis_id, forename, surname, search_key, year_group, reg_group, importing, offered, state, person_id)
    select ${tx.siteId}::uuid, r.kind, r.mis_id, r.forename, r.surname, r.search_key, r.year_group, r.reg_group,
      r.importing, r.offered, r.state, r.person_id
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(kind text, mis_id text, forename text, surname text,
      search_key text, year_group text, reg_group text, importing boolean, offered boolean, state text, person_id uuid)
    on conflict (site_id, kind, mis_id) do update set forename = excluded.forename, surname = excluded.surname,
      search_key = excluded.search_key, year_group = excluded.year_group, reg_group = excluded.reg_group,
      offered = excluded.offered, state = excluded.state, person_id = excluded.person_id`.execute(tx.sql)
}

export type MisPeopleFilter = {
  kind?: PersonKind | undefined
  importing?: boolean | undefined
  state?: MisPersonState | undefined
  yearGroup?: string | undefined
  regGroup?: string | undefined
  words?: readonly string[] | undefined
}

const offered = (db: Db, filter: MisPeopleFilter) => {
  let query = db.sql.selectFrom('mis_person').selectAll().where('offered', '=', true)
  if (filter.kind !== undefined) query = query.where('kind', '=', filter.kind)
  if (filter.importing !== undefined) query = query.where('importing', '=', filter.importing)
  if (filter.state !== undefined) query = query.where('state', '=', filter.state)
  if (filter.yearGroup !== undefined) query = query.where('year_group', '=', filter.yearGroup)
  if (filter.regGroup !== undefined) query = query.where('reg_group', '=', filter.regGroup)
  for (const word of filter.words ?? [])
    query = query.where(sql`replace(search_key, ' ', '')`, 'like', `%${word}%`)
  return query
}

export type AfterMisPerson = { surname: string; forename: string; misId: string }

/** By surname, forename, id. */
export async function pageMisPeople(
  db: Db,
  filter: MisPeopleFilter,
  after: AfterMisPerson | null,
  limit: number,
): Promise<MisPersonRow[]> {
  let query = offered(db, filter)
  if (after !== null)
    query = query.where(
      sql<boolean>`(surname, forename, mis_id) > (${after.surname}, ${after.forename}, ${after.misId})`,
    )
  return await query.orderBy('surname').orderBy('forename').orderBy('mis_id').limit(limit).execute()
}

export async function matchingMisPeople(db: Db, filter: MisPeopleFilter): Promise<MisPersonRow[]> {
  return await offered(db, filter).execute()
}

export async function misPeopleByIds(db: Db, misIds: readonly string[]): Promise<MisPersonRow[]> {
  return await db.sql
    .selectFrom('mis_person')
    .selectAll()
    .where('mis_id', '=', sql<string>`any(${misIds}::text[])`)
    .execute()
}

export async function setImporting(
  tx: Tx,
  kind: PersonKind,
  misIds: readonly string[],
  importing: boolean,
): Promise<void> {
  await tx.sql
    .updateTable('mis_person')
    .set({ importing })
    .where('kind', '=', kind)
    .where('mis_id', '=', sql<string>`any(${misIds}::text[])`)
    .execute()
}

export async function setAllImporting(tx: Tx, kind: PersonKind, importing: boolean): Promise<void> {
  await tx.sql.updateTable('mis_person').set({ importing }).where('kind', '=', kind).execute()
}

export async function putDefault(tx: Tx, kind: PersonKind, importing: boolean): Promise<void> {
  await tx.sql
    .insertInto('selection_default')
    .values({ site_id: tx.siteId, kind, importing })
    .onConflict((on) => on.columns(['site_id', 'kind']).doUpdateSet({ importing }))
    .execute()
}

export async function listDefaults(db: Db): Promise<{ kind: PersonKind; importing: boolean }[]> {
  return await db.sql.selectFrom('selection_default').select(['kind', 'importing']).execute()
}

export async function setMatch(
  tx: Tx,
  kind: PersonKind,
  misId: string,
  set: { person_id: string | null; state: MisPersonState; different_from: string[] },
): Promise<void> {
  await tx.sql
    .updateTable('mis_person')
    .set(set)
    .where('kind', '=', kind)
    .where('mis_id', '=', misId)
    .execute()
}

export async function moveMatches(tx: Tx, kind: PersonKind, from: string, to: string): Promise<void> {
  await tx.sql
    .updateTable('mis_person')
    .set({
      person_id: sql<string | null>`case when person_id = ${from}::uuid then ${to}::uuid else person_id end`,
      different_from: sql<string[]>`array_replace(different_from, ${from}::uuid, ${to}::uuid)`,
    })
    .where('kind', '=', kind)
    .where((eb) => eb.or([eb('person_id', '=', from), sql<boolean>`${from}::uuid = any(different_from)`]))
    .execute()
}

export type PersonChange = Pick<ChangeRow, 'run_id' | 'change' | 'fields'> & {
  finished_at: Date | null
  state: ImportState
}

/** What imports that were applied did to these records, undone ones too; newest first. */
export async function listChangesOfPeople(
  db: Db,
  ids: readonly string[],
  limit: number,
): Promise<PersonChange[]> {
  return await db.sql
    .selectFrom('import_change as c')
    .innerJoin('import_run as r', (join) =>
      join.onRef('r.site_id', '=', 'c.site_id').onRef('r.id', '=', 'c.run_id'),
    )
    .select(['c.run_id', 'c.change', 'c.fields', 'r.finished_at', 'r.state'])
    .where('c.person_id', '=', sql<string>`any(${ids}::uuid[])`)
    .where('c.change', 'not in', ['may-match', 'problem'])
    .where('r.state', 'in', ['done', 'undone'])
    .orderBy('r.queued_at', 'desc')
    .orderBy('c.n')
    .limit(limit)
    .execute()
}
