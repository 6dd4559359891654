import type { Insertable, Selectable } from 'kysely'
import type { Session } from '../../shared/values.ts'
import type { Db, Tx } from '../core/db/db.ts'
import type { Situation } from './precedence.ts'

type CheckTable = {
  site_id: string
  id: string
  movement_id: string
  person_id: string
  student_mis_id: string
  date: string
  session: Session
  /** null: a missed morning, where `offer` is what the office may enter for it */
  situation: Situation | null
  offer: string | null
  happened_at: Date
  made_at: Date
}
export type CheckRow = Selectable<CheckTable>
export type NewCheck = Omit<Insertable<CheckTable>, 'site_id'>

declare module '../core/db/db.ts' {
  interface Tables {
    register_check: CheckTable
  }
}

export async function insertChecks(tx: Tx, checks: readonly NewCheck[]): Promise<void> {
  await tx.sql
    .insertInto('register_check')
    .values(checks.map((check) => ({ ...check, site_id: tx.siteId })))
    .execute()
}

export async function listChecks(db: Db): Promise<CheckRow[]> {
  return await db.sql.selectFrom('register_check').selectAll().orderBy('id').execute()
}

/** False where somebody else has taken it already. */
export async function takeCheck(tx: Tx, id: string): Promise<boolean> {
  const result = await tx.sql.deleteFrom('register_check').where('id', '=', id).executeTakeFirst()
  return result.numDeletedRows > 0n
}

export async function deleteChecks(
  tx: Tx,
  which: { movementId: string } | { madeBefore: Date },
): Promise<void> {
  const query = tx.sql.deleteFrom('register_check')
  await ('movementId' in which
    ? query.where('movement_id', '=', which.movementId)
    : query.where('made_at', '<', which.madeBefore)
  ).execute()
}

export async function moveChecks(tx: Tx, from: string, to: string): Promise<void> {
  await tx.sql.updateTable('register_check').set({ person_id: to }).where('person_id', '=', from).execute()
}
