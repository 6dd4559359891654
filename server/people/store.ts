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
  phone: string | null
  vehicle: string | null
  working_days: number[] | null
  state: PersonState
  merged_into: string | null
  merged_at: Date | null
  merged_by: string | null
  created_at: Date
  updated_at: Date
}
export type PersonRow = PersonTable
/** What the school itself keeps; no import writes it. */
export type OwnFields = Pick<PersonTable, 'phone' | 'vehicle' | 'working_days'>
type Merge = Pick<PersonTable, 'merged_into' | 'merged_at' | 'merged_by'>
export type NewPerson = Omit<PersonTable, 'site_id' | 'search_key' | keyof OwnFields | keyof Merge>
/** A row of the directory; `importing` is the school's choice for this person of the MIS, false where there is none. */
export type ListedPerson = PersonRow & { importing: boolean }

declare module '../core/db/db.ts' {
  interface Tables {
    person: PersonTable
  }
}

/** Who this is: of a record that was merged, the person into whom (a kiosk may still hold the old id). */
export async function findPerson(db: Db, id: string): Promise<PersonRow | undefined> {
  const kept = sql<string>`(select coalesce(merged_into, id) from person
    where site_id = ${db.siteId}::uuid and id = ${id}::uuid)`
  return await db.sql
    .selectFrom('person')
    .selectAll()
    .where('site_id', '=', db.siteId)
    .where('id', '=', kept)
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

/** Everybody of the site, archived ones too, but no record that was merged: what an import is planned against. */
export async function listPeopleForPlan(db: Db): Promise<PersonRow[]> {
  return await db.sql
    .selectFrom('person')
    .selectAll()
    .where('site_id', '=', db.siteId)
    .where('merged_into', 'is', null)
    .execute()
}

/** Everybody of a kind, archived ones too: what the school's own list is compared with. */
export async function listForOwnList(db: Db, kind: PersonKind): Promise<ListedPerson[]> {
  return await listed(db, kind).where('person.merged_into', 'is', null).execute()
}

/** Names, folded, of those the MIS offers for import and who are nobody here yet: the next import meets them. */
export async function namesOfferedByMis(db: Db, kind: PersonKind): Promise<Set<string>> {
  const { rows } = await sql<{ search_key: string }>`select m.search_key from mis_person m
    where m.site_id = ${db.siteId}::uuid and m.kind = ${kind} and m.offered and m.importing and m.state <> 'leaver'
      and not exists (select 1 from person p
        where p.site_id = m.site_id and p.kind = m.kind and p.mis_id = m.mis_id)`.execute(db.sql)
  return new Set(rows.map((row) => row.search_key))
}

/** The records that were merged into a person, newest first. */
export async function listMerged(db: Db, id: string): Promise<PersonRow[]> {
  return await db.sql
    .selectFrom('person')
    .selectAll()
    .where('site_id', '=', db.siteId)
    .where('merged_into', '=', id)
    .orderBy('merged_at', 'desc')
    .execute()
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
  /** folded words that must each stand somewhere in the name, or a text of the e-mail address, phone or vehicle */
  find?: { words: readonly string[]; text: string } | undefined
  state?: PersonState | undefined
  yearGroup?: string | undefined
  regGroup?: string | undefined
}
export type After = { surname: string; forename: string; id: string }

const holds = (column: 'phone' | 'vehicle', text: string) =>
  sql<boolean>`position(${text.replace(/\s/g, '')} in lower(replace(${sql.ref(column)}, ' ', ''))) > 0`

/** By surname, forename, id, after the person the cursor names. */
export async function listPeople(
  db: Db,
  kind: PersonKind,
  { filter, after, limit }: { filter: PeopleFilter; after: After | null; limit: number },
): Promise<ListedPerson[]> {
  const { find, state, yearGroup, regGroup } = filter
  let query = listed(db, kind).where('person.merged_into', 'is', null)
  if (find !== undefined)
    query = query.where((eb) =>
      eb.or([
        sql<boolean>`position(${find.text} in lower(email)) > 0`,
        ...(find.text.replace(/\s/g, '') === ''
          ? []
          : [holds('phone', find.text), holds('vehicle', find.text)]),
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

/** Active students of whose name each word begins a word and may run on into the next, or all run together do. */
export async function findInLobby(db: Db, words: readonly string[], limit: number): Promise<PersonRow[]> {
  // Folded words hold nothing that means something in a pattern but letters and digits.
  const begins = (word: string) => sql<boolean>`search_key ~ ${`(^| )${Array.from(word).join(' ?')}`}`
  return await activeStudents(db)
    .where((eb) => eb.or([begins(words.join('')), eb.and(words.map(begins))]))
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
export async function insertPeople(tx: Tx, rows: readonly (NewPerson & Partial<OwnFields>)[]): Promise<void> {
  if (rows.length === 0) return
  const columns = Object.keys({ ...types, ...ownTypes })
  await sql`insert into person (site_id, id, ${sql.raw(columns.join(', '))})
    select ${tx.siteId}::uuid, r.id, ${sql.raw(columns.map((name) => `r.${name}`).join(', '))}
    from ${records({ ...types, ...ownTypes }, rows.map(stored))}`.execute(tx.sql)
}

/**
 * Stores the rows as they are given, by id: read them, change them, hand them back whole. What the school itself
 * keeps is not written, whatever the row says: an import cannot touch it.
 */
export async function updatePeople(tx: Tx, rows: readonly NewPerson[]): Promise<void> {
  await updateColumns(tx, types, rows.map(stored))
}

/** Stores what the school itself keeps of each. */
export async function updateOwnFields(
  tx: Tx,
  rows: readonly (OwnFields & { id: string; updated_at: Date })[],
): Promise<void> {
  await updateColumns(tx, { ...ownTypes, updated_at: 'timestamptz' }, rows)
}

/** Makes one record part of another person, with everything merged into it before. */
export async function setMerged(
  tx: Tx,
  id: string,
  { into, at, by }: { into: string; at: Date; by: string },
) {
  await tx.sql
    .updateTable('person')
    .set({ merged_into: into, merged_at: at, merged_by: by, state: 'archived', mis_id: null, updated_at: at })
    .where('site_id', '=', tx.siteId)
    .where('id', '=', id)
    .execute()
  await tx.sql
    .updateTable('person')
    .set({ merged_into: into })
    .where('site_id', '=', tx.siteId)
    .where('merged_into', '=', id)
    .execute()
}

const records = (shape: Record<string, string>, rows: readonly object[]) =>
  sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(id uuid, ${sql.raw(
    Object.entries(shape)
      .map(([name, type]) => `${name} ${type}`)
      .join(', '),
  )})`

async function updateColumns(
  tx: Tx,
  shape: Record<string, string>,
  rows: readonly { id: string }[],
): Promise<void> {
  if (rows.length === 0) return
  await sql`update person set ${sql.raw(
    Object.keys(shape)
      .map((name) => `${name} = r.${name}`)
      .join(', '),
  )} from ${records(shape, rows)} where person.site_id = ${tx.siteId}::uuid and person.id = r.id`.execute(
    tx.sql,
  )
}

const ownTypes: Record<keyof OwnFields, string> = {
  phone: 'text',
  vehicle: 'text',
  working_days: 'smallint[]',
}
/** The columns after the key, and their types. */
const types: Record<keyof Omit<NewPerson, 'id'> | 'search_key', string> = {
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
