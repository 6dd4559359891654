/** Puts a backup into a database: all of it or nothing, in one transaction. */
import { Kysely, PostgresDialect, type Transaction } from 'kysely'
import type pg from 'pg'
import { z } from 'zod'
import { copyIn } from '../db/copy.ts'
import { type Database, enterSite, type Tables, type Tx } from '../db/db.ts'
import { takeAlone } from '../db/in-use.ts'
import { migrateWithin, migrationNames } from '../db/migrate.ts'
import type { Backup } from './file.ts'
import { type Sections, sectionsOf } from './sections.ts'
import { dropOurs, findContent, openForLoading, type Table, listTables } from './tables.ts'
import { plainValues } from './take.ts'

export type RestoreOptions = {
  /** Whether what is there may go. */
  replace: boolean
  /** The last step, within the transaction: does `work` for each site. */
  settle(
    eachSite: (work: (tx: Tx) => Promise<void>) => Promise<void>,
    secretKey: Buffer | null,
  ): Promise<void>
}

const first = z.object({ secretKey: z.hex().length(64).nullable() })
const section = z.object({ table: z.string(), columns: z.array(z.string()) })

/** Refuses, before anything is touched, what this release cannot bring up to itself. */
export function refuseNewer({ header: { migrations, release } }: Backup): void {
  if (migrations.every((name, i) => migrationNames[i] === name)) return
  const unknown = migrations.find((name) => !migrationNames.includes(name))
  throw new Error(
    unknown === undefined
      ? `The backup is of a release (${release}) that this one does not follow. Restore it with that release.`
      : `The backup is of a newer release (${release}, migration ${unknown}). Update this one, then restore.`,
  )
}

/**
 * The database is as it was when the backup was taken, brought up to this release. Throws in plain words, and has
 * changed nothing, where somebody uses the database, where it is not empty and may not be replaced, and where
 * anything at all fails.
 */
export async function restoreBackup(
  database: Database,
  backup: Backup,
  options: RestoreOptions,
): Promise<void> {
  refuseNewer(backup)
  const client = await database.dedicated()
  client.on('error', () => {})
  try {
    await kyselyOn(client)
      .transaction()
      .execute(async (transaction) => {
        await client.query(`${plainValues}; set local lock_timeout to '30s'`)
        if (!(await takeAlone(client)))
          throw new Error(
            'The database is in use. Stop every server (web and worker) and admin command, then restore.',
          )
        await makeRoom(client, options.replace)
        const sections = sectionsOf(backup.body())
        const { secretKey } = first.parse(await sections.next())
        // The tables as they were then; what has changed since comes over the rows, as in any update.
        await migrateWithin(transaction, backup.header.migrations.at(-1))
        await load(client, sections)
        await migrateWithin(transaction)
        await settleSites(client, transaction, (eachSite) =>
          options.settle(eachSite, secretKey === null ? null : Buffer.from(secretKey, 'hex')),
        )
      })
  } finally {
    await client.end()
  }
}

/** One connection, as a database of its own. */
function kyselyOn(client: pg.Client): Kysely<unknown> {
  const only = Object.assign(client, { release: () => {} })
  const pool = { connect: () => Promise.resolve(only), end: () => Promise.resolve(), options: {} }
  return new Kysely({ dialect: new PostgresDialect({ pool }) })
}

async function makeRoom(client: pg.Client, replace: boolean): Promise<void> {
  const found = await findContent(client)
  if (found !== null && !replace)
    throw new Error(
      `The database is not empty (there is something in ${found}). Give --replace to put the backup in its place.`,
    )
  await dropOurs(client)
}

async function load(client: pg.Client, sections: Sections): Promise<void> {
  const tables = await listTables(client)
  const close = await openForLoading(client, tables)
  const left = new Map(tables.map((table) => [table.name, table]))
  for (let next = await sections.next(); next !== null; next = await sections.next()) {
    const { table, columns } = section.parse(next)
    requireKnown(left.get(table), table, columns)
    left.delete(table)
    await copyIn(client, `copy ${table} (${columns.join(', ')}) from stdin`, sections.rows())
  }
  const [missing] = left.keys()
  if (missing !== undefined) throw new Error(`The backup has no table ${missing}.`)
  await close()
}

/** Words of the file get into SQL only where they are the catalogue's own. */
function requireKnown(known: Table | undefined, table: string, columns: readonly string[]): void {
  const stray = columns.find((column) => known?.columns.includes(column) !== true)
  if (known === undefined || stray !== undefined)
    throw new Error(`The backup holds ${table}${stray === undefined ? '' : `.${stray}`}, unknown here.`)
}

async function settleSites(
  client: pg.Client,
  transaction: Transaction<unknown>,
  settle: (eachSite: (work: (tx: Tx) => Promise<void>) => Promise<void>) => Promise<void>,
): Promise<void> {
  const { rows } = await client.query<{ id: string }>('select id from system.site order by id')
  await settle(async (work) => {
    for (const { id } of rows) await work(await enterSite(transaction as Transaction<Tables>, id))
  })
}
