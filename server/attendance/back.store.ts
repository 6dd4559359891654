import { sql } from 'kysely'
import type { Db, SystemTx, Tx } from '../core/db/db.ts'

type DueTable = { site_id: string; movement_id: string; due_at: Date }
declare module '../core/db/db.ts' {
  interface Tables {
    'system.back_due': DueTable
  }
}

/** Looks after this leave at `at`, or now at another time. */
export async function putDue(tx: Tx, movementId: string, at: Date): Promise<void> {
  await tx.sql
    .insertInto('system.back_due')
    .values({ site_id: tx.siteId, movement_id: movementId, due_at: at })
    .onConflict((on) => on.columns(['site_id', 'movement_id']).doUpdateSet({ due_at: at }))
    .execute()
}

export async function dropDue(tx: Tx, movementId: string): Promise<void> {
  await tx.sql
    .deleteFrom('system.back_due')
    .where('site_id', '=', tx.siteId)
    .where('movement_id', '=', movementId)
    .execute()
}

export async function listDue(
  db: Pick<SystemTx, 'sql'>,
  now: Date,
  limit: number,
): Promise<{ site_id: string; movement_id: string }[]> {
  return await db.sql
    .selectFrom('system.back_due')
    .select(['site_id', 'movement_id'])
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(limit)
    .execute()
}

/** True where it is due and no other process has it; it is this transaction's then. */
export async function takeDue(tx: Tx, movementId: string, now: Date): Promise<boolean> {
  const row = await tx.sql
    .selectFrom('system.back_due')
    .select('movement_id')
    .where('site_id', '=', tx.siteId)
    .where('movement_id', '=', movementId)
    .where('due_at', '<=', now)
    .forUpdate()
    .skipLocked()
    .executeTakeFirst()
  return row !== undefined
}

export type AwayRow = { id: string; person_id: string; happened_at: Date; expected_back_at: Date }

/**
 * Leaves of a day with a time to be back, that count and that nothing brought to an end: no later movement of the same
 * person that day. Soonest first.
 */
export async function listAway(db: Db, date: string): Promise<AwayRow[]> {
  const { rows } = await sql<AwayRow>`
    select m.id, coalesce(w.merged_into, m.person_id) as person_id, m.happened_at, m.expected_back_at
    from movement m join person w on w.site_id = m.site_id and w.id = m.person_id
    where m.expected_back_at is not null and m.date = ${date}::date and m.type = 'early-leave' and not m.voids
      and not exists (select from movement c where c.site_id = m.site_id and c.corrects = m.id)
      and not exists (
        select from movement l join person lw on lw.site_id = l.site_id and lw.id = l.person_id
        where l.site_id = m.site_id and l.date = m.date and not l.voids
          and coalesce(lw.merged_into, lw.id) = coalesce(w.merged_into, w.id)
          and (l.happened_at, l.received_at, l.id) > (m.happened_at, m.received_at, m.id)
          and not exists (select from movement c where c.site_id = l.site_id and c.corrects = l.id))
    order by m.expected_back_at, m.id`.execute(db.sql)
  return rows
}
