/** The job: claim the run, read, then compare and change in one transaction. Safe to run twice. */
import { causeOf } from '../../shared/causes.ts'
import type { App } from '../app.ts'
import { replaceCodes } from '../attendance/reasons.ts'
import type { Tx } from '../core/db/db.ts'
import { lockFor, wake } from '../core/db/db.ts'
import { newId } from '../core/ids.ts'
import {
  type ConnectionRow,
  findConnection,
  learn,
  misOf,
  schoolStateAfter,
  stateAfter,
  stateOf,
} from '../mis-link/link.ts'
import { insertPeople, listPeopleForPlan, updatePeople } from '../people/people.ts'
import { getSite, misActive, todayAt } from '../sites/sites.ts'
import { whyNot } from './imports.ts'
import { hasGrown, planImport, type Plan } from './plan.ts'
import { causeOfFailure, type Everything, readEverything, readWithinMs } from './read.ts'
import * as store from './store.ts'

const leaseMs = 60_000

/** Does one run. Throws nothing that a run could show: it becomes `failed` with its cause. */
export async function runImport(
  app: App,
  { siteId, id }: { siteId: string; id: string },
  stopping: AbortSignal,
): Promise<void> {
  const claimed = await claim(app, siteId, id)
  if (claimed === null) return
  const { run, connection } = claimed
  try {
    const signal = AbortSignal.any([AbortSignal.timeout(readWithinMs), stopping])
    const progress = reporter(app, siteId, id)
    const everything = await readEverything(misOf(app, connection), signal, progress.tell).finally(
      progress.told,
    )
    await learn(app, siteId, { school: everything.school, state: stateOf(everything.school) })
    await app.db.write(siteId, (tx) => finish(app, tx, run.id, everything))
  } catch (error) {
    // Stopped with the process: the lease runs out, and the run begins again.
    if (stopping.aborted) return
    await fail(app, siteId, run, error)
  }
}

async function claim(
  app: App,
  siteId: string,
  id: string,
): Promise<{ run: store.RunRow; connection: ConnectionRow } | null> {
  return await app.db.write(siteId, async (tx) => {
    const run = await store.lockRun(tx, id)
    const now = app.clock.now()
    const free =
      run?.state === 'queued' ||
      (run?.state === 'running' && (run.lease_until === null || run.lease_until <= now))
    if (run === undefined || !free) return null
    wake(tx, 'changed', `${siteId}:imports`)
    const cause = await whyNot(app, tx)
    if (cause !== null) {
      await store.updateRun(tx, id, {
        state: run.apply ? 'held' : 'failed',
        cause,
        started_at: now,
        finished_at: now,
        lease_until: null,
        step: 'Ended',
      })
      return null
    }
    const lease = new Date(now.getTime() + leaseMs)
    await store.updateRun(tx, id, {
      state: 'running',
      started_at: run.started_at ?? now,
      lease_until: lease,
      step: 'Starting',
      read: 0,
    })
    return { run, connection: (await findConnection(tx))! }
  })
}

/**
 * Tells how far a run is, at most twice a second, and keeps its lease alive. Reading goes on meanwhile; `told` waits
 * until all of it is written, so that nothing of it comes after the end.
 */
function reporter(app: App, siteId: string, id: string) {
  let last = ''
  let at = Number.NEGATIVE_INFINITY
  let telling: Promise<void> = Promise.resolve()
  const write = (step: string, read: number) =>
    app.db.write(siteId, async (tx) => {
      const lease_until = new Date(app.clock.now().getTime() + leaseMs)
      await store.updateRun(tx, id, { step, read, lease_until })
      wake(tx, 'changed', `${siteId}:imports`)
    })
  return {
    tell(step: string, read: number) {
      if (step === last && performance.now() - at < 500) return
      last = step
      at = performance.now()
      telling = telling.then(() => write(step, read))
      telling.catch(() => {})
    },
    told: () => telling,
  }
}

async function fail(app: App, siteId: string, run: store.RunRow, error: unknown): Promise<void> {
  const code = causeOfFailure(error)
  if (code === null) app.log.error({ err: error, siteId, run: run.id }, 'an import failed')
  const state = code === 'import.refused' ? null : (stateAfter(error) ?? schoolStateAfter(error))
  if (state !== null) await learn(app, siteId, { state })
  const words =
    error instanceof Error && code !== null && 'words' in error ? (error.words as string | null) : null
  await app.db.write(siteId, async (tx) => {
    const stands = await store.lockRun(tx, run.id)
    if (stands?.state !== 'running') return
    const now = app.clock.now()
    await store.updateRun(tx, run.id, {
      // An approved plan that could not be read again still waits for its person.
      state: run.apply ? 'held' : 'failed',
      apply: false,
      cause: causeOf(code ?? 'import.stopped', words),
      finished_at: now,
      lease_until: null,
      step: 'Ended',
    })
    wake(tx, 'changed', `${siteId}:imports`)
  })
}

