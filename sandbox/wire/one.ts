import { type SchoolCall, WireError } from './call.ts'

/** The row that the address names, or 404. */
export function oneOf<T extends { id: string }>({ params }: SchoolCall, rows: readonly T[]): T {
  const found = rows.find(({ id }) => id === params['oid'])
  if (found === undefined) throw new WireError(404, 'not_found', 'There is no such record at this school.')
  return found
}
