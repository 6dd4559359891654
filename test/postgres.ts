/** A database of its own for a test: migrated, empty, owned by the ordinary role, gone with `drop()`. */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { SocketConnection } from '../server/core/postgres/launcher.ts'

export type TestDatabase = {
  /** For `openDatabase`, `startJobs` and `pg`: the ordinary role, bound by row-level security. */
  connection: SocketConnection
  /** The same database as superuser, to look behind the application's back. */
  superuser: SocketConnection
  /** The same as `connection`, as a DATABASE_URL for a server process. */
  url: string
  /** Ends whoever is still connected. */
  drop(): Promise<void>
}

/** The run's server: its template database as the ordinary role, and the same as superuser. */
type TestServer = { template: SocketConnection; superuser: SocketConnection }

const variable = 'TEST_POSTGRES_SERVER'

/** Tells the test processes where the run's server is; they inherit the environment of the one that starts them. */
export function announce(server: TestServer): void {
  process.env[variable] = JSON.stringify(server)
}

/** A fresh copy of the migrated template; tests in other files and processes never see it. */
export async function testDatabase(): Promise<TestDatabase> {
  const announced = process.env[variable]
  if (announced === undefined) throw new Error('test/global-postgres.ts is not the global set-up of this run')
  const { template, superuser } = JSON.parse(announced) as TestServer
  const database = `test_${randomUUID().replaceAll('-', '').slice(0, 16)}`
  const run = async (sql: string) => {
    const client = new pg.Client({ ...superuser, database: 'postgres' })
    await client.connect()
    await client.query(sql).finally(() => client.end())
  }
  await run(`create database ${database} template ${template.database} owner ${template.user}`)
  return {
    connection: { ...template, database },
    superuser: { ...superuser, database },
    url: databaseUrl({ ...template, database }),
    drop: () => run(`drop database if exists ${database} with (force)`),
  }
}

/** The rows that this question has, each as an array. */
export async function ask(connection: pg.ClientConfig, sql: string): Promise<unknown[][]> {
  const client = new pg.Client(connection)
  await client.connect()
  return await client
    .query({ text: sql, rowMode: 'array' })
    .then(({ rows }) => rows as unknown[][])
    .finally(() => client.end())
}

/** The tables of every schema but those of jobs and migrations. Of a superuser's connection: nothing is hidden. */
export async function tableNames(superuser: pg.ClientConfig): Promise<string[]> {
  const rows = await ask(
    superuser,
    `select schemaname || '.' || tablename from pg_tables where tablename not like 'migration%'
       and schemaname not in ('pg_catalog', 'information_schema', 'jobs') order by 1`,
  )
  return rows.map(([name]) => String(name))
}

/** Number and digest of the rows of each of them. */
export async function contentOf(superuser: pg.ClientConfig): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {}
  for (const name of await tableNames(superuser)) {
    const digest = `select count(*)::int, md5(string_agg(t::text, E'\n' order by t::text)) from ${name} t`
    found[name] = (await ask({ ...superuser, options: '-c timezone=UTC' }, digest))[0]
  }
  return found
}

/** As a DATABASE_URL. */
export function databaseUrl({ host, port, user, database }: SocketConnection): string {
  const words = new URLSearchParams({ host, port: String(port) })
  return `postgresql://${user}@/${database}?${words.toString()}`
}
