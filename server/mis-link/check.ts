/** The connection test: tries each thing the link is needed for, and says where to mend what is missing. */
import type { z } from 'zod'
import type { connectionTest } from '../../shared/mis.ts'
import type { App } from '../app.ts'
import { findMis } from '../mis/capabilities.ts'
import { type Mis, MisError, type MisPage } from '../mis/mis.ts'
import { type ConnectionRow, capabilitiesOf, learn, misOf, schoolStateAfter, stateOf } from './link.ts'

type Finding = z.infer<typeof connectionTest>['data'][number]

const portal = 'In the school’s Wonde portal, approve'

/** The first page is enough: it proves the permission. */
async function firstOf<T>(pages: AsyncIterable<T>): Promise<T | undefined> {
  for await (const page of pages) return page
  return undefined
}

function failed(what: string, error: unknown, permission: string): Finding {
  if (!(error instanceof MisError)) throw error
  if (error.kind === 'rejected')
    return {
      what,
      ok: false,
      message: 'The school does not share this with us.',
      fix: `${portal} “${permission}”.`,
    }
  if (error.kind === 'unauthorised')
    return {
      what,
      ok: false,
      message: 'The token was not accepted.',
      fix: 'Copy a new token from the Wonde portal.',
    }
  return { what, ok: false, message: error.message, fix: 'Try again in a minute.' }
}

async function checkSchool(app: App, siteId: string, mis: Mis): Promise<Finding> {
  const what = 'School and token'
  try {
    const school = await mis.school()
    const state = stateOf(school)
    await learn(app, siteId, { school, state })
    if (state === 'revoked')
      return {
        what,
        ok: false,
        message: 'The school has withdrawn its approval.',
        fix: `${portal} e-Reception Book again.`,
      }
    if (state === 'offline')
      return {
        what,
        ok: false,
        message: `${school.name} is linked, and its MIS is offline at the provider now.`,
        fix: 'Check that the MIS server and the Wonde service at the school are running.',
      }
    return { what, ok: true, message: `Linked to ${school.name} (${school.mis}).`, fix: null }
  } catch (error) {
    const state = schoolStateAfter(error)
    if (state !== null) await learn(app, siteId, { state })
    return failed(what, error, 'e-Reception Book')
  }
}

async function checkList(
  what: string,
  permission: string,
  read: () => Promise<{ read: number; refused: string[] }>,
): Promise<Finding> {
  try {
    const { read: count, refused } = await read()
    if (count === 0)
      return {
        what,
        ok: false,
        message: 'The list is empty.',
        fix: `${portal} “${permission}”, or look in the MIS.`,
      }
    if (refused.length > 0)
      return {
        what,
        ok: true,
        message: `Shared, but for: ${refused.join(', ')}. Those fields stay empty here.`,
        fix: `${portal} them to fill the fields.`,
      }
    return { what, ok: true, message: 'Shared.', fix: null }
  } catch (error) {
    return failed(what, error, permission)
  }
}

async function checkMarks(app: App, siteId: string, mis: Mis): Promise<Finding> {
  const what = 'Reading marks'
  try {
    await firstOf(mis.readMarks(new Date(app.clock.now().getTime() - 3_600_000)))
    await learn(app, siteId, { marksReadable: true })
    return { what, ok: true, message: 'Shared: each mark is confirmed by reading it back.', fix: null }
  } catch (error) {
    if (error instanceof MisError && error.status === 403) {
      await learn(app, siteId, { marksReadable: false })
      return {
        what,
        ok: false,
        message: 'Not shared: marks are sent, and cannot be confirmed.',
        fix: `${portal} “Read session attendance”.`,
      }
    }
    return failed(what, error, 'Read session attendance')
  }
}

function checkWriting(row: ConnectionRow): Finding {
  const what = 'Writing marks'
  const { sessionMark } = capabilitiesOf(row)
  if (sessionMark === 'yes') return { what, ok: true, message: `${row.mis} takes marks.`, fix: null }
  if (sessionMark === 'unproven')
    return {
      what,
      ok: true,
      message: 'Not proved yet: the first mark that is seen in the MIS proves it.',
      fix: null,
    }
  const note = findMis(row.mis)?.note
  const reason = row.allows_writeback === false ? 'This school’s link does not allow writing.' : (note ?? '')
  return {
    what,
    ok: false,
    message: `${row.mis} takes no marks from us. ${reason}`.trim(),
    fix: 'Marks are entered in the MIS by hand; reading people works.',
  }
}

/** In the order a person mends them: without the first nothing else can be tried. */
export async function testConnection(app: App, row: ConnectionRow): Promise<Finding[]> {
  const mis = misOf(app, row)
  const school = await checkSchool(app, row.site_id, mis)
  if (!school.ok && !school.message.includes('offline')) return [school]
  const people = async (read: 'students' | 'employees') => {
    const reading = { refusedIncludes: [] as string[] }
    const page = await firstOf<MisPage<unknown>>(mis[read](reading))
    return { read: page?.read ?? 0, refused: reading.refusedIncludes }
  }
  return [
    school,
    await checkList('Students', 'Students', () => people('students')),
    await checkList('Employees', 'Employees', () => people('employees')),
    await checkList('Attendance codes', 'Attendance codes', async () => {
      const page = await firstOf(mis.attendanceCodes())
      return { read: page?.read ?? 0, refused: [] }
    }),
    await checkMarks(app, row.site_id, mis),
    checkWriting(row),
  ]
}
