/** Who a record of the MIS is, of those we hold (contract §3.2 Match). Pure. */
import type { PersonKind } from '../../shared/mis.ts'
import { searchKey } from '../people/names.ts'
import type { PersonRow } from '../people/store.ts'
import type { MisPersonRow } from './store.ts'

/** The fields that the MIS owns; `undefined` not told, `null` told and empty: neither erases what we hold. */
export type Owned = {
  mis_id: string
  upi: string | null | undefined
  forename: string
  surname: string
  date_of_birth: string | null | undefined
  year_group: string | null | undefined
  reg_group: string | null | undefined
  email: string | null | undefined
}
export type Candidate = { kind: PersonKind; owned: Owned; left: boolean }

export type Found = { person: PersonRow | null; namesake: PersonRow | null }

/** Wonde id; `upi`; for employees an e-mail that nobody else has; else a namesake, of whom a person must say. */
export function createMatcher(
  people: readonly PersonRow[],
  offeredIds: ReadonlySet<string>,
  selection: ReadonlyMap<string, MisPersonRow>,
  candidates: readonly Candidate[],
): (candidate: Candidate) => Found {
  const byMisId = new Map(people.filter((p) => p.mis_id !== null).map((p) => [p.mis_id!, p]))
  const byId = new Map(people.map((p) => [p.id, p]))
  // Whoever has a record of his own in this reading is nobody else.
  const free = people.filter((p) => p.mis_id === null || !offeredIds.has(p.mis_id))
  const fold = (email: string) => email.trim().toLowerCase()
  const byUpi = Map.groupBy(
    free.filter((p) => p.upi !== null),
    (p) => p.upi!,
  )
  const byEmail = Map.groupBy(
    people.filter((p) => p.email !== null),
    (p) => fold(p.email!),
  )
  const offeredEmails = Map.groupBy(
    candidates.filter((c) => c.owned.email),
    (c) => fold(c.owned.email!),
  )
  const byName = Map.groupBy(free, (p) => p.search_key)
  const taken = new Set<string>()
  const take = (person: PersonRow | undefined): PersonRow | null => {
    if (person === undefined || taken.has(person.id)) return null
    taken.add(person.id)
    return person
  }
  return ({ kind, owned }) => {
    const row = selection.get(owned.mis_id)
    const decided = row?.person_id ? byId.get(row.person_id) : undefined
    const known = byMisId.get(owned.mis_id) ?? (decided?.mis_id === null ? decided : undefined)
    if (known !== undefined) return { person: take(known), namesake: null }
    const same = owned.upi ? byUpi.get(owned.upi) : undefined
    const person = same?.length === 1 ? take(same[0]) : null
    if (person !== null) return { person, namesake: null }
    if (kind === 'employee' && owned.email) {
      const email = fold(owned.email)
      const [one, ...others] = byEmail.get(email) ?? []
      const alone = others.length === 0 && offeredEmails.get(email)?.length === 1
      const theirs = alone && one !== undefined && free.includes(one) ? take(one) : null
      if (theirs !== null) return { person: theirs, namesake: null }
    }
    const namesake = byName
      .get(searchKey(owned.forename, owned.surname))
      ?.find((p) => !taken.has(p.id) && !row?.different_from.includes(p.id))
    return { person: null, namesake: namesake ?? null }
  }
}
