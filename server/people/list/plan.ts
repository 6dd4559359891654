/**
 * What the school's own list would do, from its lines and the staff we hold (contract §3.3). Pure. Matched by e-mail,
 * else by exact name; nobody is guessed, nobody is taken by two lines, and what the MIS owns is left to it. An empty
 * cell says nothing. The same list again does nothing.
 */
import { causeOf } from '../../../shared/causes.ts'
import type { ListRow } from '../../../shared/people.ts'
import type { Cause } from '../../../shared/values.ts'
import type { ListedPerson, OwnFields } from '../store.ts'
import type { Line, Said } from './columns.ts'

export type Change = Pick<ListedPerson, 'forename' | 'surname' | 'email' | 'state'> & OwnFields
/** What a line does to whom; `set` without `known` is somebody new. */
export type Planned = ListRow & { known: ListedPerson | null; set: Change | null }

type Holding = {
  people: readonly ListedPerson[]
  /** whether the next import will offer an employee of this name, by its folded words */
  offeredByMis: (name: string) => boolean
  daysInWords: (days: readonly number[] | null) => string | null
}

const fold = (text: string) => text.normalize('NFC').toLowerCase().replace(/\s+/g, ' ').trim()
const nameKey = ({ forename, surname }: { forename: string | null; surname: string | null }) =>
  fold(`${forename ?? ''}\u0000${surname ?? ''}`)

type Found = { person: ListedPerson | null } | { fault: Cause }

/** Who each line is: e-mail first for all of them, so that a namesake takes nobody who is named by theirs. */
function matchAll(lines: readonly Line[], people: readonly ListedPerson[]): Map<number, Found> {
  const byEmail = Map.groupBy(
    people.filter((person) => person.email !== null),
    (person) => fold(person.email!),
  )
  const byName = Map.groupBy(people, nameKey)
  const found = new Map<number, Found>()
  const takenBy = new Map<string, number>()
  const emails = new Map<string, number>()
  const take = (line: number, person: ListedPerson) => {
    takenBy.set(person.id, line)
    found.set(line, { person })
  }
  const twice = (line: number) => ({ fault: causeOf('people.list_twice', `${line}.`) })
  const which = { fault: causeOf('people.list_which') }
  for (const { line, said } of lines) {
    if (said === null || said.email === null) continue
    const email = fold(said.email)
    const [earlier, theirs] = [emails.get(email), byEmail.get(email)]
    if (earlier !== undefined) found.set(line, twice(earlier))
    else if (theirs !== undefined && theirs.length > 1) found.set(line, which)
    else if (theirs !== undefined) take(line, theirs[0]!)
    emails.set(email, earlier ?? line)
  }
  /** the first line of each name that was not known by its e-mail */
  const names = new Map<string, { line: number; email: boolean }>()
  for (const { line, said } of lines) {
    if (said === null || found.has(line)) continue
    const namesakes = byName.get(nameKey(said)) ?? []
    const free = namesakes.filter((person) => !takenBy.has(person.id))
    const earlier = names.get(nameKey(said))
    names.set(nameKey(said), earlier ?? { line, email: said.email !== null })
    if (free.length > 1) found.set(line, which)
    else if (free.length === 1) take(line, free[0]!)
    // Another of the same name is told apart only by an e-mail address on both lines.
    else if (earlier !== undefined && !(earlier.email && said.email !== null))
      found.set(line, twice(earlier.line))
    else if (namesakes.length > 0 && said.email === null)
      found.set(line, twice(takenBy.get(namesakes[0]!.id)!))
    else found.set(line, { person: null })
  }
  return found
}

/** What the MIS owns of an employee in the list. */
const misOwned = ['forename', 'surname', 'email'] as const

/** The plan of a whole list, a line for each of its lines. */
export function planList(lines: readonly Line[], holding: Holding): Planned[] {
  const found = matchAll(lines, holding.people)
  return lines.map((line) => {
    const { name } = line
    if (line.said === null) return refused(line, line.fault)
    const match = found.get(line.line)!
    if ('fault' in match) return refused(line, match.fault)
    if (match.person === null) {
      const cause = holding.offeredByMis(name) ? overwrites(line.said) : null
      const who = { person: null, known: null, set: newOf(line.said) }
      return { line: line.line, result: 'new', cause, name, fields: [], ...who }
    }
    return planKnown(line, line.said, match.person, holding)
  })
}

const refused = ({ line, name }: Line, cause: Cause): Planned => ({
  ...{ line, result: 'refused', cause, name, fields: [], person: null, known: null, set: null },
})

const newOf = (said: Said): Change => ({
  ...{ forename: said.forename ?? '', surname: said.surname ?? '', email: said.email, state: 'active' },
  ...{ phone: said.phone, vehicle: said.vehicle, working_days: said.workingDays },
})

const overwrites = (said: Said): Cause => {
  const told = misOwned.filter((field) => said[field] !== null)
  return causeOf('people.list_overwrites', `${told.join(', ')}.`)
}

function planKnown(line: Line, said: Said, person: ListedPerson, holding: Holding): Planned {
  const owned = person.mis_id !== null && person.importing
  if (owned && person.state === 'archived') return refused(line, causeOf('people.list_left'))
  const { forename, surname, email, phone, vehicle, working_days } = person
  const set: Change = { forename, surname, email, phone, vehicle, working_days, state: 'active' }
  const fields: ListRow['fields'] = []
  const kept: string[] = []
  for (const field of misOwned) {
    const to = said[field]
    const same = field === 'email' ? fold(to ?? '') === fold(person.email ?? '') : to === person[field]
    if (to === null || same) continue
    if (owned) kept.push(field)
    else {
      fields.push({ field, from: person[field], to })
      set[field] = to
    }
  }
  for (const field of ['phone', 'vehicle'] as const) {
    const to = said[field]
    if (to === null || to === person[field]) continue
    fields.push({ field, from: person[field], to })
    set[field] = to
  }
  const [from, to] = [person.working_days, said.workingDays]
  if (to !== null && to.join() !== from?.join()) {
    fields.push({ field: 'workingDays', from: holding.daysInWords(from), to: holding.daysInWords(to) })
    set.working_days = to
  }
  if (person.state === 'archived') fields.push({ field: 'state', from: 'archived', to: 'active' })
  const meets = person.mis_id === null && holding.offeredByMis(line.name)
  const cause =
    kept.length > 0
      ? causeOf('people.list_mis_owned', `${kept.join(', ')}.`)
      : meets
        ? overwrites(said)
        : null
  const result = fields.length === 0 ? 'unchanged' : 'changed'
  const row = { line: line.line, result, cause, name: line.name, fields, person: person.id } as const
  return { ...row, known: person, set: fields.length === 0 ? null : set }
}
