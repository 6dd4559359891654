/**
 * Who is in the sixth form, by the name of the year group: it has no flag in the MIS that we read. Sixth formers come
 * and go many times a day; each is one movement, and nothing of it goes to the MIS (attendance reference §6).
 */

/** Alike as an expression of JavaScript and of PostgreSQL: years 12 to 14, "sixth", and the old L6 and U6. */
export const sixthFormPattern = String.raw`(^|[^0-9])1[234]([^0-9]|$)|sixth|^[lu]6`

const pattern = new RegExp(sixthFormPattern, 'i')

export function isSixthForm(yearGroup: string | null): boolean {
  return yearGroup !== null && pattern.test(yearGroup)
}
