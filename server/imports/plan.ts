/**
 * What an import would do, from what was read and what we hold (contract §3.2). Pure: it sees rows and gives back
 * rows; who leaves, who is the same person, and when the brake holds are decided here and nowhere else.
 */
import type { ChangeKind, KindCounts, MisPersonState, PersonKind } from '../../shared/mis.ts'
import { causeOf } from '../../shared/causes.ts'
import type { Cause } from '../../shared/values.ts'
import type { MisEmployee, MisProblem, MisStudent } from '../mis/mis.ts'
import type { NewPerson, PersonRow } from '../people/store.ts'
import { displayName, searchKey } from '../people/names.ts'
import { type Candidate, createMatcher, type Owned } from './matching.ts'
import type { Counts, Field, MisPersonRow, NewChange } from './store.ts'

export type Reading = {
  students: MisStudent[]
  employees: MisEmployee[]
  problems: { student: MisProblem[]; employee: MisProblem[] }
  /** raw records, good or bad */
  read: { student: number; employee: number }
}

export type Holding = {
  people: readonly PersonRow[]
  misPeople: readonly MisPersonRow[]
  /** what people who come later start with, where all of a kind were decided at once */
  defaults: Partial<Record<PersonKind, boolean>>
}

export type Plan = {
  counts: Counts
  changes: NewChange[]
  insert: NewPerson[]
  update: NewPerson[]
  /** what the MIS offers, for a run that is applied and for one that only looked */
  offered: Offered[]
  brake: Cause | null
}
/** `after`: how it stands once the plan is applied. */
export type Offered = Omit<MisPersonRow, 'site_id' | 'different_from' | 'state' | 'person_id'> & {
  now: { state: MisPersonState; person_id: string | null }
  after: { state: MisPersonState; person_id: string | null }
}

const noCounts = (): KindCounts => ({
  ...{ joiners: 0, changed: 0, returned: 0, leavers: 0, unchanged: 0, excluded: 0, mayMatch: 0, problems: 0 },
})
export const emptyCounts = (): Counts => ({ students: noCounts(), employees: noCounts() })

/** A leaving date before today; the last day itself is still a school day. */
const ofStudent = (row: MisStudent, today: string): Candidate => ({
  kind: 'student',
  left: typeof row.leavingOn === 'string' && row.leavingOn < today,
  owned: {
    ...{ mis_id: row.misId, upi: row.upi, forename: row.forename, surname: row.surname },
    ...{
      date_of_birth: row.dateOfBirth,
      year_group: row.yearGroup,
      reg_group: row.regGroup,
      email: undefined,
    },
  },
})

/** wonde-api.md §5.3: not current, or an end before today; not told is never "left". */
const ofEmployee = (row: MisEmployee, today: string): Candidate => ({
  kind: 'employee',
  left: row.current === false || (typeof row.employmentEndsOn === 'string' && row.employmentEndsOn < today),
  owned: {
    ...{ mis_id: row.misId, upi: row.upi, forename: row.forename, surname: row.surname },
    ...{ date_of_birth: undefined, year_group: undefined, reg_group: undefined, email: row.email },
  },
})

const fieldNames = {
  mis_id: 'misId',
  upi: 'upi',
  forename: 'forename',
  surname: 'surname',
  date_of_birth: 'dateOfBirth',
  year_group: 'yearGroup',
  reg_group: 'regGroup',
  email: 'email',
} as const satisfies Record<keyof Owned, string>

function differences(person: PersonRow, owned: Owned): { fields: Field[]; set: Partial<PersonRow> } {
  const fields: Field[] = []
  const set: Record<string, string> = {}
  for (const [key, field] of Object.entries(fieldNames) as [keyof Owned, string][]) {
    const to = owned[key]
    // A single name leaves the other empty, and that is told.
    const told = to !== undefined && to !== null
    if (!told || person[key] === to) continue
    fields.push({ field, from: person[key], to })
    set[key] = to
  }
  return { fields, set }
}

/** Plans a whole import. `today` is the site's day, `newId` gives an id for each joiner. */
export function planImport(
  reading: Reading,
  holding: Holding,
  today: string,
  now: Date,
  newId: () => string,
): Plan {
  const plan: Plan = { counts: emptyCounts(), changes: [], insert: [], update: [], offered: [], brake: null }
  const byKind: [PersonKind, Candidate[]][] = [
    ['student', unique(reading.students.map((row) => ofStudent(row, today)))],
    ['employee', unique(reading.employees.map((row) => ofEmployee(row, today)))],
  ]
  for (const [kind, candidates] of byKind)
    planKind(plan, {
      kind,
      candidates,
      problems: reading.problems[kind],
      read: reading.read[kind],
      holding,
      now,
      newId,
    })
  return plan
}

