import { type ColumnType, type Insertable, type Selectable, sql } from 'kysely'
import type { ReasonConflict, ReasonType } from '../../shared/attendance.ts'
import type { CodeStep } from '../../shared/codes.ts'
import type { Db, Tx } from '../core/db/db.ts'

type CodeTable = {
  site_id: string
  id: string
  mis_id: string
  code: string
  description: string
  public_screen: boolean
  listed: boolean
}
export type CodeRow = Selectable<CodeTable>

type ReasonTable = {
  site_id: string
  id: string
  name: string
  type: ReasonType
  code: string | null
  codes_by_time: ColumnType<CodeStep[] | null, string | null, string | null>
  write_back: boolean
  on_conflict: ReasonConflict
  public_screen: boolean
  asks_back: boolean
  position: number
  archived: boolean
}
export type ReasonRow = Selectable<ReasonTable>

declare module '../core/db/db.ts' {
  interface Tables {
    attendance_code: CodeTable
    reason: ReasonTable
  }
}

/** The school's codes as last imported; those it no longer has stay, unlisted, for history. */
export async function listCodes(db: Db): Promise<CodeRow[]> {
  return await db.sql.selectFrom('attendance_code').selectAll().orderBy('code').orderBy('id').execute()
}

export async function upsertCodes(tx: Tx, rows: readonly Omit<CodeRow, 'site_id'>[]): Promise<void> {
  if (rows.length === 0) return
  await tx.sql
    .insertInto('attendance_code')
    .values(rows.map((row) => ({ ...row, site_id: tx.siteId })))
    .onConflict((on) =>
      on.columns(['site_id', 'mis_id']).doUpdateSet((eb) => ({
        code: eb.ref('excluded.code'),
        description: eb.ref('excluded.description'),
        public_screen: eb.ref('excluded.public_screen'),
        listed: eb.ref('excluded.listed'),
      })),
    )
    .execute()
}

export async function unlistCodes(tx: Tx, ids: readonly string[]): Promise<void> {
  await tx.sql
    .updateTable('attendance_code')
    .set({ listed: false })
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute()
}

export async function setPublicScreen(
  tx: Tx,
  id: string,
  publicScreen: boolean,
): Promise<CodeRow | undefined> {
  return await tx.sql
    .updateTable('attendance_code')
    .set({ public_screen: publicScreen })
    .where('id', '=', id)
    .where('listed', '=', true)
    .returningAll()
    .executeTakeFirst()
}

export async function listReasons(db: Db): Promise<ReasonRow[]> {
  return await db.sql.selectFrom('reason').selectAll().orderBy('position').orderBy('id').execute()
}

export async function findReason(db: Db, id: string): Promise<ReasonRow | undefined> {
  return await db.sql.selectFrom('reason').selectAll().where('id', '=', id).executeTakeFirst()
}

export type NewReason = Omit<Insertable<ReasonTable>, 'site_id' | 'position'>

/** Adds it behind the others; the same id again finds the first. */
export async function insertReason(tx: Tx, row: NewReason): Promise<void> {
  await tx.sql
    .insertInto('reason')
    .values({
      ...row,
      site_id: tx.siteId,
      position: sql`(select coalesce(max(position), 0) + 1 from reason)` as never,
    })
    .onConflict((on) => on.columns(['site_id', 'id']).doNothing())
    .execute()
}

export async function updateReason(
  tx: Tx,
  id: string,
  set: Partial<Omit<NewReason, 'id'>> & { position?: number },
): Promise<void> {
  await tx.sql.updateTable('reason').set(set).where('id', '=', id).execute()
}
