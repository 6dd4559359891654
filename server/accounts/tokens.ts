/** Tokens of other programs: made and revoked by a person or a program that may, never with more than its own. */
import type { ApiToken } from '../../shared/accounts.ts'
import { operatorPermissions, type Permission, permission } from '../../shared/accounts.ts'
import type { App } from '../app.ts'
import { AppError, notFound } from '../core/errors.ts'
import { type Actor, maySee } from '../core/http/actor.ts'
import { asId } from '../core/ids.ts'
import { allSiteIds } from '../sites/sites.ts'
import { createApiToken } from './accounts.ts'
import * as store from './store.ts'

export type WantedToken = {
  name: string
  /** null: every site, also those made later */
  sites: string[] | null
  permissions: Permission[]
  days: number
}

function present(row: store.TokenRow, now: Date): ApiToken {
  const state = row.revoked_at !== null ? 'revoked' : row.expires_at <= now ? 'expired' : 'active'
  return {
    id: row.id,
    name: row.name,
    state,
    sites: row.site_ids,
    permissions: permission.options.filter((one) => row.permissions.includes(one)),
    createdAt: row.created_at.toISOString(),
    expiresAt: row.expires_at.toISOString(),
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
    token: null,
  }
}

/** Whose sites are all among the actor's. */
const within = (actor: Actor, sites: readonly string[] | null) =>
  sites === null ? actor.kind !== 'kiosk' && actor.sites === null : sites.every((site) => maySee(actor, site))

function mayGrant(actor: Actor, one: Permission): boolean {
  if (actor.kind === 'kiosk') return false
  if (actor.kind === 'account' && actor.operator && operatorPermissions.includes(one)) return true
  return actor.permissions.has(one)
}

const refuse = (field: string, wrong: string) =>
  new AppError(403, 'forbidden', `${field}: ${wrong}`, { fields: { [field]: wrong } })

/** Newest first; of sites that are all the actor's. */
export async function listTokens(
  app: App,
  actor: Actor,
  before: string | null,
  limit: number,
): Promise<{ rows: ApiToken[]; more: boolean }> {
  const now = app.clock.now()
  const sites = actor.kind === 'kiosk' ? [] : actor.sites
  const rows = await app.db.look((db) => store.listTokens(db, sites, before, limit + 1))
  return { rows: rows.slice(0, limit).map((row) => present(row, now)), more: rows.length > limit }
}

export async function getToken(app: App, actor: Actor, given: string): Promise<ApiToken> {
  const id = asId(given)
  const row = id === null ? undefined : await app.db.look((db) => store.findTokenById(db, id))
  if (row === undefined || !within(actor, row.site_ids)) throw notFound('token')
  return present(row, app.clock.now())
}

/** Makes a token; its text is in this answer and nowhere else. 403 for more than the actor has itself. */
export async function makeToken(app: App, actor: Actor, id: string, wanted: WantedToken): Promise<ApiToken> {
  const sites = wanted.sites?.map((site) => asId(site) ?? site) ?? null
  if (!within(actor, sites)) throw refuse('sites', 'are not all yours: leave out those that you cannot see')
  const beyond = wanted.permissions.filter((one) => !mayGrant(actor, one))
  if (beyond.length > 0)
    throw refuse('permissions', `you do not have ${beyond.join(', ')} yourself: leave it out`)
  const known = new Set(sites === null ? [] : await app.db.look(allSiteIds))
  if (sites?.some((site) => !known.has(site)) === true)
    throw refuse('sites', 'are not all yours: leave out those that you cannot see')
  const { token } = await app.db.system((tx) =>
    createApiToken(app, tx, {
      id,
      name: wanted.name,
      siteIds: sites,
      permissions: wanted.permissions,
      days: wanted.days,
    }),
  )
  return { ...(await getToken(app, actor, id)), token }
}

/** From the next call on it is refused. Again: as it is. */
export async function revokeToken(app: App, actor: Actor, given: string): Promise<ApiToken> {
  const { id } = await getToken(app, actor, given)
  await app.db.system((tx) => store.revokeToken(tx, id, app.clock.now()))
  return await getToken(app, actor, id)
}
