/**
 * Marks of a record that turns out to be somebody we have twice: they become the other's, with what was told of
 * them. Where both records owe a mark for one date and session, one record's stands and the other's gives way.
 */
import type { Tx } from '../core/db/db.ts'
import { wake } from '../core/db/db.ts'
import { conflict } from '../core/errors.ts'
import { moveNotices } from '../notices/notices.ts'
import { moveChecks } from './checks.store.ts'
import { isEnd } from './states.ts'
import * as store from './store.ts'
import { hasGone, move, type WriteBackRow } from './write-backs.ts'

type Row = Pick<WriteBackRow, 'state' | 'sent_at' | 'situation' | 'happened_at' | 'n'>

/**
 * Whether the marks of `a` stand and those of `b` give way, for one date and session: one that is in the register, or
 * may be, stands before one that is not; of two arrivals the earlier counts (contract §3.4); else the newer.
 */
export function standsBefore(a: readonly Row[], b: readonly Row[]): boolean {
  const gone = [a.some(hasGone), b.some(hasGone)]
  if (gone[0] !== gone[1]) return gone[0]!
  const first = (rows: readonly Row[]) => Math.min(...rows.map((row) => row.happened_at.getTime()))
  const arrivals = [...a, ...b].every((row) => row.situation === 'A' || row.situation === 'B')
  if (arrivals && first(a) !== first(b)) return first(a) < first(b)
  const newest = (rows: readonly Row[]) => Math.max(...rows.map((row) => row.n))
  return newest(a) > newest(b)
}

/** Not at an end, or in the register: what two records may disagree about. */
const counts = (row: Row) => !isEnd(row.state) || hasGone(row)

/** Gives the marks, looks and notices of one record to another. One that must give way and is on its way: 409. */
export async function moveMarks(tx: Tx, from: string, to: string, now: Date): Promise<void> {
  const keyOf = ({ date, session }: WriteBackRow) => `${date} ${session}`
  const theirs = (await store.lockOfPerson(tx, from)).filter((row) => row.session !== null && counts(row))
  const days = [...new Set(theirs.map((row) => row.date))]
  const ours = Map.groupBy((await store.lockOfPerson(tx, to, days)).filter(counts), keyOf)
  for (const [key, rows] of Map.groupBy(theirs, keyOf)) {
    const others = ours.get(key)
    if (others === undefined) continue
    for (const row of (standsBefore(rows, others) ? others : rows).filter(({ state }) => !isEnd(state))) {
      if (row.state === 'sending')
        throw conflict(
          'people.mark_on_its_way',
          'A mark is on its way at this moment. Try again in a minute.',
        )
      await move(tx, row, 'superseded', now, 'Two records were merged: the mark of the other one stands.')
    }
  }
  await store.movePerson(tx, from, to)
  await moveChecks(tx, from, to)
  await moveNotices(tx, from, to)
  wake(tx, 'changed', `${tx.siteId}:write-backs`)
  wake(tx, 'marks', tx.siteId)
}
