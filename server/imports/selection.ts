/** Who comes across: red archives, green restores the same record, at once; the choice outlives every import. */
import type { MisPerson, PersonKind, selectionPost } from '../../shared/mis.ts'
import type { z } from 'zod'
import type { App } from '../app.ts'
import { type Db, type Tx, lockFor, wake } from '../core/db/db.ts'
import { AppError, invalid, notFound } from '../core/errors.ts'
import { asId } from '../core/ids.ts'
import {
  displayName,
  findPerson,
  foldedWords,
  listPeopleForPlan,
  type PersonRow,
  setPeopleState,
  updatePeople,
} from '../people/people.ts'
import { getSite, requireMis } from '../sites/sites.ts'
import * as store from './store.ts'

export { pageMisPeople } from './store.ts'

export function presentMisPerson(row: store.MisPersonRow): MisPerson {
  return {
    misId: row.mis_id,
    kind: row.kind,
    name: displayName(row.forename, row.surname),
    yearGroup: row.year_group,
    regGroup: row.reg_group,
    importing: row.importing,
    state: row.state,
    person: row.person_id,
  }
}

export const wordsOf = (q: string | undefined) => (q === undefined ? undefined : foldedWords(q))

type Selection = z.output<typeof selectionPost>

/** Switches people on or off; returns how many were switched. An unknown id: 404, and nothing is changed. */
export async function select(app: App, siteId: string, selection: Selection): Promise<number> {
  return await app.db.write(siteId, async (tx) => {
    requireMis(await getSite(tx, siteId), app.clock.now())
    await lockFor(tx, 'import')
    const rows = 'all' in selection ? await ofFilter(tx, selection) : await ofIds(tx, selection.misIds)
    const switched = rows.filter((row) => row.importing !== selection.importing)
    for (const kind of ['student', 'employee'] as const) {
      const ids = switched.filter((row) => row.kind === kind).map((row) => row.mis_id)
      if (ids.length > 0) await switchKind(app, tx, kind, ids, selection.importing)
    }
    wake(tx, 'changed', `${siteId}:people`)
    return switched.length
  })
}

async function ofIds(tx: Tx, misIds: readonly string[]): Promise<store.MisPersonRow[]> {
  const rows = await store.misPeopleByIds(tx, misIds)
  const known = new Set(rows.map((row) => row.mis_id))
  const unknown = misIds.find((misId) => !known.has(misId))
  if (unknown !== undefined)
    throw new AppError(
      404,
      'mis.unknown_person',
      'misIds: holds an id that the MIS did not offer at the last reading',
      {
        fields: { misIds: 'holds an id that the MIS did not offer at the last reading' },
      },
    )
  return rows
}

async function ofFilter(
  tx: Tx,
  { kind, importing, q, yearGroup, regGroup }: Extract<Selection, { all: true }>,
): Promise<store.MisPersonRow[]> {
  const whole = q === undefined && yearGroup === undefined && regGroup === undefined
  const filter = { kind, yearGroup, regGroup, words: wordsOf(q) }
  const rows = await store.matchingMisPeople(tx, filter)
  if (whole) {
    // Decides for those who come later too, and for those not offered just now.
    await store.putDefault(tx, kind, importing)
    const others = (await store.listMisPeople(tx)).filter((row) => row.kind === kind && !row.offered)
    return [...rows, ...others]
  }
  return rows
}

async function switchKind(
  app: App,
  tx: Tx,
  kind: PersonKind,
  misIds: readonly string[],
  importing: boolean,
): Promise<void> {
  await store.setImporting(tx, kind, misIds, importing)
  const ids = new Set(misIds)
  const left = new Set(
    (await store.misPeopleByIds(tx, misIds))
      .filter((row) => row.kind === kind && row.state === 'leaver')
      .map((row) => row.mis_id),
  )
  const people = (await listPeopleForPlan(tx)).filter(
    (p) => p.kind === kind && p.mis_id !== null && ids.has(p.mis_id),
  )
  // Green brings nobody back who has left the school meanwhile.
  const touched = importing ? people.filter((p) => !left.has(p.mis_id!)) : people
  await setPeopleState(
    tx,
    touched.map((p) => p.id),
    importing ? 'active' : 'archived',
    app.clock.now(),
  )
}

