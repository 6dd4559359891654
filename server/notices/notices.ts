/**
 * The office is told: what a movement showed about the register that nobody has to decide but somebody should know
 * (attendance reference §3 and §5, signs i and †). Told once, and settled by a person or by the movement's end.
 */
import type { Notice } from '../../shared/notices.ts'
import type { App } from '../app.ts'
import type { Db, Tx } from '../core/db/db.ts'
import { wake } from '../core/db/db.ts'
import { notFound } from '../core/errors.ts'
import { newId } from '../core/ids.ts'
import * as store from './store.ts'

export { countOpen, listNotices, moveNotices } from './store.ts'

export type Told = Omit<store.NewNotice, 'id'>

/** Tells the office once for a `key` of the site; the same again does nothing. */
export async function tell(tx: Tx, told: Told): Promise<void> {
  const fresh = await store.insertNotice(tx, { ...told, id: newId(told.at.getTime()) })
  if (fresh) wake(tx, 'changed', `${tx.siteId}:notices`)
}

/** A movement that was put right or withdrawn has nothing more to tell. */
export async function withdraw(tx: Tx, movementId: string, now: Date): Promise<void> {
  await settleBy(tx, { movementId }, now, 'the movement was put right')
}

/** What was told for a reason settled itself. */
export async function settleItself(tx: Tx, key: string, now: Date, by: string): Promise<void> {
  await settleBy(tx, { key }, now, by)
}

async function settleBy(
  tx: Tx,
  which: { movementId: string } | { key: string },
  now: Date,
  by: string,
): Promise<void> {
  const set = { settled_at: now, settled_by: by }
  if ((await store.settleNotices(tx, which, set)) > 0) wake(tx, 'changed', `${tx.siteId}:notices`)
}

/** A person has seen to it. Again: as the first time. */
export async function settle(app: App, siteId: string, id: string, by: string): Promise<Notice> {
  return await app.db.write(siteId, async (tx) => {
    const settled = await store.settleNotices(tx, { id }, { settled_at: app.clock.now(), settled_by: by })
    if (settled > 0) wake(tx, 'changed', `${siteId}:notices`)
    return await getNotice(tx, id)
  })
}

async function getNotice(db: Db, id: string): Promise<Notice> {
  const row = await store.findNotice(db, id)
  if (row === undefined) throw notFound('notice')
  return present(row)
}

export function present(row: store.NoticeRow): Notice {
  return {
    id: row.id,
    at: row.at.toISOString(),
    alert: row.alert,
    person: row.person_id,
    movement: row.movement_id,
    date: row.date,
    session: row.session,
    stands: row.stands,
    message: row.message,
    fix: row.fix,
    settledAt: row.settled_at?.toISOString() ?? null,
    settledBy: row.settled_by,
  }
}
