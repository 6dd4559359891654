/** Names as people look for them, at the kiosk without a network too: without case, accents and apostrophes. Pure. */

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
