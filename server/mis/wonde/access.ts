/** Asking a school for access, and what came of it (wonde-api.md §3.1, §3.3). */
import { type AccessContact, type AccessState, MisError } from '../mis.ts'
import { isObject } from './answers.ts'
import type { Client, Limits } from './client.ts'
import { id } from './loose.ts'
import { readPages } from './pages.ts'

type Asker = { client: Client; limits: Limits; baseUrl: string; fixedOrigin: boolean; schoolId: string }

/** Asks once; asking again for the same school changes nothing at the provider. */
export async function requestAccess(asker: Asker, contact: AccessContact | null): Promise<void> {
  const { client, limits, baseUrl, schoolId } = asker
  const contacts =
    contact === null
      ? []
      : [{ first_name: contact.forename, last_name: contact.surname, email_address: contact.email }]
  await client.post(
    {
      lane: 'check',
      url: new URL(`${baseUrl}/schools/${schoolId}/request-access`),
      totalMs: limits.quickMs,
    },
    { contacts },
  )
}

/** Of a school that does not let us in: in which of the provider's lists it stands. */
export async function accessState(asker: Asker): Promise<AccessState> {
  for (const state of ['pending', 'declined', 'revoked'] as const)
    if (await stands(asker, state)) return state
  return 'unknown'
}

async function stands(asker: Asker, list: string): Promise<boolean> {
  const { client, limits, baseUrl, fixedOrigin, schoolId } = asker
  const { perPage, fewerPerPage, maxPages } = limits
  const asking = { base: baseUrl, fixedOrigin, perPage, fewerPerPage, maxPages }
  const get = <T>(url: URL, read: (body: Record<string, unknown>) => T) =>
    client.get({ lane: 'check', url, patient: false, totalMs: limits.quickMs }, read)
  try {
    for await (const rows of readPages(
      { ...asking, get },
      { path: `/schools/${list}`, query: {}, includes: [] },
    ))
      if (rows.some((row) => isObject(row) && id(row['id']) === schoolId)) return true
    return false
  } catch (error) {
    // A token of one school may not read the lists; then nothing is known.
    if (error instanceof MisError && error.kind === 'rejected') return false
    throw error
  }
}
