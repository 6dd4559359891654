import { type Selectable, sql } from 'kysely'
import type { Db, Tx } from '../core/db/db.ts'

type OrderTable = {
  site_id: string
  id: string
  state: 'ordered' | 'confirmed' | 'cancelled'
  renewal: boolean
  starts_on: string
  ends_on: string
  net_pence: number
  vat_permille: number
  vat_pence: number
  total_pence: number
  name: string
  email: string
  purchase_order: string | null
  invoice_address: string
  ordered_at: Date
  settled_at: Date | null
  settled_by: string | null
}
export type OrderRow = Selectable<OrderTable>

declare module '../core/db/db.ts' {
  interface Tables {
    licence_order: OrderTable
  }
}

/** False where an order of the site is open, or this one is there already. */
export async function insertOrder(
  tx: Tx,
  row: Omit<OrderRow, 'site_id' | 'state' | 'settled_at' | 'settled_by'>,
): Promise<boolean> {
  const result = await tx.sql
    .insertInto('licence_order')
    .values({ ...row, site_id: tx.siteId, state: 'ordered', settled_at: null, settled_by: null })
    .onConflict((on) => on.doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows) > 0
}

export async function findOrder(db: Db, id: string): Promise<OrderRow | undefined> {
  return await db.sql.selectFrom('licence_order').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Newest first. */
export async function listOrders(
  db: Db,
  before: { at: string; id: string } | null,
  limit: number,
): Promise<OrderRow[]> {
  let query = db.sql.selectFrom('licence_order').selectAll()
  if (before !== null)
    query = query.where(sql<boolean>`(ordered_at, id) < (${before.at}::timestamptz, ${before.id}::uuid)`)
  return await query.orderBy('ordered_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

export async function settleOrder(
  tx: Tx,
  id: string,
  set: Pick<OrderRow, 'state' | 'settled_at' | 'settled_by'> &
    Partial<Pick<OrderRow, 'starts_on' | 'ends_on'>>,
): Promise<void> {
  await tx.sql
    .updateTable('licence_order')
    .set(set)
    .where('id', '=', id)
    .where('state', '=', 'ordered')
    .execute()
}
