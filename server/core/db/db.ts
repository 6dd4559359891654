/**
 * The database. `Db` reads one site, `Tx` reads and writes one site, `SystemTx` touches only what belongs to no
 * site (schemas auth, system). A Tx does as a Db; never the other way round. In each the site is set for the
 * transaction, and row-level security shows nothing else: a query that forgets its site finds nobody.
 */
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import type { Log } from '../log.ts'
import { isStale, PreparingClient } from './prepared.ts'

// int8 (counts, sums) as numbers: nothing here counts past 2^53. Days stay text: a Date would move them.
pg.types.setTypeParser(pg.types.builtins.INT8, Number)
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text)

/** Each feature adds its own tables by declaration merging in its store.ts. */
// biome-ignore lint/suspicious/noEmptyInterface: filled by the features
export interface Tables {}

declare const writes: unique symbol
declare const sited: unique symbol

export type Db = { readonly sql: Kysely<Tables>; readonly siteId: string; readonly [sited]: true }
export type SystemTx = { readonly sql: Kysely<Tables>; readonly [writes]: true; readonly wakes: Wake[] }
export type Tx = Db & SystemTx

/** A nudge to whoever listens; payloads carry ids, never a name. */
export type Wake = { topic: string; payload: string }

export type Connection = {
  connectionString?: string
  host?: string
  user?: string
  database?: string
  password?: string
}

export type Database = {
  read<T>(siteId: string, fn: (db: Db) => Promise<T>): Promise<T>
  /** One at a time for the site and the key of `lock`, where there is one. */
  write<T>(siteId: string, fn: (tx: Tx) => Promise<T>, lock?: string): Promise<T>
  system<T>(fn: (tx: SystemTx) => Promise<T>): Promise<T>
  /** Single statements that read, outside a transaction and outside every site. */
  look<T>(fn: (db: Pick<Db, 'sql'>) => Promise<T>): Promise<T>
  /** A connection of its own outside the pool, for LISTEN and session locks. */
  dedicated(): Promise<pg.Client>
  readonly pool: pg.Pool
  close(): Promise<void>
}

export function openDatabase(connection: Connection, log: Log, size = 20): Database {
  const pool = new pg.Pool({
    ...connection,
    ...{ max: size, application_name: 'e-reception-book', Client: PreparingClient as never },
  })
  // Without a listener a lost idle connection ends the process.
  pool.on('error', (error) => log.warn({ error: error.message }, 'a database connection was lost'))
  const kysely = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
  const lent = new WeakMap<pg.PoolClient, Kysely<Tables>>()
  /** Speaks on this one connection, and does not wait for one statement before it sends the next. */
  function kyselyOf(client: pg.PoolClient): Kysely<Tables> {
    let found = lent.get(client)
    if (found === undefined) {
      const query = client.query.bind(client) as never
      const pool = { connect: async () => ({ query, release() {} }), end: async () => {} } as never
      found = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })
      lent.set(client, found)
    }
    return found
  }

  // NOTIFY inside a transaction makes commits wait for each other, so nudges go out together right after it. One
  // lost to a crash in between costs a delay, never a mark: every listener has a sweep behind it.
  let pending = new Map<string, Wake>()
  async function flush(): Promise<void> {
    const wakes = [...pending.values()]
    pending = new Map()
    const list = wakes.map((_, i) => `pg_notify($${i * 2 + 1}, $${i * 2 + 2})`).join(', ')
    await pool
      .query(
        `select ${list}`,
        wakes.flatMap((wake) => [wake.topic, wake.payload]),
      )
      .catch((error: Error) =>
        log.warn({ error: error.message }, 'a wake-up was not sent; the sweep will do'),
      )
  }
  function wakeUp(wakes: Wake[]): void {
    if (wakes.length > 0 && pending.size === 0) setImmediate(() => void flush())
    for (const wake of wakes) pending.set(`${wake.topic} ${wake.payload}`, wake)
  }

  /** Each connection of the pool may have been prepared before a newer version changed a table. */
  async function prepared<T>(work: () => Promise<T>): Promise<T> {
    for (let tries = size; ; tries -= 1)
      try {
        return await work()
      } catch (error) {
        if (tries === 0 || !isStale(error)) throw error
      }
  }

  async function transaction<T>(
    begin: string,
    handle: (k: Kysely<Tables>, wakes: Wake[]) => Promise<T>,
  ): Promise<T> {
    const wakes: Wake[] = []
    const client = await pool.connect()
    let broken: Error | undefined
    try {
      // The first statements go out with it; where it fails they fail too, for want of a transaction's site.
      const begun = client.query(begin)
      const [result] = await Promise.all([handle(kyselyOf(client), wakes), begun])
      const ended = await client.query('commit')
      if (ended.command !== 'COMMIT') throw new Error('the transaction had failed before its commit')
      wakeUp(wakes)
      return result
    } catch (error) {
      await client.query('rollback').catch((lost: Error) => {
        broken = lost
      })
      throw error
    } finally {
      client.release(broken)
    }
  }
  const inSite = (mode: string, siteId: string, lock?: string) => {
    if (!/^[0-9a-f-]{36}$/.test(siteId)) throw new Error('not a site id')
    const set = `begin ${mode}; select set_config('app.site', '${siteId}', true)`
    return lock === undefined ? set : `${set}; ${locking(siteId, lock)}`
  }
  return {
    read: (siteId, fn) =>
      prepared(() =>
        transaction(inSite('read only', siteId), (k) => fn({ sql: k, siteId } as unknown as Db)),
      ),
    write: (siteId, fn, lock) =>
      prepared(() =>
        transaction(inSite('', siteId, lock), (k, wakes) => fn({ sql: k, siteId, wakes } as unknown as Tx)),
      ),
    system: (fn) =>
      prepared(() => transaction('begin', (k, wakes) => fn({ sql: k, wakes } as unknown as SystemTx))),
    look: (fn) => prepared(() => fn({ sql: kysely })),
    async dedicated() {
      const client = new pg.Client({ ...connection, application_name: 'e-reception-book' })
      await client.connect()
      return client
    },
    pool,
    async close() {
      await kysely.destroy()
      // It ends the pool only where it has used it.
      if (!pool.ending) await pool.end()
    },
  }
}

/** For a transaction over all sites, one after the other (restoring): from here on it is this site's. */
export async function enterSite(transaction: Kysely<Tables>, siteId: string): Promise<Tx> {
  await sql`select set_config('app.site', ${siteId}, true)`.execute(transaction)
  return { sql: transaction, siteId, wakes: [] } as unknown as Tx
}

/** Wakes whoever listens, once this transaction has committed and not before. */
export function wake(tx: SystemTx, topic: string, payload: string): void {
  tx.wakes.push({ topic, payload })
}

const locking = (siteId: string, key: string) =>
  `select pg_advisory_xact_lock(hashtextextended(${pg.escapeLiteral(`${siteId}:${key}`)}, 0))`

/** One at a time for this site and key until the transaction ends. */
export async function lockFor(tx: Tx, key: string): Promise<void> {
  await sql.raw(locking(tx.siteId, key)).execute(tx.sql)
}
