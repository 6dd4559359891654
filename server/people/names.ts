/** Names as people look for them: without case, accents, apostrophes and hyphens. Pure. */

// Letters that do not come apart into a plain one and its accent.
const plain: Record<string, string> = {
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ı: 'i',
}

/** The words of a text, folded. An apostrophe joins (O’Neill is one word), a hyphen or space parts. */
export function foldedWords(text: string): string[] {
  return text
    .toLowerCase()
    .normalize('NFD')
    .replace(/[\u0300-\u036f'’‘`ʼ]/g, '')
    .replace(/[øłđðþßæœı]/g, (letter) => plain[letter] ?? letter)
    .normalize('NFC')
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter(Boolean)
}

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
