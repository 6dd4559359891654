import { sql } from 'kysely'
import type { Role } from '../../shared/accounts.ts'
import type { Db, SystemTx } from '../core/db/db.ts'

type AccountTable = {
  id: string
  email: string
  name: string
  role: Role
  password_hash: string
  site_ids: string[] | null
  created_at: Date
  disabled_at: Date | null
}
type LoginTable = {
  token_hash: Buffer
  account_id: string
  csrf_token: string
  created_at: Date
  last_seen_at: Date
  expires_at: Date
}
type TokenTable = {
  id: string
  name: string
  hash: Buffer
  site_ids: string[] | null
  permissions: string[]
  created_at: Date
  expires_at: Date
  last_used_at: Date | null
  revoked_at: Date | null
}

declare module '../core/db/db.ts' {
  interface Tables {
    'auth.account': AccountTable
    'auth.login': LoginTable
    'system.api_token': TokenTable
  }
}

type Reader = Pick<Db, 'sql'>
export type AccountRow = AccountTable
export type TokenRow = TokenTable

/** False when the e-mail address has an account. */
export async function insertAccount(tx: SystemTx, row: AccountTable): Promise<boolean> {
  const result = await tx.sql
    .insertInto('auth.account')
    .values(row)
    .onConflict((on) => on.column('email').doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows) > 0
}

export async function findAccountByEmail(db: Reader, email: string): Promise<AccountRow | undefined> {
  return await db.sql.selectFrom('auth.account').selectAll().where('email', '=', email).executeTakeFirst()
}

/** Of every site or of this one. */
export async function listAdminEmails(db: Reader, siteId: string): Promise<string[]> {
  const rows = await db.sql
    .selectFrom('auth.account')
    .select('email')
    .where('role', '=', 'admin')
    .where('disabled_at', 'is', null)
    .where(sql<boolean>`(site_ids is null or ${siteId}::uuid = any(site_ids))`)
    .orderBy('email')
    .execute()
  return rows.map((row) => row.email)
}

export async function countAccounts(db: Reader): Promise<number> {
  const row = await db.sql
    .selectFrom('auth.account')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .executeTakeFirstOrThrow()
  return row.n
}

export async function updatePassword(tx: SystemTx, id: string, passwordHash: string): Promise<void> {
  await tx.sql.updateTable('auth.account').set({ password_hash: passwordHash }).where('id', '=', id).execute()
  await tx.sql.deleteFrom('auth.login').where('account_id', '=', id).execute()
}

export async function insertLogin(tx: SystemTx, row: LoginTable): Promise<void> {
  await tx.sql.insertInto('auth.login').values(row).execute()
  await tx.sql.deleteFrom('auth.login').where('expires_at', '<', row.created_at).execute()
}

export async function findLogin(db: Reader, hash: Buffer, now: Date) {
  return await db.sql
    .selectFrom('auth.login as l')
    .innerJoin('auth.account as a', 'a.id', 'l.account_id')
    .select(['a.id', 'a.name', 'a.email', 'a.role', 'a.site_ids', 'l.csrf_token', 'l.last_seen_at'])
    .where('l.token_hash', '=', hash)
    .where('l.expires_at', '>', now)
    .where('a.disabled_at', 'is', null)
    .executeTakeFirst()
}

export async function touchLogin(tx: SystemTx, hash: Buffer, now: Date, expiresAt: Date): Promise<void> {
  await tx.sql
    .updateTable('auth.login')
    .set({ last_seen_at: now, expires_at: expiresAt })
    .where('token_hash', '=', hash)
    .execute()
}

export async function dropLogin(tx: SystemTx, hash: Buffer): Promise<void> {
  await tx.sql.deleteFrom('auth.login').where('token_hash', '=', hash).execute()
}

export async function insertToken(tx: SystemTx, row: TokenTable): Promise<void> {
  await tx.sql.insertInto('system.api_token').values(row).execute()
}

export async function findToken(db: Reader, hash: Buffer, now: Date): Promise<TokenRow | undefined> {
  return await db.sql
    .selectFrom('system.api_token')
    .selectAll()
    .where('hash', '=', hash)
    .where('expires_at', '>', now)
    .where('revoked_at', 'is', null)
    .executeTakeFirst()
}

export async function touchTokens(tx: SystemTx, ids: string[], now: Date): Promise<void> {
  await tx.sql
    .updateTable('system.api_token')
    .set({ last_used_at: now })
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute()
}

/** Newest first. `sites`: only tokens of no other sites; null: all. */
export async function listTokens(
  db: Reader,
  sites: readonly string[] | null,
  before: string | null,
  limit: number,
): Promise<TokenRow[]> {
  let query = db.sql.selectFrom('system.api_token').selectAll()
  if (sites !== null) query = query.where(sql<boolean>`site_ids <@ ${sites}::uuid[]`)
  if (before !== null)
    query = query.where(
      sql<boolean>`(created_at, id) < (select created_at, id from system.api_token where id = ${before}::uuid)`,
    )
  return await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

export async function findTokenById(db: Reader, id: string): Promise<TokenRow | undefined> {
  return await db.sql.selectFrom('system.api_token').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function revokeToken(tx: SystemTx, id: string, now: Date): Promise<void> {
  await tx.sql
    .updateTable('system.api_token')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .execute()
}
