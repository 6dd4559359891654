/**
 * LISTEN on one connection of its own, opened again when lost. What was missed meanwhile is for the sweeps. The same
 * connection holds that the database is in use (db/in-use.ts); where a restore has come in between, `onLost` is told.
 */
import type pg from 'pg'
import type { Database } from './db/db.ts'
import { BeingRestored, holdInUse } from './db/in-use.ts'
import type { Log } from './log.ts'

export type WakeUps = {
  on(topic: string, handle: (payload: string) => void): () => void
  close(): Promise<void>
}

export async function listen(
  database: Database,
  log: Log,
  topics: readonly string[],
  onLost: (error: Error) => void = () => {},
): Promise<WakeUps> {
  const handlers = new Map<string, Set<(payload: string) => void>>(topics.map((topic) => [topic, new Set()]))
  let client: pg.Client | null = null
  let closed = false
  let known: string | null = null

  async function connect(): Promise<void> {
    const fresh = await database.dedicated()
    fresh.on('notification', ({ channel, payload }) => {
      for (const handle of handlers.get(channel) ?? []) handle(payload ?? '')
    })
    fresh.on('error', (error) => log.warn({ error: error.message }, 'the listening connection was lost'))
    fresh.on('end', () => {
      client = null
      if (!closed) setTimeout(retry, 1000).unref()
    })
    try {
      const found = await holdInUse(fresh)
      if (known !== null && found !== known) throw new BeingRestored()
      known = found
      for (const topic of topics) await fresh.query(`listen "${topic}"`)
    } catch (error) {
      fresh.removeAllListeners('end')
      await fresh.end().catch(() => {})
      throw error
    }
    client = fresh
  }
  function retry(): void {
    if (closed) return
    connect().catch((error: Error) => {
      if (error instanceof BeingRestored) return onLost(error)
      log.warn({ error: error.message }, 'cannot listen to the database yet')
      if (!closed) setTimeout(retry, 1000).unref()
    })
  }
  await connect()
  return {
    on(topic, handle) {
      const set = handlers.get(topic)
      if (set === undefined) throw new Error(`nobody listens to ${topic}`)
      set.add(handle)
      return () => set.delete(handle)
    },
    async close() {
      closed = true
      await client?.end()
    },
  }
}
