import type { Insertable, Selectable } from 'kysely'
import type { AccessState, Provider } from '../../shared/mis.ts'
import type { Db, Tx } from '../core/db/db.ts'

type AccessTable = {
  site_id: string
  provider: Provider
  school_id: string
  token_sealed: Buffer
  state: AccessState
  asked_at: Date
  checked_at: Date
}
export type AccessRow = Selectable<AccessTable>

declare module '../core/db/db.ts' {
  interface Tables {
    mis_access: AccessTable
  }
}

export async function findAccess(db: Db): Promise<AccessRow | undefined> {
  return await db.sql.selectFrom('mis_access').selectAll().executeTakeFirst()
}

export async function putAccess(tx: Tx, row: Omit<Insertable<AccessTable>, 'site_id'>): Promise<void> {
  await tx.sql
    .insertInto('mis_access')
    .values({ ...row, site_id: tx.siteId })
    .onConflict((on) => on.column('site_id').doUpdateSet(row))
    .execute()
}

export async function changeAccess(
  tx: Tx,
  set: Partial<Pick<AccessRow, 'state' | 'checked_at' | 'token_sealed'>>,
): Promise<void> {
  await tx.sql.updateTable('mis_access').set(set).where('site_id', '=', tx.siteId).execute()
}

export async function dropAccess(tx: Tx): Promise<void> {
  await tx.sql.deleteFrom('mis_access').where('site_id', '=', tx.siteId).execute()
}
