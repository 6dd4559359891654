import type { Insertable, Selectable } from 'kysely'
import type { Session } from '../../shared/values.ts'
import type { Db, Tx } from '../core/db/db.ts'

type NoticeTable = {
  site_id: string
  id: string
  key: string
  alert: boolean
  person_id: string
  movement_id: string
  date: string
  session: Session
  stands: string | null
  message: string
  fix: string
  at: Date
  settled_at: Date | null
  settled_by: string | null
}
export type NoticeRow = Selectable<NoticeTable>
export type NewNotice = Omit<Insertable<NoticeTable>, 'site_id' | 'settled_at' | 'settled_by'>

declare module '../core/db/db.ts' {
  interface Tables {
    notice: NoticeTable
  }
}

/** False where it was told already. */
export async function insertNotice(tx: Tx, row: NewNotice): Promise<boolean> {
  const result = await tx.sql
    .insertInto('notice')
    .values({ ...row, site_id: tx.siteId })
    .onConflict((on) => on.columns(['site_id', 'key']).doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows) > 0
}

export async function findNotice(db: Db, id: string): Promise<NoticeRow | undefined> {
  return await db.sql.selectFrom('notice').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Newest first. */
export async function listNotices(
  db: Db,
  settled: boolean | undefined,
  beforeId: string | null,
  limit: number,
): Promise<NoticeRow[]> {
  let query = db.sql.selectFrom('notice').selectAll()
  if (settled !== undefined) query = query.where('settled_at', settled ? 'is not' : 'is', null)
  if (beforeId !== null) query = query.where('id', '<', beforeId)
  return await query.orderBy('id', 'desc').limit(limit).execute()
}

export async function countOpen(db: Db): Promise<number> {
  const row = await db.sql
    .selectFrom('notice')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('settled_at', 'is', null)
    .executeTakeFirstOrThrow()
  return row.n
}

export async function settleNotices(
  tx: Tx,
  which: { id: string } | { movementId: string } | { key: string },
  set: { settled_at: Date; settled_by: string },
): Promise<number> {
  const update = tx.sql.updateTable('notice').set(set).where('settled_at', 'is', null)
  const result = await ('id' in which
    ? update.where('id', '=', which.id)
    : 'key' in which
      ? update.where('key', '=', which.key)
      : update.where('movement_id', '=', which.movementId)
  ).executeTakeFirst()
  return Number(result.numUpdatedRows)
}

export async function moveNotices(tx: Tx, from: string, to: string): Promise<void> {
  await tx.sql.updateTable('notice').set({ person_id: to }).where('person_id', '=', from).execute()
}
