/** SQL of the terms of MIS integration. */
import { sql } from 'kysely'
import type { SystemTx } from '../core/db/db.ts'
import type { TermRow } from './store.ts'

/** One at a time decides about the terms of a site, until the transaction ends. */
export async function lockSite(tx: SystemTx, siteId: string): Promise<void> {
  await sql`select 1 from system.site where id = ${siteId} for update`.execute(tx.sql)
}

export async function listTerms(tx: SystemTx, siteId: string): Promise<TermRow[]> {
  return await tx.sql
    .selectFrom('system.mis_term')
    .selectAll()
    .where('site_id', '=', siteId)
    .orderBy('starts_on')
    .execute()
}

export async function insertTerm(
  tx: SystemTx,
  row: Pick<TermRow, 'site_id' | 'starts_on' | 'ends_on' | 'confirmed' | 'order_id'>,
): Promise<void> {
  await tx.sql
    .insertInto('system.mis_term')
    .values({ ...row, reminded: null })
    .execute()
}

export async function deleteTerms(tx: SystemTx, siteId: string): Promise<void> {
  await tx.sql.deleteFrom('system.mis_term').where('site_id', '=', siteId).execute()
}

/** Only while it waits: a confirmed term is not an order's to take back. */
export async function deleteWaitingTerm(tx: SystemTx, siteId: string, orderId: string): Promise<void> {
  await tx.sql
    .deleteFrom('system.mis_term')
    .where('site_id', '=', siteId)
    .where('order_id', '=', orderId)
    .where('confirmed', '=', false)
    .execute()
}

export async function setReminded(
  tx: SystemTx,
  { site_id, starts_on }: Pick<TermRow, 'site_id' | 'starts_on'>,
  reminded: number,
): Promise<void> {
  await tx.sql
    .updateTable('system.mis_term')
    .set({ reminded })
    .where('site_id', '=', site_id)
    .where('starts_on', '=', starts_on)
    .execute()
}

/** Sites with a term that ends by this day and whose end nobody has been told of. */
export async function sitesWithEndBy(tx: SystemTx, day: string, limit: number): Promise<string[]> {
  const rows = await tx.sql
    .selectFrom('system.mis_term')
    .select('site_id')
    .distinct()
    .where('confirmed', '=', true)
    .where(sql<boolean>`reminded is distinct from 0`)
    .where('ends_on', '<=', day)
    .limit(limit)
    .execute()
  return rows.map((row) => row.site_id)
}
