import type { Db, SystemTx, Tx } from '../core/db/db.ts'

type SummaryTable = { site_id: string; at: string; recipients: string[] }
type DueTable = { site_id: string; due_at: Date }
declare module '../core/db/db.ts' {
  interface Tables {
    summary_mail: SummaryTable
    'system.summary_due': DueTable
  }
}

export async function findSummary(db: Db): Promise<SummaryTable | undefined> {
  return await db.sql
    .selectFrom('summary_mail')
    .selectAll()
    .where('site_id', '=', db.siteId)
    .executeTakeFirst()
}

export async function putSummary(tx: Tx, set: { at: string; recipients: string[] }): Promise<void> {
  await tx.sql
    .insertInto('summary_mail')
    .values({ ...set, site_id: tx.siteId })
    .onConflict((on) => on.column('site_id').doUpdateSet(set))
    .execute()
}

/** When it is due next; null: never. */
export async function putDue(tx: Tx, dueAt: Date | null): Promise<void> {
  await tx.sql.deleteFrom('system.summary_due').where('site_id', '=', tx.siteId).execute()
  if (dueAt !== null)
    await tx.sql.insertInto('system.summary_due').values({ site_id: tx.siteId, due_at: dueAt }).execute()
}

export async function listDue(db: Pick<SystemTx, 'sql'>, now: Date, limit: number): Promise<string[]> {
  const rows = await db.sql
    .selectFrom('system.summary_due')
    .select('site_id')
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(limit)
    .execute()
  return rows.map((row) => row.site_id)
}

/** When this site's was due, if it is and no other process has it; it is this transaction's then. */
export async function takeDue(tx: Tx, now: Date): Promise<Date | undefined> {
  const row = await tx.sql
    .selectFrom('system.summary_due')
    .select('due_at')
    .where('site_id', '=', tx.siteId)
    .where('due_at', '<=', now)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
  return row?.due_at
}
