/**
 * The directory: students and employees of a site. The MIS is master of its fields of an imported person, the
 * school of all others; nobody is deleted, only archived and restored as the same record.
 *
 * Refuses: changing by hand what the MIS owns, naming each field. Imports change people through the store's bulk
 * verbs, and nobody else does.
 */
import type { z } from 'zod'
import type { PersonKind } from '../../shared/mis.ts'
import type { Person, personPatch, personPost } from '../../shared/people.ts'
import type { App } from '../app.ts'
import type { Db, Tx } from '../core/db/db.ts'
import { wake } from '../core/db/db.ts'
import { AppError, notFound } from '../core/errors.ts'
import { asId } from '../core/ids.ts'
import { displayName, foldedWords } from './names.ts'
import * as store from './store.ts'

export {
  findPeople,
  findPerson,
  insertPeople,
  listPeopleForPlan,
  type NewPerson,
  type PersonRow,
  setPeopleState,
  updatePeople,
} from './store.ts'
export { displayName, foldedWords, searchKey } from './names.ts'

type Post = z.output<typeof personPost>
type Patch = z.output<typeof personPatch>

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
    updatedAt: row.updated_at.toISOString(),
  }
}

export type PeopleQuery = Omit<store.PeopleFilter, 'find'> & { q?: string | undefined }

/** A page of the directory: `q` is words of a name in any order, however spelt as to accents, or part of an e-mail. */
export async function listPeople(
  db: Db,
  kind: PersonKind,
  { q, after, limit, ...filter }: PeopleQuery & { after: store.After | null; limit: number },
): Promise<store.ListedPerson[]> {
  const text = q?.trim() ?? ''
  const find = text === '' ? undefined : { words: foldedWords(text), email: text.toLowerCase() }
  return await store.listPeople(db, kind, { filter: { ...filter, find }, after, limit })
}

/** Of this kind, or 404: another kind's id is none of its. */
export async function getPerson(db: Db, kind: PersonKind, id: string): Promise<store.ListedPerson> {
  const known = asId(id)
  const row = known === null ? undefined : await store.findListed(db, kind, known)
  if (row === undefined) throw notFound(kind)
  return row
}

async function lock(tx: Tx, kind: PersonKind, id: string): Promise<store.PersonRow> {
  const known = asId(id)
  const row = known === null ? undefined : await store.lockPerson(tx, kind, known)
  if (row === undefined) throw notFound(kind)
  return row
}

/** Adds somebody by hand; the same id again finds the first. */
export async function addPerson(
  app: Pick<App, 'db' | 'clock'>,
  siteId: string,
  { kind, id, ...given }: Post & { kind: PersonKind; id: string },
): Promise<store.ListedPerson> {
  return await app.db.write(siteId, async (tx) => {
    const now = app.clock.now()
    if ((await store.findPerson(tx, id)) === undefined) {
      const ours = { mis_id: null, upi: null, date_of_birth: null, state: 'active' as const }
      const names = { forename: given.forename, surname: given.surname, email: given.email }
      const groups = { year_group: given.yearGroup, reg_group: given.regGroup }
      await store.insertPeople(tx, [
        { id, kind, ...names, ...groups, ...ours, created_at: now, updated_at: now },
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

export async function changePerson(
  app: Pick<App, 'db' | 'clock'>,
  siteId: string,
  { kind, id, ...set }: Patch & { kind: PersonKind; id: string },
): Promise<store.ListedPerson> {
  return await app.db.write(siteId, async (tx) => {
    const row = await lock(tx, kind, id)
    const refused = row.mis_id === null ? [] : misOwned[kind].filter((field) => set[field] !== undefined)
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
    await store.updatePeople(tx, [{ ...row, ...names, updated_at: app.clock.now() }])
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
