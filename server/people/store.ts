/** The directory's table. `search_key` is made here from the names, so that neither can be stored without the other. */
import { sql } from 'kysely'
import type { PersonKind } from '../../shared/mis.ts'
import type { Db, Tx } from '../core/db/db.ts'
import { searchKey } from './names.ts'

export type PersonState = 'active' | 'archived'

type PersonTable = {
  site_id: string
  id: string
  kind: PersonKind
  mis_id: string | null
  upi: string | null
  forename: string
  surname: string
  search_key: string
  date_of_birth: string | null
  year_group: string | null
  reg_group: string | null
  email: string | null
  state: PersonState
  created_at: Date
  updated_at: Date
}
export type PersonRow = PersonTable
export type NewPerson = Omit<PersonTable, 'site_id' | 'search_key'>
/** A row of the directory; `importing` is the school's choice for this person of the MIS, false where there is none. */
export type ListedPerson = PersonRow & { importing: boolean }

declare module '../core/db/db.ts' {
  interface Tables {
    person: PersonTable
  }
}

export async function findPerson(db: Db, id: string): Promise<PersonRow | undefined> {
  return await db.sql
    .selectFrom('person')
    .selectAll()
    .where('site_id', '=', db.siteId)
    .where('id', '=', id)
    .executeTakeFirst()
}

export async function findPeople(db: Db, ids: readonly string[]): Promise<PersonRow[]> {
  if (ids.length === 0) return []
  return await db.sql
    .selectFrom('person')
    .selectAll()
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .execute()
}

export async function lockPerson(tx: Tx, kind: PersonKind, id: string): Promise<PersonRow | undefined> {
  return await tx.sql
    .selectFrom('person')
    .selectAll()
    .where('site_id', '=', tx.siteId)
    .where('kind', '=', kind)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
}

/** Everybody of the site, archived ones too: what an import is planned against. */
export async function listPeopleForPlan(db: Db): Promise<PersonRow[]> {
  return await db.sql.selectFrom('person').selectAll().where('site_id', '=', db.siteId).execute()
}

// The selection is the imports' own table; of it this asks one thing.
const importing = sql<boolean>`exists (select 1 from mis_person m where m.site_id = person.site_id
  and m.kind = person.kind and m.mis_id = person.mis_id and m.importing)`.as('importing')

const listed = (db: Db, kind: PersonKind) =>
  db.sql
    .selectFrom('person')
    .selectAll('person')
    .select(importing)
    .where('person.site_id', '=', db.siteId)
    .where('person.kind', '=', kind)

export async function findListed(db: Db, kind: PersonKind, id: string): Promise<ListedPerson | undefined> {
  return await listed(db, kind).where('person.id', '=', id).executeTakeFirst()
}

export type PeopleFilter = {
  /** folded words that must each stand somewhere in the name, or a text that stands in the e-mail address */
  find?: { words: readonly string[]; email: string } | undefined
  state?: PersonState | undefined
  yearGroup?: string | undefined
  regGroup?: string | undefined
}
export type After = { surname: string; forename: string; id: string }

/** By surname, forename, id, after the person the cursor names. */
export async function listPeople(
  db: Db,
  kind: PersonKind,
  { filter, after, limit }: { filter: PeopleFilter; after: After | null; limit: number },
): Promise<ListedPerson[]> {
  const { find, state, yearGroup, regGroup } = filter
  let query = listed(db, kind)
  if (find !== undefined)
    query = query.where((eb) =>
      eb.or([
        sql<boolean>`position(${find.email} in lower(email)) > 0`,
        ...(find.words.length === 0
          ? []
          : [eb.and(find.words.map((word) => eb(sql`replace(search_key, ' ', '')`, 'like', `%${word}%`)))]),
      ]),
    )
  if (state !== undefined) query = query.where('person.state', '=', state)
  if (yearGroup !== undefined) query = query.where('person.year_group', '=', yearGroup)
  if (regGroup !== undefined) query = query.where('person.reg_group', '=', regGroup)
  if (after !== null)
    query = query.where(
      sql<boolean>`(surname, forename, id) > (${after.surname}, ${after.forename}, ${after.id}::uuid)`,
    )
  return await query.orderBy('surname').orderBy('forename').orderBy('id').limit(limit).execute()
}

/** Active students of whose name each word begins a word, or all of them run together begin one and go on. */
export async function findInLobby(db: Db, words: readonly string[], limit: number): Promise<PersonRow[]> {
  // Folded words hold nothing that means something in a pattern but letters and digits.
  const runTogether = `(^| )${Array.from(words.join('')).join(' ?')}`
  return await activeStudents(db)
    .where((eb) =>
      eb.or([
        eb('search_key', '~', runTogether),
        eb.and(words.map((word) => eb(sql`' ' || search_key`, 'like', `% ${word}%`))),
      ]),
    )
    .orderBy('forename')
    .orderBy('surname')
    .orderBy('id')
    .limit(limit)
    .execute()
}

export async function listActiveStudents(db: Db): Promise<PersonRow[]> {
  return await activeStudents(db).orderBy('surname').orderBy('forename').orderBy('id').execute()
}

const activeStudents = (db: Db) =>
  db.sql
    .selectFrom('person')
    .selectAll()
    .where('site_id', '=', db.siteId)
    .where('kind', '=', 'student')
    .where('state', '=', 'active')

const stored = ({ id, ...row }: NewPerson) => ({
  ...row,
  search_key: searchKey(row.forename, row.surname),
  id,
})

/** All of them in one statement, whatever the school's size. */
export async function insertPeople(tx: Tx, rows: readonly NewPerson[]): Promise<void> {
  if (rows.length === 0) return
  await sql`insert into person (site_id, id, ${sql.raw(columns.join(', '))})
    select ${tx.siteId}::uuid, r.id, ${sql.raw(columns.map((name) => `r.${name}`).join(', '))}
    from jsonb_to_recordset(${JSON.stringify(rows.map(stored))}::jsonb) as r(${sql.raw(shape)})`.execute(
    tx.sql,
  )
}

/** Stores the rows as they are given, by id: read them, change them, hand them back whole. */
export async function updatePeople(tx: Tx, rows: readonly NewPerson[]): Promise<void> {
  if (rows.length === 0) return
  await sql`update person set ${sql.raw(columns.map((name) => `${name} = r.${name}`).join(', '))}
    from jsonb_to_recordset(${JSON.stringify(rows.map(stored))}::jsonb) as r(${sql.raw(shape)})
    where person.site_id = ${tx.siteId}::uuid and person.id = r.id`.execute(tx.sql)
}

/** The columns after the key, and their types. */
const types: Record<keyof Omit<PersonTable, 'site_id' | 'id'>, string> = {
  kind: 'text',
  mis_id: 'text',
  upi: 'text',
  forename: 'text',
  surname: 'text',
  search_key: 'text',
  date_of_birth: 'date',
  year_group: 'text',
  reg_group: 'text',
  email: 'text',
  state: 'text',
  created_at: 'timestamptz',
  updated_at: 'timestamptz',
}
const columns = Object.keys(types)
const shape = `id uuid, ${Object.entries(types)
  .map(([name, type]) => `${name} ${type}`)
  .join(', ')}`

export async function setPeopleState(
  tx: Tx,
  ids: readonly string[],
  state: PersonState,
  now: Date,
): Promise<void> {
  if (ids.length === 0) return
  await tx.sql
    .updateTable('person')
    .set({ state, updated_at: now })
    .where('site_id', '=', tx.siteId)
    .where('id', '=', sql<string>`any(${ids}::uuid[])`)
    .where('state', '!=', state)
    .execute()
}