async function finish(app: App, tx: Tx, id: string, everything: Everything): Promise<void> {
  await lockFor(tx, 'import')
  const run = await store.lockRun(tx, id)
  if (run?.state !== 'running') return
  const now = app.clock.now()
  const [site, people, misPeople, wanted] = await Promise.all([
    getSite(tx, tx.siteId),
    listPeopleForPlan(tx),
    store.listMisPeople(tx),
    store.listDefaults(tx),
  ])
  // It may have lapsed while everything was read.
  if (!misActive(site, now)) return await endUnlicensed(tx, run, now)
  const defaults = Object.fromEntries(wanted.map((row) => [row.kind, row.importing]))
  const holding = { people, misPeople, defaults }
  const plan = planImport(everything.reading, holding, todayAt(site, now), now, () => newId(now.getTime()))
  const cause = await reasonToHold(tx, run, plan)
  const done = cause === null
  if (done) await applyPlan(tx, plan, everything)
  await storeOffered(tx, plan, misPeople, done)
  await store.replaceChanges(tx, id, plan.changes)
  await store.discardOlder(tx, id, causeOf('import.newer_run'))
  await store.updateRun(tx, id, {
    state: done ? 'done' : 'held',
    apply: false,
    counts: plan.counts,
    cause,
    notes: everything.notes,
    finished_at: now,
    lease_until: null,
    step: done ? 'Done' : 'Waiting for a person',
  })
  wake(tx, 'changed', `${tx.siteId}:imports`)
}

async function endUnlicensed(tx: Tx, run: store.RunRow, now: Date): Promise<void> {
  await store.updateRun(tx, run.id, {
    state: run.apply ? 'held' : 'failed',
    apply: false,
    cause: causeOf('import.not_licensed'),
    finished_at: now,
    lease_until: null,
    step: 'Ended',
  })
  wake(tx, 'changed', `${tx.siteId}:imports`)
}

async function reasonToHold(
  tx: Tx,
  run: store.RunRow,
  plan: Plan,
): Promise<ReturnType<typeof causeOf> | null> {
  if (run.apply) {
    const approved = await store.listChanges(tx, run.id, -1, 1_000_000)
    return hasGrown(plan, approved) ? causeOf('import.grew') : null
  }
  if (run.preview) return plan.brake ?? causeOf('import.preview')
  if (await store.waitsAfterUndo(tx)) {
    await store.endWaitAfterUndo(tx)
    return causeOf('import.after_undo')
  }
  return plan.brake
}

async function applyPlan(tx: Tx, plan: Plan, { codes }: Everything): Promise<void> {
  await insertPeople(tx, plan.insert)
  await updatePeople(tx, plan.update)
  await replaceCodes(tx, codes)
  // Marks may have waited for a student who is in the MIS now.
  wake(tx, 'marks', tx.siteId)
  wake(tx, 'changed', `${tx.siteId}:people`)
}

/** What the MIS offered, previews too; only what is news is written. A kind that came back empty stays as it was. */
async function storeOffered(
  tx: Tx,
  plan: Plan,
  before: readonly store.MisPersonRow[],
  done: boolean,
): Promise<void> {
  const stands = new Map(before.map((row) => [`${row.kind} ${row.mis_id}`, row]))
  const rows = plan.offered.map(({ now, after, ...row }) => ({ ...row, ...(done ? after : now) }))
  const news = rows.filter((row) => {
    const old = stands.get(`${row.kind} ${row.mis_id}`)
    return (
      old === undefined || Object.entries(row).some(([key, value]) => old[key as keyof typeof old] !== value)
    )
  })
  await store.upsertMisPeople(tx, news)
  const offered = new Set(rows.map((row) => `${row.kind} ${row.mis_id}`))
  const kinds = new Set(rows.map((row) => row.kind))
  const gone = before.filter(
    (row) => row.offered && kinds.has(row.kind) && !offered.has(`${row.kind} ${row.mis_id}`),
  )
  await store.upsertMisPeople(
    tx,
    gone.map(({ site_id: _site, different_from: _different, ...row }) => ({ ...row, offered: false })),
  )
}
