/** Finding a person in a list by a few letters, as a good receptionist does: accents, apostrophes, either name first. */
import { folded } from './words.ts'

type Named = { name: string }

const plain = (text: string) => folded(text).replace(/['.]/g, '')
const wordsOf = (text: string) =>
  plain(text)
    .split(/[\s,-]+/)
    .filter(Boolean)

/** Prepares a list once; the answer finds those of whom every typed word begins a word of the name. */
export function createFinder<T extends Named>(people: readonly T[], most: number): (typed: string) => T[] {
  const known = people.map((person) => ({ person, words: wordsOf(person.name), all: plain(person.name) }))
  return (typed) => {
    const wanted = wordsOf(typed)
    if (wanted.length === 0) return []
    const whole = plain(typed).trim()
    return known
      .filter(({ words }) => wanted.every((letters) => words.some((word) => word.startsWith(letters))))
      .toSorted((a, b) => Number(b.all.startsWith(whole)) - Number(a.all.startsWith(whole)))
      .slice(0, most)
      .map(({ person }) => person)
  }
}
