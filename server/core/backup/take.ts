/** Takes a backup of a database in use: one snapshot, read by an ordinary role that row-level security binds. */
import type pg from 'pg'
import { copyOut } from '../db/copy.ts'
import type { Database } from '../db/db.ts'
import { holdInUse } from '../db/in-use.ts'
import { type Header, writeBackup } from './file.ts'
import { endOfRows } from './sections.ts'
import { listMigrations, listTables, type Table } from './tables.ts'

/** COPY writes each value the same on every server. */
export const plainValues = `set local datestyle to 'ISO'; set local intervalstyle to 'postgres';
  set local timezone to 'UTC'; set local bytea_output to 'hex'; set local extra_float_digits to 1;
  set local client_encoding to 'UTF8'; set local statement_timeout to 0;
  set local idle_in_transaction_session_timeout to 0`

export type About = { release: string; secretKey: Buffer | null }

/** FILE holds all as it was at `takenAt`, whatever happens meanwhile. Throws, and leaves FILE as it was. */
export async function takeBackup(
  database: Database,
  file: string,
  about: About,
): Promise<{ bytes: number; takenAt: string }> {
  const client = await database.dedicated()
  // What it was doing fails and says so.
  client.on('error', () => {})
  try {
    await holdInUse(client)
    const { tables, header } = await begin(client)
    const stream = body(client, tables, about.secretKey)
    const { bytes } = await writeBackup(file, { ...header, release: about.release }, stream)
    return { bytes, takenAt: header.takenAt }
  } finally {
    await client.end()
  }
}

type Begun = { tables: Table[]; header: Omit<Header, 'release'> }

/**
 * Begins the transaction. LOCK takes no snapshot, so that once it is granted no migration can come between the
 * snapshot and the reading; where one came before it, the tables are others than those locked, and it starts anew.
 */
async function begin(client: pg.Client): Promise<Begun> {
  for (;;) {
    const wanted = await levelOf(client)
    if (wanted.migrations.length === 0)
      throw new Error('There is nothing to back up: e-Reception Book has never run with this database.')
    await client.query('begin isolation level repeatable read read only')
    await client.query(plainValues)
    await client.query(`lock table ${wanted.tables.map(({ name }) => name).join(', ')} in access share mode`)
    const { rows } = await client.query<{ at: Date; postgresql: string }>(
      `select clock_timestamp() as at, current_setting('server_version') as postgresql`,
    )
    const found = await levelOf(client)
    const { at, postgresql } = rows[0]!
    if (JSON.stringify(found) === JSON.stringify(wanted))
      return {
        tables: found.tables,
        header: { takenAt: at.toISOString(), postgresql, migrations: found.migrations },
      }
    await client.query('rollback')
  }
}

async function levelOf(client: pg.Client): Promise<{ tables: Table[]; migrations: string[] }> {
  return { tables: await listTables(client), migrations: await listMigrations(client) }
}

async function* body(
  client: pg.Client,
  tables: readonly Table[],
  secretKey: Buffer | null,
): AsyncGenerator<Buffer> {
  const line = (value: unknown) => Buffer.from(`${JSON.stringify(value)}\n`)
  const { rows } = await client.query<{ id: string }>('select id from system.site order by id')
  yield line({ secretKey: secretKey?.toString('hex') ?? null })
  for (const { name, sited, columns } of tables) {
    yield line({ table: name, columns })
    const copy = `copy (select ${columns.join(', ')} from ${name}) to stdout`
    if (!sited) yield* copyOut(client, copy)
    else
      for (const { id } of rows) {
        await client.query(`select set_config('app.site', $1, true)`, [id])
        yield* copyOut(client, copy)
      }
    yield endOfRows
  }
}
