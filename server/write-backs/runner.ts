/**
 * Delivery, the worker's part: schools are nudged when a mark is owed and swept in case a nudge was lost. Each is
 * worked by one worker at a time (a session lock); the rows' own states keep marks single even without it.
 */
import type pg from 'pg'
import type { App } from '../app.ts'
import { allSiteIds } from '../sites/sites.ts'
import { type CodeIds, type Memory, noMemory, runRound } from './round.ts'

const sweepMs = 30_000
/** A school that has something to do is looked at this often at least: clocks move, days end. */
const longestNapMs = 30_000
const afterFaultMs = 5_000

type Worker = {
  memory: Memory
  running: boolean
  again: boolean
  timer: NodeJS.Timeout | undefined
  locked: boolean
}

export type Delivery = { nudge(siteId: string): void; stop(): Promise<void> }

export async function startDelivery(app: App, codeIds: CodeIds): Promise<Delivery> {
  const workers = new Map<string, Worker>()
  const rounds = new Set<Promise<void>>()
  const locks = createLocks(app)
  let stopped = false

  function nudge(siteId: string): void {
    if (stopped) return
    let worker = workers.get(siteId)
    if (worker === undefined) {
      worker = { memory: noMemory(), running: false, again: false, timer: undefined, locked: false }
      workers.set(siteId, worker)
    }
    if (worker.running) worker.again = true
    else start(siteId, worker)
  }

  function start(siteId: string, worker: Worker): void {
    clearTimeout(worker.timer)
    worker.running = true
    worker.again = false
    const round = work(siteId, worker).finally(() => rounds.delete(round))
    rounds.add(round)
  }

  async function work(siteId: string, worker: Worker): Promise<void> {
    let next: number | null
    try {
      worker.locked ||= await locks.take(siteId)
      // Another worker has this school; it heard the same nudge.
      next = worker.locked ? await runRound(app, siteId, worker.memory, codeIds) : null
    } catch (error) {
      app.log.error({ err: error, siteId }, 'a round of marks failed')
      next = afterFaultMs
    }
    worker.running = false
    if (stopped) return
    if (worker.again) start(siteId, worker)
    else if (next === null) await rest(siteId, worker)
    else {
      worker.timer = setTimeout(() => start(siteId, worker), Math.min(next, longestNapMs))
      worker.timer.unref()
    }
  }

  async function rest(siteId: string, worker: Worker): Promise<void> {
    workers.delete(siteId)
    if (worker.locked) await locks.give(siteId)
    // One nudged while the lock was given back found no worker and made its own.
  }

  async function sweep(): Promise<void> {
    for (const siteId of await app.db.system(allSiteIds)) nudge(siteId)
  }
  const off = app.wakeUps.on('marks', nudge)
  const sweeper = setInterval(() => {
    sweep().catch((error: Error) => app.log.warn({ err: error }, 'the sweep of marks failed'))
  }, sweepMs)
  sweeper.unref()
  await sweep()
  return {
    nudge,
    async stop() {
      stopped = true
      off()
      clearInterval(sweeper)
      for (const worker of workers.values()) clearTimeout(worker.timer)
      await Promise.allSettled([...rounds])
      await locks.close()
    },
  }
}

/** Session locks of this worker, all on one connection; lost with it, which only means more care by the rows. */
function createLocks(app: App) {
  let client: Promise<pg.Client> | null = null

  async function connect(): Promise<pg.Client> {
    const fresh = await app.db.dedicated()
    const drop = () => {
      client = null
    }
    fresh.on('error', drop)
    fresh.on('end', drop)
    return fresh
  }
  // One query at a time on the one connection.
  let last: Promise<unknown> = Promise.resolve()
  function ask(text: string, siteId: string): Promise<boolean> {
    const answer = last.then(() => askNow(text, siteId))
    last = answer.catch(() => undefined)
    return answer
  }
  async function askNow(text: string, siteId: string): Promise<boolean> {
    client ??= connect()
    try {
      const { rows } = await (await client).query<{ done: boolean }>(text, [`marks:${siteId}`])
      return rows[0]?.done ?? false
    } catch (error) {
      client = null
      throw error
    }
  }
  return {
    take: (siteId: string) => ask('select pg_try_advisory_lock(hashtextextended($1, 0)) as done', siteId),
    give: (siteId: string) =>
      ask('select pg_advisory_unlock(hashtextextended($1, 0)) as done', siteId).catch(() => false),
    async close() {
      const open = await client?.catch(() => null)
      client = null
      await open?.end().catch(() => undefined)
    },
  }
}
