/** The audit log: who looked at, exported or changed what. Ids only, never a name; append-only by the database. */
import type { ColumnType } from 'kysely'
import type { Tx } from './db/db.ts'
import { newId } from './ids.ts'

type AuditTable = {
  site_id: string
  id: string
  at: Date
  actor: string
  action: string
  subject: string | null
  detail: ColumnType<unknown, string | null, never>
}
declare module './db/db.ts' {
  interface Tables {
    audit: AuditTable
  }
}

export type AuditLine = { at: Date; actor: string; action: string; subject?: string; detail?: object }

/** Writes the line with the transaction of what it is about. */
export async function audit(tx: Tx, line: AuditLine): Promise<void> {
  await tx.sql
    .insertInto('audit')
    .values({
      ...{ site_id: tx.siteId, id: newId(line.at.getTime()), at: line.at, actor: line.actor },
      ...{ action: line.action, subject: line.subject ?? null },
      detail: line.detail === undefined ? null : JSON.stringify(line.detail),
    })
    .execute()
}
