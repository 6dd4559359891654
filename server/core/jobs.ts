/**
 * Jobs over pg-boss in schema `jobs`. A job is a nudge that carries an id; the row it names is the truth, and a
 * handler is safe to repeat. Added in the caller's transaction, so that neither exists without the other.
 */
import { fromKysely, PgBoss } from 'pg-boss'
import type { Connection, SystemTx } from './db/db.ts'
import type { Log } from './log.ts'

export type JobName = 'import'
export type JobPayload = { siteId: string; id: string }

export type Jobs = {
  add(tx: SystemTx, name: JobName, payload: JobPayload): Promise<void>
  work(name: JobName, atOnce: number, handle: (payload: JobPayload) => Promise<void>): Promise<void>
  stop(): Promise<void>
}

const names: readonly JobName[] = ['import']

export async function startJobs(connection: Connection, log: Log): Promise<Jobs> {
  const boss = new PgBoss({
    ...connection,
    schema: 'jobs',
    application_name: 'e-reception-book-jobs',
    max: 4,
  })
  boss.on('error', (error: Error) => log.warn({ error: error.message }, 'jobs'))
  await boss.start()
  // Two retries a minute apart: the row's own sweep is behind them.
  for (const name of names)
    await boss.createQueue(name, { retryLimit: 2, retryDelay: 60, expireInSeconds: 900 })
  return {
    async add(tx, name, payload) {
      const executor = { executeQuery: tx.sql.executeQuery.bind(tx.sql) }
      await boss.send(name, payload, { db: fromKysely(executor) })
    },
    async work(name, atOnce, handle) {
      for (let i = 0; i < atOnce; i++)
        await boss.work<JobPayload>(name, { pollingIntervalSeconds: 0.5 }, async (jobs) => {
          for (const job of jobs) await handle(job.data)
        })
    },
    stop: () => boss.stop({ graceful: true, timeout: 5000 }),
  }
}
