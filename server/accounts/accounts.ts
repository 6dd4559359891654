/**
 * Accounts, their logins, and the tokens of programs: who is asking, and what may they do. An employee record is
 * not an account. Passwords are Argon2id; of a login or token only a hash is kept, and it can be ended at once.
 */
import { type Permission, permission, type Role, rolePermissions } from '../../shared/accounts.ts'
import type { App } from '../app.ts'
import type { Actor } from '../core/http/actor.ts'
import type { Db, SystemTx } from '../core/db/db.ts'
import { AppError, conflict } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import { hashToken, newToken } from '../core/secrets.ts'
import { hashPassword, verifyPassword } from './passwords.ts'
import * as store from './store.ts'

export { countAccounts } from './store.ts'

const loginLasts = 14 * 86_400_000
const day = 86_400_000
// Compared against when there is no such account, so that both take as long.
const nobody = hashPassword('nobody has this password')

export type NewAccount = {
  email: string
  name: string
  role: Role
  password: string
  siteIds: string[] | null
}

export async function createAccount(
  app: Pick<App, 'clock'>,
  tx: SystemTx,
  account: NewAccount,
): Promise<{ id: string; email: string; role: Role }> {
  const email = account.email.trim().toLowerCase()
  const id = newId()
  const inserted = await store.insertAccount(tx, {
    id,
    email,
    name: account.name,
    role: account.role,
    password_hash: await hashPassword(account.password),
    site_ids: account.siteIds,
    created_at: app.clock.now(),
    disabled_at: null,
  })
  if (!inserted) throw conflict('accounts.email_taken', `${email} has an account already.`)
  return { id, email, role: account.role }
}

/** Sets a password anew (the demo prints one at each start); logins made with the old one end. */
export async function setPassword(tx: SystemTx, email: string, password: string): Promise<boolean> {
  const account = await store.findAccountByEmail(tx, email.toLowerCase())
  if (account === undefined) return false
  await store.updatePassword(tx, account.id, await hashPassword(password))
  return true
}

/** The token of a new login for the cookie, or a refusal that does not say which of the two was wrong. */
export async function login(app: App, email: string, password: string): Promise<string> {
  const account = await app.db.system((tx) => store.findAccountByEmail(tx, email.trim().toLowerCase()))
  const right = await verifyPassword(password, account?.password_hash ?? (await nobody))
  if (account === undefined || !right || account.disabled_at !== null)
    throw new AppError(
      401,
      'accounts.login_refused',
      'The email or the password isn’t right. Check both and try again.',
    )
  const token = newToken()
  const now = app.clock.now()
  await app.db.system((tx) =>
    store.insertLogin(tx, {
      token_hash: hashToken(token),
      account_id: account.id,
      csrf_token: newToken(),
      created_at: now,
      last_seen_at: now,
      expires_at: new Date(now.getTime() + loginLasts),
    }),
  )
  return token
}

/** Whether somebody may do what is the operator's at a site (docs/decisions/0005). */
export function isOperator(actor: Actor): boolean {
  if (actor.kind === 'kiosk') return false
  return actor.permissions.has('licence.write') || (actor.kind === 'account' && actor.operator)
}

/** The addresses of those who administer a site and can be written to. */
export async function adminAddresses(db: Pick<Db, 'sql'>, siteId: string): Promise<string[]> {
  return await store.listAdminEmails(db, siteId)
}

export async function logout(app: App, token: string): Promise<void> {
  await app.db.system((tx) => store.dropLogin(tx, hashToken(token)))
}

export type LoggedIn = {
  actor: Extract<Actor, { kind: 'account' }>
  email: string
  role: Role
}

export async function findLogin(app: App, token: string): Promise<LoggedIn | null> {
  const now = app.clock.now()
  const hash = hashToken(token)
  const row = await app.db.look((db) => store.findLogin(db, hash, now))
  if (row === undefined) return null
  if (now.getTime() - row.last_seen_at.getTime() > 3_600_000)
    await app.db.system((tx) => store.touchLogin(tx, hash, now, new Date(now.getTime() + loginLasts)))
  return {
    actor: {
      kind: 'account' as const,
      id: row.id,
      name: row.name,
      permissions: new Set(rolePermissions[row.role]),
      sites: row.site_ids,
      csrfToken: row.csrf_token,
      operator: row.role === 'admin' && row.site_ids === null,
    },
    email: row.email,
    role: row.role,
  }
}

export type NewApiToken = {
  id?: string
  name: string
  siteIds: string[] | null
  permissions: readonly Permission[]
  days: number
}

export async function createApiToken(
  app: Pick<App, 'clock'>,
  tx: SystemTx,
  wanted: NewApiToken,
): Promise<{ id: string; name: string; token: string; expiresAt: string }> {
  const token = `erb_${newToken()}`
  const now = app.clock.now()
  const id = wanted.id ?? newId()
  const expiresAt = new Date(now.getTime() + wanted.days * day)
  await store.insertToken(tx, {
    id,
    name: wanted.name,
    hash: hashToken(token),
    site_ids: wanted.siteIds,
    permissions: [...wanted.permissions],
    created_at: now,
    expires_at: expiresAt,
    last_used_at: null,
    revoked_at: null,
  })
  return { id, name: wanted.name, token, expiresAt: expiresAt.toISOString() }
}

/** Knows API tokens: a revoked one is refused from the next call on. Last use is written once a minute. */
export function createTokenReader(app: App): (token: string) => Promise<Actor | null> {
  const touched = new Map<string, number>()
  return async (token) => {
    const now = app.clock.now()
    const row = await app.db.look((db) => store.findToken(db, hashToken(token), now))
    if (row === undefined) return null
    if (now.getTime() - (touched.get(row.id) ?? 0) > 60_000) {
      touched.set(row.id, now.getTime())
      await app.db.system((tx) => store.touchTokens(tx, [row.id], now))
    }
    return {
      kind: 'token',
      id: row.id,
      name: row.name,
      permissions: new Set(
        row.permissions.filter((p): p is Permission => permission.options.includes(p as Permission)),
      ),
      sites: row.site_ids,
    }
  }
}
