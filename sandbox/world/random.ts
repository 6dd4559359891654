/** Chance that is no chance: numbers which follow from a text, the same on every machine and in every run. */

export type Random = {
  /** 0 ≤ x < 1 */
  next(): number
  /** a whole number from 0 up to, and without, `below` */
  below(below: number): number
  pick<T>(list: readonly T[]): T
  chance(share: number): boolean
}

/** A 32-bit number of a text (FNV-1a, then mixed so that near texts lie far apart). */
export function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}

/** A source of numbers for these words (mulberry32). */
export function randomFrom(...words: (string | number)[]): Random {
  let state = hash(words.join(':'))
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let value = Math.imul(state ^ (state >>> 15), state | 1)
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61)
    return ((value ^ (value >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return { next, below, pick: (list) => list[below(list.length)]!, chance: (share) => next() < share }
}
