/** The directory's filters, as they stand in the address, over everybody of one state. Pure. */
import type { Person } from '../../../shared/people.ts'
import { folded } from '../../ui/words.ts'

export type Filters = { q?: string; year?: string; group?: string; from?: string }

const text = (person: Person) =>
  folded([person.forename, person.surname, person.email, person.phone, person.vehicle].join(' '))
const close = (text: string) => text.replace(/[\s'-]/g, '')

/** Every word somewhere in the name, e-mail, phone or vehicle; blanks and hyphens do not matter. */
export function finds(person: Person, q: string): boolean {
  const whole = text(person)
  const joined = close(whole)
  return folded(q)
    .split(/\s+/)
    .every((word) => joined.includes(close(word)) || whole.includes(word))
}

const sourceOf = (person: Person) => (person.misId === null ? 'hand' : person.importing ? 'mis' : 'kept-out')

export function narrowed(people: readonly Person[], { q = '', year, group, from }: Filters): Person[] {
  return people.filter(
    (person) =>
      (year === undefined || person.yearGroup === year) &&
      (group === undefined || person.regGroup === group) &&
      (from === undefined || sourceOf(person) === from) &&
      (q.trim() === '' || finds(person, q.trim())),
  )
}

const natural = new Intl.Collator('en-GB', { numeric: true })

/** The groups that there are, in their order. */
export function groupsIn(
  people: readonly Pick<Person, 'yearGroup' | 'regGroup'>[],
  field: 'yearGroup' | 'regGroup',
): string[] {
  const groups = new Set(people.map((person) => person[field]).filter((group) => group !== null))
  return [...groups].toSorted(natural.compare)
}
