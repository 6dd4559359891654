/**
 * The Wonde driver of the MIS port: one school through one token. It promises that a list it ended without a throw
 * was read to its end, that a POST goes out at most once a call and says honestly whether it may have been written,
 * and that the token goes nowhere but to the given origin or, on real Wonde, to Wonde's own domains over https.
 * It keeps nothing but the region it learnt, and refuses ids and tokens that could steer an address or a header.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Mis, MisError, type MisPage, type MisReading } from '../mis.ts'
import { accessState, requestAccess } from './access.ts'
import { isObject } from './answers.ts'
import { createClient, defaultLimits, type Limits, type Link, type Manner } from './client.ts'
import { parseBaseUrl } from './domains.ts'
import type { Lane, Pace } from './pace.ts'
import { type Asking, type List, readPages } from './pages.ts'
import { parseAttendanceCode, parseEmployee, parseMark, parsePage, parseStudent } from './records.ts'
import { createSchoolReader } from './school.ts'
import { sendSessionMark, sendStatus } from './sending.ts'

export { resolveBaseUrl, WONDE_DOMAINS } from './domains.ts'
export { createPace, type Pace } from './pace.ts'

export type WondeOptions = {
  /** Such as `https://api.wonde.com/v1.0`; from `resolveBaseUrl`. */
  baseUrl: string
  /** True where a setting names the address: no region, and `next` only at exactly this origin. */
  fixedOrigin: boolean
  schoolId: string
  token: string
  pace: Pace
  /** The region domain stored for this school, else it is asked for before the first other call. */
  region?: string | null
  /** Hears the region domain when it was learnt, to be stored. */
  onRegion?: (domain: string) => void
  /** Hears each word of a write-back's status that is in no list of ours, once. */
  onUnknownWord?: (word: string) => void
  userAgent?: string
  now?: () => Date
  wait?: (ms: number, signal?: AbortSignal) => Promise<void>
  random?: () => number
  limits?: Partial<Limits>
}

/** Makes the driver for one school. Throws `MisError` for an id or token that no provider can have given. */
export function createWonde(options: WondeOptions): Mis {
  const limits = { ...defaultLimits, ...options.limits }
  const token = checkedToken(options.token)
  const schoolPath = `/schools/${checkedSchoolId(options.schoolId)}`
  const baseUrl = parseBaseUrl(options.baseUrl)
  const client = createClient({
    school: `${options.fixedOrigin ? baseUrl : 'wonde'} ${options.schoolId}`,
    token,
    pace: options.pace,
    userAgent: options.userAgent ?? 'e-reception-book/0.1',
    limits,
    now: options.now ?? (() => new Date()),
    wait: options.wait ?? ((ms, signal) => sleep(ms, undefined, { signal })),
    random: options.random ?? Math.random,
  })
  const { fixedOrigin, schoolId, region = null, onRegion = () => undefined } = options
  const school = createSchoolReader({ client, limits, baseUrl, fixedOrigin, schoolId, region, onRegion })
  const home: Link['home'] = (manner) => school.home(manner)
  const link: Link = { client, limits, token, schoolPath, home, fixedOrigin }
  const unknownWords = new Set<string>()
  const asker = { client, limits, baseUrl, fixedOrigin, schoolId }

  return {
    requestAccess: (contact) => requestAccess(asker, contact),
    accessState: () => accessState(asker),
    school: (signal, { patient = false } = {}) => school.read(signal, patient),
    students: (reading, signal) => readPeople(link, studentList(schoolPath), parseStudent, reading, signal),
    employees: (reading, signal) =>
      readPeople(link, employeeList(schoolPath), parseEmployee, reading, signal),
    attendanceCodes: (signal) =>
      readPeople(link, codeList(schoolPath), parseAttendanceCode, { refusedIncludes: [] }, signal),
    async *readMarks(updatedAfter, signal) {
      const list = markList(schoolPath, updatedAfter)
      for await (const rows of rawPages(link, list, 'marks', {
        patient: false,
        signal,
        totalMs: limits.pageMs,
      })) {
        yield rows.map(parseMark).filter((mark) => mark !== null)
      }
    },
    sendSessionMark: (mark, hooks) => sendSessionMark(link, mark, hooks),
    sendStatus: (receipt) =>
      sendStatus(link, receipt, (word) => {
        if (unknownWords.has(word)) return
        unknownWords.add(word)
        options.onUnknownWord?.(word)
      }),
  }
}

function checkedSchoolId(schoolId: string): string {
  if (/^[A-Za-z0-9_-]{1,100}$/.test(schoolId)) return schoolId
  throw new MisError('rejected', 'That is not the id of a school at the provider.', { status: 404 })
}

function checkedToken(token: string): string {
  if (/^[\x21-\x7e]{1,2000}$/.test(token)) return token
  throw new MisError('unauthorised', 'That is not a token of the provider.')
}

// Each asks for the least a reception book needs (wonde-api.md §4.3, §5.2, §12); photos only when they are wanted.
const studentList = (school: string): List => ({
  path: `${school}/students`,
  query: {},
  includes: ['education_details', 'registration', 'year'],
})
const employeeList = (school: string): List => ({
  path: `${school}/employees`,
  query: {},
  includes: ['employment_details', 'contact_details'],
})
const codeList = (school: string): List => ({ path: `${school}/attendance-codes`, query: {}, includes: [] })
const markList = (school: string, updatedAfter: Date): List => ({
  path: `${school}/attendance/session`,
  // A value without a zone is taken as UTC (§2.4).
  query: { updated_after: updatedAfter.toISOString().slice(0, 19).replace('T', ' ') },
  includes: [],
})

async function* readPeople<T>(
  link: Link,
  list: List,
  parse: Parameters<typeof parsePage<T>>[2],
  reading: MisReading,
  signal: AbortSignal | undefined,
): AsyncGenerator<MisPage<T>> {
  let before = 0
  let refused: string[] = []
  const manner = { patient: true, signal, totalMs: link.limits.pageMs }
  const pages = rawPages(link, list, 'page', manner, (includes) => {
    refused = includes
    reading.refusedIncludes.push(...includes)
  })
  for await (const rows of pages) {
    // Without its include a key may still be there, bare or null; that tells nothing (§2.1).
    for (const row of rows) if (isObject(row)) for (const include of refused) delete row[include]
    yield parsePage(rows, before, parse)
    before += rows.length
  }
}

async function* rawPages(
  link: Link,
  list: List,
  lane: Lane,
  manner: Manner,
  onRefused?: (includes: string[]) => void,
): AsyncGenerator<unknown[]> {
  const { perPage, fewerPerPage, maxPages } = link.limits
  const base = await link.home(manner)
  const get: Asking['get'] = (url, read) => link.client.get({ lane, url, ...manner }, read)
  yield* readPages(
    { base, fixedOrigin: link.fixedOrigin, perPage, fewerPerPage, maxPages, get },
    list,
    onRefused,
  )
}
