/**
 * Undo: an applied import is taken back for everybody it touched, as the rows of its changes tell (contract §3.2).
 * Nobody is deleted: who joined is archived. The next import then waits for a person, or it would do it all again.
 */
import { causeOf } from '../../shared/causes.ts'
import type { ImportRun } from '../../shared/mis.ts'
import type { App } from '../app.ts'
import { lockFor, wake } from '../core/db/db.ts'
import { conflict } from '../core/errors.ts'
import { listPeopleForPlan, type PersonRow, updatePeople } from '../people/people.ts'
import { getRun, presentRun } from './imports.ts'
import * as store from './store.ts'

const columns = {
  misId: 'mis_id',
  upi: 'upi',
  forename: 'forename',
  surname: 'surname',
  dateOfBirth: 'date_of_birth',
  yearGroup: 'year_group',
  regGroup: 'reg_group',
  email: 'email',
} as const

/** The person before the change. A field that has another value by now was changed since, and stays. */
function takenBack(person: PersonRow, change: store.ChangeRow, now: Date): PersonRow {
  const before: Record<string, string | null> = {}
  for (const { field, from, to } of change.fields) {
    const column = columns[field as keyof typeof columns]
    if (person[column] === to) before[column] = from
  }
  const state =
    change.change === 'leaver' ? 'active' : change.change === 'changed' ? person.state : 'archived'
  return { ...person, ...before, state, updated_at: now }
}

const touching = new Set(['joiner', 'changed', 'returned', 'leaver'])

/** Takes back the newest applied import; done already is done. */
export async function undoRun(app: App, siteId: string, id: string): Promise<ImportRun> {
  return await app.db.write(siteId, async (tx) => {
    await lockFor(tx, 'import')
    const row = (await store.lockRun(tx, (await getRun(tx, id)).id))!
    if (row.state === 'undone') return presentRun(row)
    if (row.state !== 'done')
      throw conflict(
        'import.not_done',
        `Only an import that was applied can be undone; this one is ${row.state}.`,
      )
    if ((await store.newestDone(tx))?.id !== row.id)
      throw conflict('import.not_newest', 'A newer import was applied after this one. Undo that one first.')
    const now = app.clock.now()
    const people = new Map((await listPeopleForPlan(tx)).map((person) => [person.id, person]))
    const changes = (await store.listChanges(tx, row.id, -1, 1_000_000)).filter(({ change }) =>
      touching.has(change),
    )
    await updatePeople(
      tx,
      changes.flatMap((change) => {
        const person = change.person_id === null ? undefined : people.get(change.person_id)
        return person === undefined ? [] : [takenBack(person, change, now)]
      }),
    )
    await store.updateRun(tx, row.id, { state: 'undone', cause: causeOf('import.undone') })
    wake(tx, 'changed', `${siteId}:imports`)
    wake(tx, 'changed', `${siteId}:people`)
    return presentRun(await getRun(tx, id))
  })
}
