/** For tests only: a scripted server on the loopback, and records as wonde-api.md prints them. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Mis, MisPage } from '../mis.ts'
import { MisError } from '../mis.ts'
import { createPace, createWonde, type WondeOptions } from './wonde.ts'

export type Seen = {
  method: string
  path: string
  query: URLSearchParams
  headers: IncomingMessage['headers']
  body: string
}
export type Script = (seen: Seen, reply: ServerResponse, socket: Socket) => unknown

export type Loopback = {
  origin: string
  baseUrl: string
  seen: Seen[]
  sockets: () => number
  server: Server
}

/** Starts a server that answers as the script says and remembers what it was asked. */
export async function startLoopback(script: Script): Promise<Loopback> {
  const seen: Seen[] = []
  let sockets = 0
  const server = createServer((request, reply) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://loopback')
      const asked = {
        method: request.method ?? '',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: Buffer.concat(chunks).toString(),
      }
      seen.push(asked)
      void script(asked, reply, request.socket)
    })
  })
  server.on('connection', () => sockets++)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = () => {
    server.closeAllConnections()
    return new Promise<void>((resolve) => server.close(() => resolve()))
  }
  onTestFinished(close)
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { origin, baseUrl: `${origin}/v1.0`, seen, sockets: () => sockets, server }
}

/** Answers with JSON the way Wonde prints it. */
export function json(
  reply: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  reply.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers })
  reply.end(JSON.stringify(body).replaceAll('/', '\\/'))
}

/** A list's body; `next` null is the last page. */
export function listBody(data: unknown[], next: string | null = null): unknown {
  const pagination = { next, previous: null, more: next !== null, per_page: 200, current_page: 1 }
  return { data, meta: { pagination, includes: [] } }
}

export const schoolId = 'A1930499544'
export const token = '0123456789abcdef0123456789abcdef01234567'

/** A driver on the given address whose waits take no time; `waits` are what it would have waited. */
export function driver(baseUrl: string, more: Partial<WondeOptions> = {}): { mis: Mis; waits: number[] } {
  const waits: number[] = []
  const wait = (ms: number) => {
    waits.push(ms)
    return Promise.resolve()
  }
  const pace = createPace()
  const options = { baseUrl, fixedOrigin: true, schoolId, token, pace, wait, random: () => 0.5, ...more }
  return { mis: createWonde(options), waits }
}

/** Everything a reader yields, as one page. */
export async function collect<T>(pages: AsyncIterable<MisPage<T>>): Promise<MisPage<T> & { pages: number }> {
  const all = { rows: [] as T[], problems: [] as MisPage<T>['problems'], read: 0, pages: 0 }
  for await (const page of pages) {
    all.rows.push(...page.rows)
    all.problems.push(...page.problems)
    all.read += page.read
    all.pages += 1
  }
  return all
}

/** The `MisError` that a call throws; anything else fails the test. */
export async function failure(call: Promise<unknown>): Promise<MisError> {
  const outcome = await call.then(
    () => 'no error',
    (error: unknown) => error,
  )
  if (outcome instanceof MisError) return outcome
  throw new Error(`expected a MisError, got ${String(outcome)}`)
}

export function dateObject(date: string, timezone = 'Europe/London'): unknown {
  return { date: `${date} 00:00:00.000000`, timezone_type: 3, timezone }
}

/** A student as in wonde-api.md §4.7, with parts replaced. */
export function wireStudent(number: number, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: `A11${String(number).padStart(8, '0')}`,
    upi: '0f3c1d2e4b5a69788796a5b4c3d2e1f0',
    mis_id: String(number),
    initials: 'TH',
    surname: 'Hale',
    forename: `Tom ${number}`,
    middle_names: null,
    legal_surname: 'Hale',
    legal_forename: 'Thomas',
    gender: 'MALE',
    date_of_birth: dateObject('2014-06-11'),
    restored_at: null,
    education_details: { data: { admission_number: '001204', current_nc_year: '5', leaving_date: null } },
    year: { data: { id: 'A1200000005', mis_id: '5', name: 'Year 5', code: '5', type: 'YEAR' } },
    registration: { data: { id: 'A1200000051', mis_id: '51', name: '5H', code: '5H', type: 'REGISTRATION' } },
    ...more,
  }
}

/** An employee as in wonde-api.md §5.2–5.4, with parts replaced. */
export function wireEmployee(number: number, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    id: `A16${String(number).padStart(8, '0')}`,
    upi: null,
    mis_id: String(number),
    title: 'Mrs',
    surname: 'Okoro',
    forename: 'Ada',
    employment_details: { data: { current: true, employment_start_date: null, employment_end_date: null } },
    contact_details: {
      data: {
        emails: { email: null, primary: null, home: 'ada@home.example', work: 'a.okoro@school.example' },
      },
    },
    ...more,
  }
}
