import { type ColumnType, type Generated, type Selectable, sql } from 'kysely'
import type { Db, SystemTx, Tx } from '../core/db/db.ts'

type KioskTable = {
  id: string
  site_id: string
  name: string
  pairing_hash: Buffer | null
  pairing_expires_at: Date | null
  token_hash: Buffer | null
  created_at: Date
  paired_at: Date | null
  last_seen_at: Date | null
  removed_at: Date | null
  waiting: Generated<number>
  page: string | null
}
export type KioskRow = Selectable<KioskTable>

type ProblemTable = {
  site_id: string
  id: string
  kiosk_id: string
  at: Date
  command: ColumnType<unknown, string, never>
  code: string
  message: string
  settled_at: Generated<Date | null>
  settled_by: Generated<string | null>
}
export type ProblemRow = Omit<Selectable<ProblemTable>, 'command'> & { command: unknown }

declare module '../core/db/db.ts' {
  interface Tables {
    'system.kiosk': KioskTable
    kiosk_problem: ProblemTable
  }
}

export type Pairing = { hash: Buffer; expiresAt: Date | null }

/** False when the id or the code is taken. */
export async function insertKiosk(
  tx: SystemTx,
  kiosk: { id: string; siteId: string; name: string; now: Date },
  pairing: Pairing,
): Promise<boolean> {
  const result = await tx.sql
    .insertInto('system.kiosk')
    .values({
      id: kiosk.id,
      site_id: kiosk.siteId,
      name: kiosk.name,
      pairing_hash: pairing.hash,
      pairing_expires_at: pairing.expiresAt,
      created_at: kiosk.now,
    })
    .onConflict((on) => on.doNothing())
    .executeTakeFirst()
  return Number(result.numInsertedOrUpdatedRows) > 0
}

/** False when the code is taken. */
export async function updatePairing(tx: SystemTx, id: string, pairing: Pairing): Promise<boolean> {
  const result = await tx.sql
    .updateTable('system.kiosk')
    .set({ pairing_hash: pairing.hash, pairing_expires_at: pairing.expiresAt })
    .where('id', '=', id)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb.selectFrom('system.kiosk as k').select('k.id').where('k.pairing_hash', '=', pairing.hash),
        ),
      ),
    )
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}

/** Codes that ran out are free again. */
export async function dropOldPairings(tx: SystemTx, now: Date): Promise<void> {
  await tx.sql
    .updateTable('system.kiosk')
    .set({ pairing_hash: null, pairing_expires_at: null })
    .where('pairing_expires_at', '<=', now)
    .execute()
}

/** Uses up a code: the kiosk it belongs to now answers to this token and no older one. */
export async function usePairing(
  tx: SystemTx,
  { code, token, now }: { code: Buffer; token: Buffer; now: Date },
): Promise<KioskRow | undefined> {
  return await tx.sql
    .updateTable('system.kiosk')
    .set({
      pairing_hash: null,
      pairing_expires_at: null,
      token_hash: token,
      paired_at: now,
      last_seen_at: now,
    })
    .where('pairing_hash', '=', code)
    .where('removed_at', 'is', null)
    .where((eb) => eb.or([eb('pairing_expires_at', 'is', null), eb('pairing_expires_at', '>', now)]))
    .returningAll()
    .executeTakeFirst()
}

export async function findKiosk(tx: SystemTx, siteId: string, id: string): Promise<KioskRow | undefined> {
  return await tx.sql
    .selectFrom('system.kiosk')
    .selectAll()
    .where('site_id', '=', siteId)
    .where('id', '=', id)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
}

export async function findKioskByToken(db: Pick<Db, 'sql'>, token: Buffer): Promise<KioskRow | undefined> {
  return await db.sql
    .selectFrom('system.kiosk')
    .selectAll()
    .where('token_hash', '=', token)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
}

/** Newest first; removed ones are gone. */
export async function listKiosks(
  tx: SystemTx,
  siteId: string,
  before: { at: string; id: string } | null,
  limit: number,
): Promise<KioskRow[]> {
  let query = tx.sql
    .selectFrom('system.kiosk')
    .selectAll()
    .where('site_id', '=', siteId)
    .where('removed_at', 'is', null)
  if (before !== null)
    query = query.where(sql<boolean>`(created_at, id) < (${before.at}::timestamptz, ${before.id}::uuid)`)
  return await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

export async function touchKiosk(tx: SystemTx, id: string, now: Date): Promise<void> {
  await tx.sql.updateTable('system.kiosk').set({ last_seen_at: now }).where('id', '=', id).execute()
}

/** What the kiosk says of itself. False when nothing of it is new. */
export async function updateReport(
  tx: SystemTx,
  id: string,
  report: { waiting: number; page: string | null },
): Promise<boolean> {
  const result = await tx.sql
    .updateTable('system.kiosk')
    .set(report)
    .where('id', '=', id)
    .where(sql<boolean>`(waiting, page) is distinct from (${report.waiting}::int, ${report.page}::text)`)
    .executeTakeFirst()
  return Number(result.numUpdatedRows) > 0
}

/** Its token and code die with it. */
export async function removeKiosk(tx: SystemTx, id: string, now: Date): Promise<void> {
  await tx.sql
    .updateTable('system.kiosk')
    .set({ removed_at: now, token_hash: null, pairing_hash: null, pairing_expires_at: null })
    .where('id', '=', id)
    .execute()
}

/** The same command refused again is the same problem. */
export async function insertProblem(
  tx: Tx,
  problem: Omit<ProblemRow, 'site_id' | 'settled_at' | 'settled_by'>,
): Promise<void> {
  await tx.sql
    .insertInto('kiosk_problem')
    .values({ ...problem, site_id: tx.siteId, command: JSON.stringify(problem.command) })
    .onConflict((on) => on.doNothing())
    .execute()
}

export type ListedProblem = ProblemRow & { kiosk_name: string }

/** Ticked off once; the first who did stands. Undefined when there is no such problem. */
export async function settleProblem(
  tx: Tx,
  id: string,
  { by, now }: { by: string; now: Date },
): Promise<ListedProblem | undefined> {
  await tx.sql
    .updateTable('kiosk_problem')
    .set({ settled_at: now, settled_by: by })
    .where('site_id', '=', tx.siteId)
    .where('id', '=', id)
    .where('settled_at', 'is', null)
    .execute()
  return await problemsOf(tx).where('p.id', '=', id).executeTakeFirst()
}

const problemsOf = (db: Db) =>
  db.sql
    .selectFrom('kiosk_problem as p')
    .innerJoin('system.kiosk as k', 'k.id', 'p.kiosk_id')
    .selectAll('p')
    .select('k.name as kiosk_name')
    .where('p.site_id', '=', db.siteId)

/** Newest first. */
export async function listProblems(
  db: Db,
  { before, state }: { before: { at: string; id: string } | null; state: 'open' | 'settled' | undefined },
  limit: number,
): Promise<ListedProblem[]> {
  let query = problemsOf(db)
  if (state !== undefined) query = query.where('p.settled_at', state === 'open' ? 'is' : 'is not', null)
  if (before !== null)
    query = query.where(sql<boolean>`(p.at, p.id) < (${before.at}::timestamptz, ${before.id}::uuid)`)
  return await query.orderBy('p.at', 'desc').orderBy('p.id', 'desc').limit(limit).execute()
}
