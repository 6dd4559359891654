/**
 * What a paired kiosk may learn of people (design.md §2 promise 7): forename, initial and group of active students.
 * Nobody before three letters, never more than five, never a date of birth.
 */
import { createHash } from 'node:crypto'
import type { KioskSearch } from '../../shared/kiosks.ts'
import type { Db } from '../core/db/db.ts'
import { foldedWords, lobbyName } from './names.ts'
import * as store from './store.ts'

const leastLetters = 3
const mostAnswers = 5

const present = (row: store.PersonRow) => ({
  id: row.id,
  name: lobbyName(row.forename, row.surname),
  group: row.reg_group ?? row.year_group,
})

/** At most five; when more match, none, and `more` says to keep typing. */
export async function searchInLobby(db: Db, text: string): Promise<KioskSearch> {
  const words = foldedWords(text)
  if (Array.from(words.join('')).length < leastLetters) return { data: [], more: false }
  const rows = await store.findInLobby(db, words, mostAnswers + 1)
  return rows.length > mostAnswers ? { data: [], more: true } : { data: rows.map(present), more: false }
}

export type LobbyDirectory = { data: (ReturnType<typeof present> & { find: string })[] }

/** For a kiosk that must work without a network: everybody it could find, and what they are found by. */
export async function lobbyDirectory(db: Db): Promise<{ directory: LobbyDirectory; etag: string }> {
  const rows = await store.listActiveStudents(db)
  const directory = { data: rows.map((row) => ({ ...present(row), find: row.search_key })) }
  const print = createHash('sha256').update(JSON.stringify(directory)).digest('base64url')
  return { directory, etag: `"${print}"` }
}
