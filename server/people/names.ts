/** Names as they are shown and looked for. Pure. */

import { foldedWords } from '../../shared/names.ts'

export { foldedWords } from '../../shared/names.ts'

/** What a person is found by: the folded words of both names, parted by one space. */
export function searchKey(forename: string, surname: string): string {
  return foldedWords(`${forename} ${surname}`).join(' ')
}

/** Forename and surname joined by a space (contract §5 Values); either may be empty. */
export function displayName(forename: string, surname: string): string {
  return `${forename} ${surname}`.trim()
}

/** All that a lobby screen shows of a name: the forename and the surname's first letter. */
export function lobbyName(forename: string, surname: string): string {
  const [initial] = surname
  if (forename === '') return surname
  return initial === undefined ? forename : `${forename} ${initial.toUpperCase()}.`
}