/**
 * Nobody of this kind comes across any more, those who come later neither; whoever came is archived. Needs neither
 * licence nor link: keeping people out is always allowed. Returns how many were archived.
 */
export async function keepOutAll(tx: Tx, kind: PersonKind, now: Date): Promise<number> {
  await store.putDefault(tx, kind, false)
  await store.setAllImporting(tx, kind, false)
  const came = await listImported(tx, kind)
  await setPeopleState(
    tx,
    came.map((person) => person.id),
    'archived',
    now,
  )
  return came.length
}

/** The active people of a kind that came from the MIS. */
export async function listImported(db: Db, kind: PersonKind): Promise<PersonRow[]> {
  return (await listPeopleForPlan(db)).filter(
    (person) => person.kind === kind && person.mis_id !== null && person.state === 'active',
  )
}

/** Which of these records the MIS offered at the last reading. */
export async function offeredOf(db: Db, kind: PersonKind, misIds: readonly string[]): Promise<Set<string>> {
  const rows = await store.misPeopleByIds(db, misIds)
  return new Set(rows.filter((row) => row.kind === kind && row.offered).map((row) => row.mis_id))
}

/** Two records were one person: what was said of the one in the MIS's list is said of the other. */
export async function followMerge(tx: Tx, kind: PersonKind, from: string, to: string): Promise<void> {
  await store.moveMatches(tx, kind, from, to)
}

/** Says who a record of the MIS is: somebody we hold, or somebody else. The next import follows it. */
export async function matchMisPerson(
  app: App,
  siteId: string,
  misId: string,
  personId: string | null,
): Promise<MisPerson> {
  return await app.db.write(siteId, async (tx) => {
    requireMis(await getSite(tx, siteId), app.clock.now())
    await lockFor(tx, 'import')
    const row = (await store.misPeopleByIds(tx, [misId]))[0]
    if (row === undefined) throw notFound('person in the MIS')
    if (row.state !== 'may-match')
      throw new AppError(409, 'mis.not_in_question', 'Nobody has to say who this is: it is decided.')
    if (personId === null) await differ(tx, row)
    else await agree(app, tx, row, personId)
    wake(tx, 'changed', `${siteId}:people`)
    wake(tx, 'marks', siteId)
    return presentMisPerson((await store.misPeopleByIds(tx, [misId]))[0]!)
  })
}

async function differ(tx: Tx, row: store.MisPersonRow): Promise<void> {
  const others =
    row.person_id === null ? row.different_from : [...new Set([...row.different_from, row.person_id])]
  await store.setMatch(tx, row.kind, row.mis_id, { person_id: null, state: 'new', different_from: others })
}

async function agree(app: App, tx: Tx, row: store.MisPersonRow, personId: string): Promise<void> {
  const id = asId(personId)
  const person = id === null ? undefined : await findPerson(tx, id)
  if (person === undefined || person.kind !== row.kind)
    throw invalid('person', `is no ${row.kind} of this site`, 'mis.unknown_match')
  const taken =
    person.mis_id !== null &&
    (await store.misPeopleByIds(tx, [person.mis_id])).some(
      (other) => other.offered && other.mis_id !== row.mis_id,
    )
  if (taken)
    throw new AppError(409, 'mis.matched_already', 'That person has a record of their own in the MIS.')
  await updatePeople(tx, [{ ...person, mis_id: row.mis_id, updated_at: app.clock.now() }])
  await store.setMatch(tx, row.kind, row.mis_id, {
    person_id: person.id,
    state: 'matched',
    different_from: row.different_from,
  })
}
