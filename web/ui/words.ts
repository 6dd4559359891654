/** Numbers and names as the screens say them. */
import type { ChangeKind } from '../../shared/mis.ts'

const thousands = new Intl.NumberFormat('en-GB')
export const number = (n: number) => thousands.format(n)

/** "1 pupil", "12 pupils" */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${number(n)} ${n === 1 ? one : many}`
}

/** "Bello, Aisha": the way a register lists people. */
export function lastFirst(person: { forename: string; surname: string; name: string }): string {
  return person.forename && person.surname ? `${person.surname}, ${person.forename}` : person.name
}

export function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean)
  const first = words[0]?.[0] ?? '?'
  const last = words.length > 1 ? (words.at(-1)?.[0] ?? '') : ''
  return (first + last).toUpperCase()
}

/** "a, b and c" */
export function listed(parts: string[]): string {
  if (parts.length < 2) return parts.join('')
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** Letters without case and accents, for searching. */
export function folded(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[’‘`]/g, "'")
    .toLowerCase()
}

/** What an import did to somebody. */
export const changeWords: Record<ChangeKind, string> = {
  joiner: 'Joined',
  changed: 'Changed',
  returned: 'Came back',
  leaver: 'Left',
  'may-match': 'May match',
  problem: 'Problem',
}
