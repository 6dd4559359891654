import { type Insertable, type Selectable, sql } from 'kysely'
import type { Db, SystemTx, Tx } from '../core/db/db.ts'

export type StoredState = 'waiting' | 'sending' | 'sent' | 'failed'

type MessageTable = {
  site_id: string
  id: string
  key: string
  recipient: string
  subject: string
  text: string
  state: StoredState
  fault: string | null
  attempts: number
  posted_at: Date
  asked_at: Date
  sent_at: Date | null
}
export type MessageRow = Selectable<MessageTable>
type DueTable = { site_id: string; id: string; due_at: Date }
export type DueRow = Selectable<DueTable>

declare module '../core/db/db.ts' {
  interface Tables {
    message: MessageTable
    'system.mail_due': DueTable
  }
}

/** False where the same reason went, or is to go, to the same address already. */
export async function insertMessage(
  tx: Tx,
  row: Pick<Insertable<MessageTable>, 'id' | 'key' | 'recipient' | 'subject' | 'text' | 'posted_at'>,
): Promise<boolean> {
  const result = await tx.sql
    .insertInto('message')
    .values({ ...row, site_id: tx.siteId, state: 'waiting', attempts: 0, asked_at: row.posted_at })
    .onConflict((on) => on.columns(['site_id', 'key', 'recipient']).doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows) > 0
}

export async function findMessage(db: Db, id: string): Promise<MessageRow | undefined> {
  return await db.sql.selectFrom('message').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function lockMessage(tx: Tx, id: string): Promise<MessageRow | undefined> {
  return await tx.sql.selectFrom('message').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function updateMessage(
  tx: Tx,
  id: string,
  set: Partial<Pick<MessageRow, 'state' | 'fault' | 'attempts' | 'asked_at' | 'sent_at'>>,
): Promise<void> {
  await tx.sql.updateTable('message').set(set).where('id', '=', id).execute()
}

/** Newest first. */
export async function listMessages(
  db: Db,
  states: readonly StoredState[] | null,
  beforeId: string | null,
  limit: number,
): Promise<MessageRow[]> {
  let query = db.sql.selectFrom('message').selectAll()
  if (states !== null) query = query.where('state', 'in', states)
  if (beforeId !== null) query = query.where('id', '<', beforeId)
  return await query.orderBy('id', 'desc').limit(limit).execute()
}

/** Puts a message into the queue, or moves it there. */
export async function putDue(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.sql
    .insertInto('system.mail_due')
    .values({ site_id: tx.siteId, id, due_at: at })
    .onConflict((on) => on.columns(['site_id', 'id']).doUpdateSet({ due_at: at }))
    .execute()
}

export async function dropDue(tx: Tx, id: string): Promise<void> {
  await tx.sql.deleteFrom('system.mail_due').where('site_id', '=', tx.siteId).where('id', '=', id).execute()
}

/** Takes the next message that is due for this process alone until `until`; undefined: none is due. */
export async function takeDue(tx: SystemTx, now: Date, until: Date): Promise<DueRow | undefined> {
  const next = tx.sql
    .selectFrom('system.mail_due')
    .select(['site_id', 'id'])
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(1)
    .forUpdate()
    .skipLocked()
  return await tx.sql
    .updateTable('system.mail_due')
    .set({ due_at: until })
    .where(sql<boolean>`(site_id, id) = (${next})`)
    .returningAll()
    .executeTakeFirst()
}
