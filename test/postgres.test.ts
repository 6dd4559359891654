import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { checkRole, openDatabase } from '../server/core/db/db.ts'
import { createLog } from '../server/core/log.ts'
import { type TestDatabase, testDatabase } from './postgres.ts'

const made: TestDatabase[] = []

afterEach(async () => {
  for (const database of made.splice(0)) await database.drop()
})

async function fresh(): Promise<TestDatabase> {
  const database = await testDatabase()
  made.push(database)
  return database
}

async function ask(connection: pg.ClientConfig, sql: string): Promise<unknown[][]> {
  const client = new pg.Client(connection)
  await client.connect()
  return await client
    .query({ text: sql, rowMode: 'array' })
    .then(({ rows }) => rows as unknown[][])
    .finally(() => client.end())
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
