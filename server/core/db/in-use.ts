/**
 * Who uses this database. Every server and every admin command holds the lock in common for as long as it lives; a
 * restore takes it alone, so that neither begins while the other is there. The database lets go of it when a process
 * dies, however that happens.
 */
import type pg from 'pg'

const key = `hashtextextended('e-reception-book: in use', 0)`

async function got(client: pg.ClientBase, lock: string): Promise<boolean> {
  const { rows } = await client.query<{ got: boolean }>(`select ${lock}(${key}) as got`)
  return rows[0]?.got === true
}

export class BeingRestored extends Error {
  constructor() {
    super('A backup is being, or has been, restored into this database. Start again when that is done.')
    this.name = 'BeingRestored'
  }
}

/**
 * Held until this connection ends; throws where a restore is at work. Returns what the tables are known by, which a
 * restore changes: one who lost the lock for a while sees whether a restore came and went. Null: none yet.
 */
export async function holdInUse(client: pg.ClientBase): Promise<string | null> {
  if (!(await got(client, 'pg_try_advisory_lock_shared'))) throw new BeingRestored()
  const { rows } = await client.query<{ known: string | null }>(
    `select to_regclass('system.site')::oid::text as known`,
  )
  return rows[0]?.known ?? null
}

/** True when nobody else uses the database; nobody can begin to before this transaction has ended. */
export async function takeAlone(client: pg.ClientBase): Promise<boolean> {
  return await got(client, 'pg_try_advisory_xact_lock')
}
