/**
 * Imports: a run is a row that a person can read and a job that may be run twice. Everything is read first; then
 * one transaction changes all, or nothing (contract §3.2).
 */
import type { ImportChange, ImportRun } from '../../shared/mis.ts'
import { causeOf } from '../../shared/causes.ts'
import type { App } from '../app.ts'
import type { Db, Tx } from '../core/db/db.ts'
import { wake } from '../core/db/db.ts'
import { conflict, notFound } from '../core/errors.ts'
import { asId, newId } from '../core/ids.ts'
import { findConnection } from '../mis-link/link.ts'
import { allSiteIds, dueSites, getSite, misActive, moveDueSchedule, requireMis } from '../sites/sites.ts'
import { emptyCounts } from './plan.ts'
import * as store from './store.ts'

export { listRuns, listChanges, listChangesOfPeople } from './store.ts'
export type RunRow = store.RunRow

export function presentRun(row: store.RunRow): ImportRun {
  return {
    id: row.id,
    state: row.state,
    trigger: row.trigger,
    preview: row.preview,
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
    progress: { step: row.step, read: row.read },
    counts: row.counts,
    cause: row.cause,
    notes: row.notes,
  }
}

export function presentChange(row: store.ChangeRow): ImportChange {
  return {
    kind: row.kind,
    misId: row.mis_id,
    person: row.person_id,
    name: row.name,
    change: row.change,
    fields: row.fields,
    cause: row.cause,
  }
}

export async function getRun(db: Db, id: string): Promise<store.RunRow> {
  const known = asId(id)
  const row = known === null ? undefined : await store.findRun(db, known)
  if (row === undefined) throw notFound('import')
  return row
}

type Wanted = { id: string; preview: boolean; trigger: store.RunRow['trigger']; by: string | null }

/** Starts an import, or gives the live one if that is as wanted. */
export async function startImport(app: App, siteId: string, wanted: Wanted): Promise<ImportRun> {
  return await app.db.write(siteId, async (tx) => {
    requireMis(await getSite(tx, siteId), app.clock.now())
    if ((await findConnection(tx)) === undefined)
      throw conflict('mis.not_connected', 'This site is not linked to its MIS. Link it first.')
    return presentRun(await enqueue(app, tx, wanted))
  })
}

async function enqueue(app: App, tx: Tx, { id, preview, trigger, by }: Wanted): Promise<store.RunRow> {
  const now = app.clock.now()
  const inserted = await store.insertRun(tx, {
    id,
    preview,
    trigger,
    asked_by: by,
    queued_at: now,
    counts: emptyCounts(),
  })
  if (!inserted) {
    const live = (await store.findLive(tx)) ?? (await store.findRun(tx, id))
    // Between the refusal and this look the live one ended: the caller asks once more.
    if (live === undefined) throw conflict('import.live', 'Another import has just ended. Try again.')
    if (live.preview !== preview) throw otherKindLive()
    return live
  }
  await app.jobs.add(tx, 'import', { siteId: tx.siteId, id })
  wake(tx, 'changed', `${tx.siteId}:imports`)
  return (await store.findRun(tx, id))!
}

const otherKindLive = () =>
  conflict('import.live', 'An import of the other kind is running. Wait until it has ended.')

/** A held run is to be done: it is read again, and nobody outside its plan is changed. */
export async function applyRun(app: App, siteId: string, id: string, by: string): Promise<ImportRun> {
  return await app.db.write(siteId, async (tx) => {
    requireMis(await getSite(tx, siteId), app.clock.now())
    if ((await findConnection(tx)) === undefined)
      throw conflict('mis.not_connected', 'This site is not linked to its MIS. Link it first.')
    const seen = await getRun(tx, id)
    const row = (await store.lockRun(tx, seen.id))!
    if (row.apply && (row.state === 'queued' || row.state === 'running')) return presentRun(row)
    if (row.state !== 'held')
      throw conflict('import.not_held', `Only a held import can be applied; this one is ${row.state}.`)
    if ((await store.findLive(tx)) !== undefined)
      throw conflict('import.live', 'Another import is running. Wait until it has ended.')
    await store.updateRun(tx, row.id, {
      state: 'queued',
      apply: true,
      finished_at: null,
      lease_until: null,
      step: 'Waiting to start',
      queued_at: row.queued_at,
    })
    await app.jobs.add(tx, 'import', { siteId, id: row.id })
    app.log.info({ siteId, run: row.id, by }, 'a held import is applied')
    wake(tx, 'changed', `${siteId}:imports`)
    return presentRun(await getRun(tx, id))
  })
}

export async function discardRun(app: App, siteId: string, id: string): Promise<ImportRun> {
  return await app.db.write(siteId, async (tx) => {
    const row = (await store.lockRun(tx, (await getRun(tx, id)).id))!
    if (row.state === 'discarded') return presentRun(row)
    if (row.state !== 'held')
      throw conflict('import.not_held', `Only a held import can be discarded; this one is ${row.state}.`)
    await store.updateRun(tx, row.id, { state: 'discarded' })
    wake(tx, 'changed', `${siteId}:imports`)
    return presentRun(await getRun(tx, id))
  })
}

/** Starts what is due at night; a night missed while down is caught up once. */
export async function startDueImports(app: App): Promise<void> {
  for (const siteId of await app.db.system((tx) => dueSites(tx, app.clock.now(), 100)))
    await app.db.write(siteId, async (tx) => {
      if (!(await moveDueSchedule(app, tx, siteId))) return
      const ready =
        misActive(await getSite(tx, siteId), app.clock.now()) && (await findConnection(tx)) !== undefined
      if (!ready || (await store.findLive(tx)) !== undefined) return
      await enqueue(app, tx, { id: newId(), preview: false, trigger: 'nightly', by: null })
    })
}

/** Runs whose process died, or whose job was lost, are given a job again. */
export async function reviveImports(app: App): Promise<void> {
  for (const siteId of await app.db.system(allSiteIds))
    await app.db.write(siteId, async (tx) => {
      const live = await store.findLive(tx)
      if (live === undefined) return
      const now = app.clock.now()
      const since = live.state === 'queued' ? new Date(live.queued_at.getTime() + 60_000) : live.lease_until
      if (since !== null && since > now) return
      await store.updateRun(tx, live.id, {
        state: 'queued',
        lease_until: null,
        queued_at: live.state === 'queued' ? now : live.queued_at,
      })
      await app.jobs.add(tx, 'import', { siteId, id: live.id })
    })
}

/** A reason why a run that was asked for cannot even begin; null where it can. */
export async function whyNot(app: App, db: Db): Promise<ReturnType<typeof causeOf> | null> {
  if (!misActive(await getSite(db, db.siteId), app.clock.now())) return causeOf('import.not_licensed')
  if ((await findConnection(db)) === undefined) return causeOf('import.no_link')
  return null
}
