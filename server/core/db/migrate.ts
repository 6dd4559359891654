import { Kysely, PostgresDialect, sql, type Transaction } from 'kysely'
import { Migrator } from 'kysely/migration'
import pg from 'pg'
import { migrations } from '../migrations/migrations.ts'
import type { Connection } from './db.ts'

/** Those of this release, in the order in which they run. */
export const migrationNames: readonly string[] = Object.keys(migrations).sort()

/** Brings the database to this version, or throws with the step that failed. Safe in many processes at once. */
export async function migrate(connection: Connection): Promise<void> {
  const pool = new pg.Pool({ ...connection, max: 2 })
  pool.on('error', () => {})
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  try {
    await makeSchemas(db).catch((error: { code?: string }) => {
      // Two processes at once: the loser of the race finds it there.
      if (error.code !== '23505' && error.code !== '42P06') throw error
      return makeSchemas(db)
    })
    await run(db)
  } finally {
    await db.destroy()
  }
}

/** The same within a transaction that does more: to the last migration, or to `upTo` and no further. */
export async function migrateWithin(transaction: Transaction<unknown>, upTo?: string): Promise<void> {
  await makeSchemas(transaction)
  await run(transaction, upTo)
}

/**
 * `system`; and for the tables of the schools, where `public` is not ours to write, one named as the role is, which
 * PostgreSQL looks into first. So a role that may only CREATE in a database that another owns will do (contract §2).
 */
async function makeSchemas(db: Kysely<unknown>): Promise<void> {
  await sql`create schema if not exists system`.execute(db)
  const { rows } = await sql<{ ours: boolean | null }>`
    select has_schema_privilege(current_schema(), 'create') as ours`.execute(db)
  if (rows[0]?.ours !== true)
    await sql`do $$ begin execute format('create schema if not exists %I', current_user); end $$`.execute(db)
}

async function run(db: Kysely<unknown>, upTo?: string): Promise<void> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: () => Promise.resolve(migrations) },
    migrationTableSchema: 'system',
    migrationTableName: 'migration',
    migrationLockTableName: 'migration_lock',
  })
  const { error, results } = await (upTo === undefined
    ? migrator.migrateToLatest()
    : migrator.migrateTo(upTo))
  if (error === undefined) return
  const failed = results?.find((result) => result.status === 'Error')?.migrationName ?? 'the first'
  throw new Error(`Migration ${failed} failed: ${error instanceof Error ? error.message : 'unknown'}`, {
    cause: error,
  })
}
