/**
 * Asking Wonde for access to a school, with a token of our application: asked, watched, and linked by itself once the
 * school has approved (wonde-api.md §3.3). Nothing is imported by that.
 */
import type { AccessPost, MisAccess } from '../../shared/mis.ts'
import type { App } from '../app.ts'
import { type Tx, wake } from '../core/db/db.ts'
import { conflict, notFound } from '../core/errors.ts'
import { MisError } from '../mis/mis.ts'
import { allSiteIds, getSite, misActive, requireMis } from '../sites/sites.ts'
import * as store from './access.store.ts'
import { connect, findConnection, misWith, refusalOf, resealed, type Where } from './link.ts'

const context = (siteId: string) => `mis-access:${siteId}`
const askAgainMs = 60_000

const present = (row: store.AccessRow): MisAccess => ({
  provider: row.provider,
  schoolId: row.school_id,
  state: row.state,
  askedAt: row.asked_at.toISOString(),
  checkedAt: row.checked_at.toISOString(),
})

/** Null: nothing was asked for, or it was approved and is the link now. */
export async function getAccess(app: App, siteId: string): Promise<MisAccess | null> {
  const row = await app.db.read(siteId, store.findAccess)
  return row === undefined ? null : present(row)
}

/** Asks; where the school has approved already, it is linked at once and null comes back. */
export async function askForAccess(app: App, siteId: string, given: AccessPost): Promise<MisAccess | null> {
  await app.db.read(siteId, async (db) => {
    requireMis(await getSite(db, siteId), app.clock.now())
    if ((await findConnection(db)) !== undefined)
      throw conflict('mis.connected', 'This site is linked already. Cut that link first.')
  })
  const { provider, schoolId, token, contact } = given
  try {
    await misWith(app, { siteId, provider, schoolId, token, region: null }).requestAccess(contact)
  } catch (error) {
    if (!(error instanceof MisError)) throw error
    throw refusalOf(error)
  }
  const now = app.clock.now()
  await app.db.write(siteId, async (tx) => {
    await store.putAccess(tx, {
      ...{ provider, school_id: schoolId, state: 'pending', asked_at: now, checked_at: now },
      token_sealed: app.sealer.seal(token, context(siteId)),
    })
    wake(tx, 'changed', `${siteId}:mis`)
  })
  return await checkAccess(app, siteId)
}

/** Looks what the school has answered; approved becomes the link. Null: nothing is asked for any more. */
export async function checkAccess(app: App, siteId: string): Promise<MisAccess | null> {
  const row = await app.db.read(siteId, store.findAccess)
  if (row === undefined) return null
  const where: Where = {
    ...{ siteId, provider: row.provider, schoolId: row.school_id, region: null },
    token: app.sealer.open(row.token_sealed, context(siteId)),
  }
  const state = await stateNow(app, where)
  if (state === 'approved') {
    await connect(app, siteId, where)
    await app.db.write(siteId, store.dropAccess)
    return null
  }
  await app.db.write(siteId, async (tx) => {
    await store.changeAccess(tx, { checked_at: app.clock.now(), ...(state !== null && { state }) })
    if (state !== row.state) wake(tx, 'changed', `${siteId}:mis`)
  })
  return await getAccess(app, siteId)
}

/** Null: the provider gave no answer, so what was known stands. */
async function stateNow(app: App, where: Where): Promise<store.AccessRow['state'] | 'approved' | null> {
  const mis = misWith(app, where)
  try {
    const school = await mis.school()
    return school.approved === false ? await mis.accessState() : 'approved'
  } catch (error) {
    if (!(error instanceof MisError)) throw error
    if (error.kind !== 'rejected') return null
  }
  try {
    return await mis.accessState()
  } catch (error) {
    if (!(error instanceof MisError)) throw error
    return null
  }
}

/** Stops watching; what was asked at the provider stays there until the school answers. */
export async function dropAccess(app: App, siteId: string): Promise<MisAccess> {
  return await app.db.write(siteId, async (tx) => {
    const row = await store.findAccess(tx)
    if (row === undefined) throw notFound('request for access')
    await store.dropAccess(tx)
    wake(tx, 'changed', `${siteId}:mis`)
    return present(row)
  })
}

/** After a restore: see `resealed`. */
export async function resealAccess(tx: Tx, keys: Parameters<typeof resealed>[2]): Promise<void> {
  const row = await store.findAccess(tx)
  if (row === undefined) return
  const sealed = resealed(row.token_sealed, context(tx.siteId), keys)
  if (sealed !== null) await store.changeAccess(tx, { token_sealed: sealed })
}

/** Every minute, for whoever has been asked and has not answered. */
export async function watchAccess(app: App): Promise<void> {
  for (const siteId of await app.db.system(allSiteIds)) {
    const due = await app.db.read(siteId, async (db) => {
      const row = await store.findAccess(db)
      const now = app.clock.now()
      return (
        row !== undefined &&
        now.getTime() - row.checked_at.getTime() >= askAgainMs &&
        misActive(await getSite(db, siteId), now)
      )
    })
    if (!due) continue
    await checkAccess(app, siteId).catch((error: Error) =>
      app.log.warn({ err: error, siteId }, 'the answer to a request for access could not be read'),
    )
  }
}
