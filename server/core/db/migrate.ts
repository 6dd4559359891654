import { Kysely, PostgresDialect } from 'kysely'
import { Migrator } from 'kysely/migration'
import pg from 'pg'
import { migrations } from '../migrations/migrations.ts'
import type { Connection } from './db.ts'

/** Brings the database to this version, or throws with the step that failed. Safe in many processes at once. */
export async function migrate(connection: Connection): Promise<void> {
  const pool = new pg.Pool({ ...connection, max: 2 })
  pool.on('error', () => {})
  const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) })
  try {
    await pool.query('create schema if not exists system').catch(async (error: { code?: string }) => {
      // Two processes at once: the loser of the race finds it there.
      if (error.code !== '23505' && error.code !== '42P06') throw error
    })
    const migrator = new Migrator({
      db,
      provider: { getMigrations: () => Promise.resolve(migrations) },
      migrationTableSchema: 'system',
      migrationTableName: 'migration',
      migrationLockTableName: 'migration_lock',
    })
    const { error, results } = await migrator.migrateToLatest()
    if (error !== undefined) {
      const failed = results?.find((result) => result.status === 'Error')?.migrationName ?? 'the first'
      throw new Error(`Migration ${failed} failed: ${error instanceof Error ? error.message : 'unknown'}`, {
        cause: error,
      })
    }
  } finally {
    await db.destroy()
  }
}
