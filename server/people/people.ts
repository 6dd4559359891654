/**
 * The directory: students and employees of a site. The MIS is master of its fields of an imported person, the
 * school of all others; nobody is deleted, only archived and restored as the same record.
 *
 * Refuses: changing by hand what the MIS owns, naming each field. Imports change people through the store's bulk
 * verbs, and nobody else does.
 */
import type { z } from 'zod'
import type { PersonKind } from '../../shared/mis.ts'
import type { employeePatch, employeePost, Person, studentPatch, studentPost } from '../../shared/people.ts'
import type { App } from '../app.ts'
import type { Db, Tx } from '../core/db/db.ts'
import { lockFor, wake } from '../core/db/db.ts'
import { AppError, conflict, notFound } from '../core/errors.ts'
import { asId } from '../core/ids.ts'
import { displayName, foldedWords } from './names.ts'
import * as store from './store.ts'

export {
  findPeople,
  findPerson,
  insertPeople,
  listMerged,
  listPeopleForPlan,
  type ListedPerson,
  type NewPerson,
  type PersonRow,
  setMerged,
  setPeopleState,
  updateOwnFields,
  updatePeople,
} from './store.ts'
export { displayName, foldedWords, searchKey } from './names.ts'

/** Of a student's body the fields that only employees have are absent. */
type Post = z.output<typeof studentPost> & Partial<z.output<typeof employeePost>>
type Patch = z.output<typeof studentPatch> & Partial<z.output<typeof employeePatch>>

export function presentPerson(row: store.ListedPerson): Person {
  return {
    id: row.id,
    kind: row.kind,
    misId: row.mis_id,
    forename: row.forename,
    surname: row.surname,
    name: displayName(row.forename, row.surname),
    yearGroup: row.year_group,
    regGroup: row.reg_group,
    email: row.email,
    state: row.state,
    importing: row.importing,
    phone: row.phone,
    vehicle: row.vehicle,
    workingDays: row.working_days,
    mergedInto: row.merged_into,
    updatedAt: row.updated_at.toISOString(),
  }
}

export type PeopleQuery = Omit<store.PeopleFilter, 'find'> & { q?: string | undefined }

/** A page of the directory: `q` is words of a name in any order, however spelt as to accents, or part of an e-mail,
 * a phone number or a vehicle's registration. A record that was merged is in no list. */
export async function listPeople(
  db: Db,
  kind: PersonKind,
  { q, after, limit, ...filter }: PeopleQuery & { after: store.After | null; limit: number },
): Promise<store.ListedPerson[]> {
  const text = q?.trim() ?? ''
  const find = text === '' ? undefined : { words: foldedWords(text), text: text.toLowerCase() }
  return await store.listPeople(db, kind, { filter: { ...filter, find }, after, limit })
}

/** Of this kind, or 404: another kind's id is none of its. */
export async function getPerson(db: Db, kind: PersonKind, id: string): Promise<store.ListedPerson> {
  const known = asId(id)
  const row = known === null ? undefined : await store.findListed(db, kind, known)
  if (row === undefined) throw notFound(kind)
  return row
}

/** For a change by hand: not while an import writes what it read before, and not to a record that was merged. */
async function lock(tx: Tx, kind: PersonKind, id: string): Promise<store.ListedPerson> {
  await lockFor(tx, 'import')
  const row = await getPerson(tx, kind, id)
  if (row.merged_into !== null) throw mergedAlready(await store.findPerson(tx, row.id))
  return row
}

export const mergedAlready = (kept: store.PersonRow | undefined) =>
  conflict(
    'people.merged',
    `This record was merged into ${kept === undefined ? 'another' : displayName(kept.forename, kept.surname)}. Use that one.`,
  )

/** Adds somebody by hand; the same id again finds the first. */
export async function addPerson(
  app: Pick<App, 'db' | 'clock'>,
  siteId: string,
  { kind, id, ...given }: Post & { kind: PersonKind; id: string },
): Promise<store.ListedPerson> {
  return await app.db.write(siteId, async (tx) => {
    await lockFor(tx, 'import')
    const now = app.clock.now()
    if ((await store.findPerson(tx, id)) === undefined) {
      const ours = { mis_id: null, upi: null, date_of_birth: null, state: 'active' as const }
      const own = { phone: given.phone, vehicle: given.vehicle, working_days: given.workingDays }
      const names = { forename: given.forename, surname: given.surname, email: given.email }
      const groups = { year_group: given.yearGroup, reg_group: given.regGroup }
      await store.insertPeople(tx, [
        { id, kind, ...names, ...groups, ...ours, ...own, created_at: now, updated_at: now },
      ])
      wake(tx, 'changed', `${siteId}:people`)
    }
    return await getPerson(tx, kind, id)
  })
}

/** What the MIS owns of an imported person (product.md §12.4). */
const misOwned: Record<PersonKind, readonly (keyof Patch)[]> = {
  student: ['forename', 'surname', 'yearGroup', 'regGroup'],
  employee: ['forename', 'surname', 'yearGroup', 'regGroup', 'email'],
}

/** Whether the next import writes the MIS's fields of this person. One switched off (red) is the school's own. */
export const isOwnedByMis = (row: store.ListedPerson) => row.mis_id !== null && row.importing

export async function changePerson(
  app: Pick<App, 'db' | 'clock'>,
  siteId: string,
  { kind, id, ...set }: Patch & { kind: PersonKind; id: string },
): Promise<store.ListedPerson> {
  return await app.db.write(siteId, async (tx) => {
    const row = await lock(tx, kind, id)
    const refused = isOwnedByMis(row) ? misOwned[kind].filter((field) => set[field] !== undefined) : []
    if (refused.length > 0)
      throw new AppError(
        422,
        'people.mis_owned',
        `${refused.join(', ')}: comes from the MIS. Change it there; the next import brings it here.`,
        {
          fields: Object.fromEntries(refused.map((field) => [field, 'comes from the MIS; change it there'])),
        },
      )
    const { forename = row.forename, surname = row.surname, email = row.email } = set
    const { yearGroup = row.year_group, regGroup = row.reg_group } = set
    const names = { forename, surname, email, year_group: yearGroup, reg_group: regGroup }
    const { phone = row.phone, vehicle = row.vehicle, workingDays = row.working_days } = set
    const now = app.clock.now()
    await store.updatePeople(tx, [{ ...row, ...names, updated_at: now }])
    await store.updateOwnFields(tx, [
      { id: row.id, phone, vehicle, working_days: workingDays, updated_at: now },
    ])
    wake(tx, 'changed', `${siteId}:people`)
    return await getPerson(tx, kind, id)
  })
}

/** Archives or restores; done already is done. */
export async function setPersonState(
  app: Pick<App, 'db' | 'clock'>,
  siteId: string,
  { kind, id, state }: { kind: PersonKind; id: string; state: store.PersonState },
): Promise<store.ListedPerson> {
  return await app.db.write(siteId, async (tx) => {
    const row = await lock(tx, kind, id)
    await store.setPeopleState(tx, [row.id], state, app.clock.now())
    wake(tx, 'changed', `${siteId}:people`)
    return await getPerson(tx, kind, id)
  })
}
