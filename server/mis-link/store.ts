import { type ColumnType, type Insertable, type Selectable, sql } from 'kysely'
import type { Capabilities, ConnectionState, Provider } from '../../shared/mis.ts'
import type { Db, Tx } from '../core/db/db.ts'

export type Proved = Partial<Omit<Capabilities, 'read'>>

type ConnectionTable = {
  site_id: string
  provider: Provider
  school_id: string
  school_name: string
  mis: string
  allows_writeback: boolean | null
  state: ConnectionState
  token_sealed: Buffer
  proved: ColumnType<Proved, string, string>
  marks_readable: boolean | null
  region: string | null
  status_supported: boolean
  connected_at: Date
  checked_at: Date
  disconnected_at: Date | null
}
export type ConnectionRow = Selectable<ConnectionTable>

declare module '../core/db/db.ts' {
  interface Tables {
    mis_connection: ConnectionTable
  }
}

/** The live connection; a disconnected one is none. */
export async function findConnection(db: Db): Promise<ConnectionRow | undefined> {
  return await db.sql
    .selectFrom('mis_connection')
    .selectAll()
    .where('site_id', '=', db.siteId)
    .where('disconnected_at', 'is', null)
    .executeTakeFirst()
}

export async function lockConnection(tx: Tx): Promise<ConnectionRow | undefined> {
  return await tx.sql.selectFrom('mis_connection').selectAll().forUpdate().executeTakeFirst()
}

export async function putConnection(
  tx: Tx,
  row: Omit<Insertable<ConnectionTable>, 'site_id'>,
): Promise<void> {
  await tx.sql
    .insertInto('mis_connection')
    .values({ ...row, site_id: tx.siteId })
    .onConflict((on) => on.column('site_id').doUpdateSet(row))
    .execute()
}

type Change = Partial<
  Pick<
    ConnectionRow,
    | 'state'
    | 'school_name'
    | 'mis'
    | 'allows_writeback'
    | 'checked_at'
    | 'marks_readable'
    | 'status_supported'
    | 'region'
    | 'disconnected_at'
    | 'token_sealed'
  >
>

/** True when something of it was different. */
export async function updateConnection(tx: Tx, set: Change): Promise<void> {
  await tx.sql.updateTable('mis_connection').set(set).where('site_id', '=', tx.siteId).execute()
}

export async function addProved(tx: Tx, proved: Proved): Promise<void> {
  await tx.sql
    .updateTable('mis_connection')
    .set({ proved: sql`proved || ${JSON.stringify(proved)}::jsonb` as never })
    .where('site_id', '=', tx.siteId)
    .execute()
}
