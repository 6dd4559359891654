import type { SystemTx } from '../core/db/db.ts'

/** Answers of a site stand in the site's own table; those of no site in the system's. */
export type Scope = { tx: SystemTx; siteId: string | null }

type Begin = { actor: string; key: string; request: Buffer; at: Date }

export async function insertRepeat({ tx, siteId }: Scope, row: Begin): Promise<boolean> {
  const values = { ...row, status: null, body: null }
  const result =
    siteId === null
      ? await tx.sql
          .insertInto('system.repeat')
          .values(values)
          .onConflict((on) => on.doNothing())
          .executeTakeFirst()
      : await tx.sql
          .insertInto('repeat')
          .values({ ...values, site_id: siteId })
          .onConflict((on) => on.doNothing())
          .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows) > 0
}

const table = ({ siteId }: Scope) => (siteId === null ? ('system.repeat' as const) : ('repeat' as const))

export async function lockRepeat(scope: Scope, actor: string, key: string) {
  return await scope.tx.sql
    .selectFrom(table(scope))
    .select(['request', 'status', 'body', 'at'])
    .where('actor', '=', actor)
    .where('key', '=', key)
    .forUpdate()
    .executeTakeFirstOrThrow()
}

export async function restartRepeat(scope: Scope, row: Begin): Promise<void> {
  await scope.tx.sql
    .updateTable(table(scope))
    .set({ request: row.request, at: row.at, status: null, body: null })
    .where('actor', '=', row.actor)
    .where('key', '=', row.key)
    .execute()
}

export async function finishRepeat(
  scope: Scope,
  actor: string,
  key: string,
  status: number,
  body: unknown,
): Promise<void> {
  await scope.tx.sql
    .updateTable(table(scope))
    .set({ status, body: JSON.stringify(body ?? null) })
    .where('actor', '=', actor)
    .where('key', '=', key)
    .execute()
}

export async function dropRepeat(scope: Scope, actor: string, key: string): Promise<void> {
  await scope.tx.sql.deleteFrom(table(scope)).where('actor', '=', actor).where('key', '=', key).execute()
}
