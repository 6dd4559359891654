/** What the worker role does: marks, imports, and the ticks behind them. */
import type { App } from './app.ts'
import { lookForOverdue } from './attendance/back.ts'
import { codeIds } from './attendance/reasons.ts'
import { postSummaries } from './attendance/summary.ts'
import { every } from './core/ticks.ts'
import { reviveImports, startDueImports } from './imports/imports.ts'
import { runImport } from './imports/run.ts'
import { remindOfEnds } from './licences/reminders.ts'
import { deliverMail } from './mail/deliver.ts'
import { watchAccess } from './mis-link/access.ts'
import { startDelivery } from './write-backs/runner.ts'

/** Imports at once in one process; each reads one page at a time. */
const importsAtOnce = 3

export type Worker = { stop(): Promise<void> }

export async function startWorker(app: App): Promise<Worker> {
  const stopping = new AbortController()
  const delivery = await startDelivery(app, codeIds)
  await reviveImports(app)
  await app.jobs.work('import', importsAtOnce, (payload) => runImport(app, payload, stopping.signal))
  const ticks = [
    every(5_000, 'nightly imports', app.log, () => startDueImports(app)),
    every(15_000, 'requests for access', app.log, () => watchAccess(app)),
    every(30_000, 'revive imports', app.log, () => reviveImports(app)),
    every(20_000, 'licence reminders', app.log, () => remindOfEnds(app)),
    every(5_000, 'expected back', app.log, () => lookForOverdue(app)),
    every(5_000, 'marks by e-mail', app.log, () => postSummaries(app)),
    every(2_000, 'mail', app.log, () => deliverMail(app)),
  ]
  return {
    async stop() {
      stopping.abort()
      await Promise.all([...ticks.map((tick) => tick.stop()), delivery.stop()])
    },
  }
}
