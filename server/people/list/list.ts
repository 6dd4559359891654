/**
 * The school's own list of staff: read, compared with whom we hold, shown, and stored in one transaction. On a dry
 * run nothing is stored, and nothing at all of a file that cannot be read as a whole.
 */
import type { ListReply } from '../../../shared/people.ts'
import type { App } from '../../app.ts'
import { type Db, lockFor, type Tx, wake } from '../../core/db/db.ts'
import { newId } from '../../core/ids.ts'
import { searchKey } from '../names.ts'
import * as store from '../store.ts'
import { daysInWords, type Line, readLines } from './columns.ts'
import { readRows } from './file.ts'
import { type Planned, planList } from './plan.ts'

/** Does what the list says, or with `dryRun` only tells it. Good lines are stored, refused ones listed. */
export async function importList(
  app: App,
  siteId: string,
  { file, dryRun }: { file: Buffer; dryRun: boolean },
): Promise<ListReply> {
  const { lines, ignoredColumns } = readLines(await readRows(file))
  const rows = dryRun
    ? await app.db.read(siteId, (db) => plan(db, lines))
    : await app.db.write(siteId, async (tx) => {
        await lockFor(tx, 'import')
        const planned = await plan(tx, lines)
        await apply(tx, planned, app.clock.now())
        return planned
      })
  const counts = { new: 0, changed: 0, unchanged: 0, refused: 0 }
  for (const { result } of rows) counts[result]++
  return {
    rows: rows.map(({ known: _known, set: _set, ...row }) => row),
    counts,
    ignoredColumns,
  }
}

async function plan(db: Db, lines: readonly Line[]): Promise<Planned[]> {
  const people = await store.listForOwnList(db, 'employee')
  const offered = await store.namesOfferedByMis(db, 'employee')
  return planList(lines, {
    people,
    offeredByMis: (name) => offered.has(searchKey(name, '')),
    daysInWords,
  })
}

/** New people get their ids here; whoever changed keeps theirs. */
async function apply(tx: Tx, rows: Planned[], now: Date): Promise<void> {
  const at = { created_at: now, updated_at: now }
  const none = { mis_id: null, upi: null, date_of_birth: null, year_group: null, reg_group: null }
  const joined: Parameters<typeof store.insertPeople>[1][number][] = []
  const changed: Parameters<typeof store.updatePeople>[1][number][] = []
  const own: Parameters<typeof store.updateOwnFields>[1][number][] = []
  for (const row of rows) {
    if (row.set === null) continue
    if (row.known === null) {
      row.person = newId(now.getTime())
      joined.push({ ...none, ...row.set, id: row.person, kind: 'employee', ...at })
    } else {
      const { forename, surname, email, state, phone, vehicle, working_days } = row.set
      changed.push({ ...row.known, ...{ forename, surname, email, state, updated_at: now } })
      own.push({ id: row.known.id, ...{ phone, vehicle, working_days, updated_at: now } })
    }
  }
  await store.insertPeople(tx, joined)
  await store.updatePeople(tx, changed)
  await store.updateOwnFields(tx, own)
  if (joined.length + changed.length > 0) wake(tx, 'changed', `${tx.siteId}:people`)
}
