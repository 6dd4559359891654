/**
 * Finding oneself by name: as forgiving as a good receptionist, and no way to list a class (attendance reference §7).
 * Nothing under three letters, never more than five answers, no answer at all when more than five match.
 */

import { foldedWords as words } from '../../shared/names.ts'

export type Person = { id: string; name: string; group: string | null }
/** `find`: every word of the person's names, as written. Only the directory kept for no network has it. */
export type Listed = Person & { find: string }
export type Found = { people: Person[]; more: boolean }

export const leastLetters = 3
export const mostAnswers = 5

export function enoughLetters(text: string): boolean {
  return words(text).join('').length >= leastLetters
}

type Entry = { person: Person; tails: string[] }
export type Index = Entry[]

/** Prepares a directory once, so that each letter typed is answered within a frame. */
export function indexOf(directory: Listed[]): Index {
  return directory.map(({ find, ...person }) => {
    const all = words(find)
    return { person, tails: all.map((_, from) => all.slice(from).join('')) }
  })
}

/** Each word typed, or else all of it run together, begins a word of the name and may run on into the next (“o neill”, “maryjane”). */
function matches(entry: Entry, asked: string[], together: string): boolean {
  const begins = (word: string) => entry.tails.some((tail) => tail.startsWith(word))
  return begins(together) || asked.every(begins)
}

export function search(index: Index, text: string): Found {
  const asked = words(text)
  const together = asked.join('')
  if (together.length < leastLetters) return { people: [], more: false }
  const people: Person[] = []
  for (const entry of index) {
    if (!matches(entry, asked, together)) continue
    if (people.length === mostAnswers) return { people: [], more: true }
    people.push(entry.person)
  }
  return { people: people.sort((a, b) => a.name.localeCompare(b.name)), more: false }
}

/**
 * Five searches without a choice make a pause of a minute: nobody may fish for names. A search is a way of letters:
 * more of them, and back over the same, show five people at most. `run` is how far it went, `shown` whether it
 * showed anybody.
 */
export type Patience = { searches: number; pausedUntil: number; run: string; shown: boolean }
export const fresh: Patience = { searches: 0, pausedUntil: 0, run: '', shown: false }
const searchesAllowed = 5
const pauseMs = 60_000

/** After the text became this. A slip put right before anybody was shown is the same search still. */
export function typed(before: Patience, text: string, now: number): Patience {
  const { run, shown } = before
  if (!enoughLetters(text)) return { ...before, run: '' }
  if (run !== '' && run.startsWith(text)) return before
  if (run !== '' && (text.startsWith(run) || !shown)) return { ...before, run: text }
  const searches = before.searches + 1
  if (searches > searchesAllowed) return { ...fresh, pausedUntil: now + pauseMs }
  return { ...before, searches, run: text, shown: false }
}