/** A record that comes twice counts once: the last one said is the newest. */
function unique(candidates: Candidate[]): Candidate[] {
  return [...new Map(candidates.map((candidate) => [candidate.owned.mis_id, candidate])).values()]
}

type Kind = {
  kind: PersonKind
  candidates: Candidate[]
  problems: MisProblem[]
  read: number
  holding: Holding
  now: Date
  newId: () => string
}

function planKind(plan: Plan, given: Kind): void {
  const { kind, candidates, problems, holding } = given
  const counts = kind === 'student' ? plan.counts.students : plan.counts.employees
  const selection = new Map(
    holding.misPeople.filter((row) => row.kind === kind).map((row) => [row.mis_id, row]),
  )
  const wanted = (misId: string) => selection.get(misId)?.importing ?? holding.defaults[kind] ?? true
  const people = holding.people.filter((person) => person.kind === kind)
  const bad = problems.filter((problem) => !candidates.some((c) => c.owned.mis_id === problem.misId))
  const offeredIds = new Set([...candidates.map((c) => c.owned.mis_id), ...bad.map((p) => p.misId ?? '')])
  const match = createMatcher(people, offeredIds, selection, candidates)
  const met = new Set<string>()
  const work: Work = { plan, counts, given, selection, met }
  for (const candidate of candidates) {
    const found = match(candidate)
    if (found.person !== null) met.add(found.person.id)
    if (!wanted(candidate.owned.mis_id)) leaveOut(work, candidate, found.person)
    else if (candidate.left) planLeft(work, candidate, found.person)
    else if (found.person !== null) planKnown(work, candidate, found.person)
    else if (found.namesake !== null) planMayMatch(work, candidate, found.namesake)
    else planJoiner(work, candidate)
  }
  for (const problem of bad) planProblem(work, problem, wanted, people)
  const held = people.filter(
    (person) => person.state === 'active' && person.mis_id !== null && wanted(person.mis_id),
  )
  for (const person of held) if (!met.has(person.id)) archive(work, person)
  plan.brake ??= brakeOf(held.length, counts.leavers, given.read)
}

/** The brake (contract §3.2). People switched off do not count. */
export function brakeOf(held: number, leavers: number, read: number): Cause | null {
  if (held > 0 && read === 0) return causeOf('import.empty')
  if (leavers > 3 && leavers * 10 > held) return causeOf('import.brake')
  return null
}

type Work = {
  plan: Plan
  counts: KindCounts
  given: Kind
  selection: ReadonlyMap<string, MisPersonRow>
  met: Set<string>
}

function offer(work: Work, { owned }: Candidate, now: Offered['now'], after: Offered['after'] = now): void {
  const { kind, holding } = work.given
  work.plan.offered.push({
    ...{ kind, mis_id: owned.mis_id, forename: owned.forename, surname: owned.surname },
    search_key: searchKey(owned.forename, owned.surname),
    ...{ year_group: owned.year_group ?? null, reg_group: owned.reg_group ?? null },
    importing: work.selection.get(owned.mis_id)?.importing ?? holding.defaults[kind] ?? true,
    offered: true,
    ...{ now, after },
  })
}

const linked = (person: PersonRow | null) => ({ state: 'matched' as const, person_id: person?.id ?? null })

function note(
  work: Work,
  change: ChangeKind,
  more: { misId: string | null; person: string | null; name: string } & Partial<
    Pick<NewChange, 'fields' | 'before' | 'cause'>
  >,
): void {
  const { misId, person, name, fields = [], before = null, cause = null } = more
  work.plan.changes.push({
    kind: work.given.kind,
    mis_id: misId,
    person_id: person,
    name,
    change,
    fields,
    before,
    cause,
  })
}

const nameOf = ({ forename, surname }: { forename: string; surname: string }) =>
  displayName(forename, surname)
const beforeOf = (person: PersonRow) => ({ ...person, search_key: undefined })

function leaveOut(work: Work, candidate: Candidate, person: PersonRow | null): void {
  work.counts.excluded++
  const state = candidate.left ? 'leaver' : person === null ? 'new' : 'matched'
  offer(work, candidate, { state, person_id: person?.id ?? null })
}

