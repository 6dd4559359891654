/**
 * What of a database is ours, by its catalogue: all of `system` and `auth`, and in the schema of the schools' tables
 * those that row-level security closes. Jobs are left out: a job is a nudge, and the row it names is the truth.
 */
import type pg from 'pg'

/** `name` is as SQL wants it, without a schema where it needs none; `sited`: its rows show only within their site. */
export type Table = { name: string; sited: boolean; columns: string[] }

const notOfExtension = (oid: string, catalogue: string) =>
  `not exists (select from pg_depend d where d.classid = '${catalogue}'::regclass and d.objid = ${oid} and d.deptype = 'e')`

const isOurs = `(n.nspname in ('system', 'auth') or (n.nspname = current_schema() and c.relrowsecurity))`
const isMigrations = `(n.nspname = 'system' and c.relname in ('migration', 'migration_lock'))`

/** Every table that a backup holds; none where e-Reception Book has never been. */
export async function listTables(client: pg.ClientBase): Promise<Table[]> {
  const { rows } = await client.query<Table>(
    `select c.oid::regclass::text as name, c.relrowsecurity as sited,
       array(select quote_ident(a.attname) from pg_attribute a
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
         order by a.attnum) as columns
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and not c.relispartition and ${isOurs} and not ${isMigrations}
     order by 1`,
  )
  return rows
}

/** The migrations that have run here. */
export async function listMigrations(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ there: boolean }>(
    `select to_regclass('system.migration') is not null as there`,
  )
  if (rows[0]?.there !== true) return []
  const run = await client.query<{ name: string }>(`select name from system.migration order by name`)
  return run.rows.map(({ name }) => name)
}

/** The first thing that would be lost or mixed with ours; null where the database is as good as new. */
export async function findContent(client: pg.ClientBase): Promise<string | null> {
  const { rows } = await client.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p', 'v', 'm', 'f') and not ${isOurs} and n.nspname not in ('jobs', 'information_schema')
       and n.nspname not like 'pg\\_%' and ${notOfExtension('c.oid', 'pg_class')} limit 1`,
  )
  if (rows[0] !== undefined) return rows[0].name
  for (const { name, sited } of await listTables(client)) {
    // Rows of a site need a site, and settings are there from the first start on.
    if (sited || name === 'system.setting') continue
    if ((await client.query(`select from ${name} limit 1`)).rowCount !== 0) return name
  }
  return null
}

/** Takes away all that is ours and nothing else. Fails where something of somebody else's hangs on it. */
export async function dropOurs(client: pg.ClientBase): Promise<void> {
  const drop = async (text: string) => {
    for (const { sql } of (await client.query<{ sql: string }>(text)).rows) await client.query(sql)
  }
  await drop(
    `select 'drop table ' || string_agg(c.oid::regclass::text, ', ') as sql
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind in ('r', 'p') and not c.relispartition and ${isOurs} having count(*) > 0`,
  )
  // What was theirs: the functions of their triggers and the like.
  await drop(
    `select 'drop routine ' || p.oid::regprocedure as sql from pg_proc p
     where p.pronamespace = current_schema()::regnamespace and p.proowner = current_user::regrole
       and ${notOfExtension('p.oid', 'pg_proc')}`,
  )
  await client.query(`drop schema if exists jobs, system, auth cascade`)
}

/**
 * Opens these tables for loading, each whole and in any order, and returns what makes them as they were: foreign keys
 * checked once over everything, triggers, counters behind the highest number, row-level security for the owner too.
 */
export async function openForLoading(
  client: pg.ClientBase,
  tables: readonly Table[],
): Promise<() => Promise<void>> {
  const names = tables.map(({ name }) => name)
  const ask = async (text: string): Promise<string[]> =>
    (await client.query<{ sql: string }>(text, [names])).rows.map(({ sql }) => sql)
  const keys = `from pg_constraint where contype = 'f' and conparentid = 0 and conrelid = any($1::text[]::regclass[])`
  const dropKeys = await ask(
    `select format('alter table %s drop constraint %I', conrelid::regclass, conname) as sql ${keys}`,
  )
  const addKeys = await ask(
    `select format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
       as sql ${keys}`,
  )
  const counters = await ask(
    `select format('select setval(%L, coalesce(max(%I), 0) + 1, false) from %s',
       pg_get_serial_sequence(t, a.attname), a.attname, t) as sql
     from unnest($1::text[]) t join pg_attribute a on a.attrelid = t::regclass and a.attnum > 0 and not a.attisdropped
     where pg_get_serial_sequence(t, a.attname) is not null`,
  )
  const forEach = async (what: (table: Table) => string) => {
    for (const table of tables) await client.query(`alter table ${table.name} ${what(table)}`)
  }
  for (const sql of dropKeys) await client.query(sql)
  await forEach(({ sited }) => `disable trigger user${sited ? ', no force row level security' : ''}`)
  return async () => {
    for (const sql of counters) await client.query(sql)
    for (const sql of addKeys) await client.query(sql)
    await forEach(({ sited }) => `enable trigger user${sited ? ', force row level security' : ''}`)
    await client.query(`analyze ${names.join(', ')}`)
  }
}
