import { sql } from 'kysely'
import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { checkRole } from '../server/core/db/check.ts'
import { openDatabase } from '../server/core/db/db.ts'
import { createLog } from '../server/core/log.ts'
import { ask, type TestDatabase, testDatabase } from './postgres.ts'

const made: TestDatabase[] = []

afterEach(async () => {
  for (const database of made.splice(0)) await database.drop()
})

async function fresh(): Promise<TestDatabase> {
  const database = await testDatabase()
  made.push(database)
  return database
}

test('what one test writes another does not see', async () => {
  const [one, two] = await Promise.all([fresh(), fresh()])
  await ask(one.connection, 'create table public.note (text text)')
  expect(await ask(one.connection, `select to_regclass('public.note') is not null`)).toEqual([[true]])
  expect(await ask(two.connection, `select to_regclass('public.note') is not null`)).toEqual([[false]])
})

test('the role is an ordinary one that row-level security binds', async () => {
  const { connection, superuser } = await fresh()
  const database = openDatabase(connection, createLog('silent'), 1)
  await expect(checkRole(database)).resolves.toBeUndefined()
  await database.close()
  const other = openDatabase(superuser, createLog('silent'), 1)
  await expect(checkRole(other)).rejects.toThrow('superuser')
  await other.close()
})

test('the copy is migrated, and the ordinary role owns every table', async () => {
  const { connection } = await fresh()
  const tables = await ask(
    connection,
    `select schemaname, count(*) filter (where tableowner <> current_user)::int from pg_tables
      where schemaname not in ('pg_catalog', 'information_schema') group by 1 order by 1`,
  )
  expect(tables).toContainEqual(['system', 0])
  expect(tables).toContainEqual(['jobs', 0])
  expect(tables.every(([, foreign]) => foreign === 0)).toBe(true)
})

test('the address leads a server process to the same database', async () => {
  const { connection, url } = await fresh()
  expect(await ask({ connectionString: url }, 'select current_database()::text, current_user::text')).toEqual(
    [[connection.database, connection.user]],
  )
})

test('a dropped database is gone, even with somebody still connected', async () => {
  const { connection, drop } = await testDatabase()
  const client = new pg.Client(connection)
  client.on('error', () => {})
  await client.connect()
  await drop()
  await expect(ask(connection, 'select 1')).rejects.toThrow('does not exist')
  await client.end().catch(() => {})
})

const site = '01a00000-0000-7000-8000-000000000001'

test('a table changed by a newer version is no trouble to an older one that still runs', async () => {
  const { connection } = await fresh()
  await ask(connection, 'create table public.note (n int, text text)')
  await ask(connection, `insert into public.note values (1, 'one')`)
  const database = openDatabase(connection, createLog('silent'), 3)
  const read = () =>
    database.read(
      site,
      async (db) => (await sql`select * from public.note where n = ${1}`.execute(db.sql)).rows,
    )
  await Promise.all([read(), read(), read()])
  await ask(connection, 'alter table public.note add column more int')
  expect(await Promise.all([read(), read(), read()])).toEqual(
    Array.from({ length: 3 }, () => [{ n: 1, text: 'one', more: null }]),
  )
  await database.close()
})

test('statements asked for at once are answered each in its turn, in one transaction', async () => {
  const { connection } = await fresh()
  const database = openDatabase(connection, createLog('silent'), 1)
  const answers = await database.write(site, async (tx) =>
    Promise.all(
      Array.from({ length: 20 }, async (_, i) => {
        const { rows } = await sql<{ i: number; at: Date; site: string }>`
          select ${i}::int as i, now() as at, current_setting('app.site') as site`.execute(tx.sql)
        return rows[0]!
      }),
    ),
  )
  expect(answers.map(({ i }) => i)).toEqual(Array.from({ length: 20 }, (_, i) => i))
  expect(new Set(answers.map(({ at }) => at.getTime())).size).toBe(1)
  expect(new Set(answers.map((one) => one.site))).toEqual(new Set([site]))
  await database.close()
})

test('a transaction with a failed statement is never said to be done, even where nobody minded', async () => {
  const { connection } = await fresh()
  await ask(connection, 'create table public.note (n int primary key)')
  const database = openDatabase(connection, createLog('silent'), 1)
  const write = database.write(site, async (tx) => {
    await sql`insert into public.note values (${1})`.execute(tx.sql)
    await sql`insert into public.note values (${1})`.execute(tx.sql).catch(() => {})
  })
  await expect(write).rejects.toThrow('the transaction had failed')
  expect(await ask(connection, 'select * from public.note')).toEqual([])
  await database.close()
})