function planLeft(work: Work, candidate: Candidate, person: PersonRow | null): void {
  const left = { state: 'leaver' as const, person_id: person?.id ?? null }
  offer(work, candidate, left)
  // One who had left before we ever knew of them is no news.
  if (person === null) return
  if (person.state === 'archived') {
    work.counts.unchanged++
    return
  }
  archive(work, person)
}

function archive(work: Work, person: PersonRow): void {
  work.counts.leavers++
  work.plan.update.push({ ...person, state: 'archived', updated_at: work.given.now })
  note(work, 'leaver', {
    misId: person.mis_id,
    person: person.id,
    name: nameOf(person),
    before: beforeOf(person),
  })
}

function planKnown(work: Work, candidate: Candidate, person: PersonRow): void {
  offer(work, candidate, linked(person))
  const { fields, set } = differences(person, candidate.owned)
  const back = person.state === 'archived'
  if (!back && fields.length === 0) {
    work.counts.unchanged++
    return
  }
  if (back) work.counts.returned++
  else work.counts.changed++
  const after = { ...person, ...set, state: 'active' as const, updated_at: work.given.now }
  work.plan.update.push(after)
  const who = { misId: candidate.owned.mis_id, person: person.id, name: nameOf(after) }
  note(work, back ? 'returned' : 'changed', { ...who, fields, before: beforeOf(person) })
}

function planMayMatch(work: Work, candidate: Candidate, namesake: PersonRow): void {
  work.counts.mayMatch++
  offer(work, candidate, { state: 'may-match', person_id: namesake.id })
  // Until somebody says who they are, the one we hold does not leave over it.
  work.met.add(namesake.id)
  const who = { misId: candidate.owned.mis_id, person: namesake.id, name: nameOf(candidate.owned) }
  note(work, 'may-match', { ...who, cause: causeOf('import.may_match') })
}

function planJoiner(work: Work, candidate: Candidate): void {
  const { given, counts, plan } = work
  const { owned } = candidate
  const id = given.newId()
  counts.joiners++
  plan.insert.push({
    ...{ id, kind: given.kind, mis_id: owned.mis_id, upi: owned.upi ?? null },
    ...{ forename: owned.forename, surname: owned.surname, date_of_birth: owned.date_of_birth ?? null },
    ...{
      year_group: owned.year_group ?? null,
      reg_group: owned.reg_group ?? null,
      email: owned.email ?? null,
    },
    ...{ state: 'active' as const, created_at: given.now, updated_at: given.now },
  })
  offer(work, candidate, { state: 'new', person_id: null }, { state: 'matched', person_id: id })
  note(work, 'joiner', { misId: owned.mis_id, person: id, name: nameOf(owned) })
}

/** One record that cannot be taken over; whom we hold under it stays as they are. */
function planProblem(
  work: Work,
  problem: MisProblem,
  wanted: (misId: string) => boolean,
  people: readonly PersonRow[],
): void {
  const { misId } = problem
  const person = misId === null ? undefined : people.find((p) => p.mis_id === misId)
  if (person !== undefined) work.met.add(person.id)
  if (misId !== null && !wanted(misId)) {
    work.counts.excluded++
    return
  }
  work.counts.problems++
  const cause = { code: 'import.record', message: problem.message, fix: problem.fix }
  const name = person === undefined ? '' : nameOf(person)
  note(work, 'problem', { misId, person: person?.id ?? null, name, cause })
  if (misId === null) return
  const { forename = '', surname = '' } = person ?? {}
  const state = { state: 'problem' as const, person_id: person?.id ?? null }
  const owned = {
    mis_id: misId,
    forename,
    surname,
    year_group: person?.year_group,
    reg_group: person?.reg_group,
  }
  offer(
    work,
    { kind: work.given.kind, left: false, owned: { ...owned, upi: null, date_of_birth: null, email: null } },
    state,
  )
}

/** Whether a plan does anything to anybody whom an approved one did not name. */
export function hasGrown(
  plan: Plan,
  approved: readonly Pick<NewChange, 'kind' | 'mis_id' | 'person_id' | 'change'>[],
): boolean {
  const keyOf = (row: Pick<NewChange, 'kind' | 'mis_id' | 'person_id' | 'change'>) =>
    `${row.kind} ${row.mis_id ?? row.person_id} ${row.change}`
  const known = new Set(approved.map(keyOf))
  return plan.changes.some(
    (row) => row.change !== 'problem' && row.change !== 'may-match' && !known.has(keyOf(row)),
  )
}
