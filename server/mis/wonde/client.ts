/** Asking Wonde: paced, timed out, and (GETs that read lists or the school) patiently repeated. */
import { MisError, type MisFailure } from '../mis.ts'
import { type Context, readObject, wireFailure } from './answers.ts'
import { abortError, type Lane, type Pace } from './pace.ts'
import { waitBeforeRetry } from './retry.ts'
import { type Answer, exchange, WireError } from './wire.ts'

export type Limits = {
  connectMs: number
  /** One page, or a read of the school by a patient caller. */
  pageMs: number
  /** A POST, or a look at its status, connecting included. */
  postMs: number
  /** The school and its meta for a set-up screen, both together. */
  quickMs: number
  pageBytes: number
  perPage: number
  fewerPerPage: number
  maxPages: number
}

export const defaultLimits: Limits = {
  connectMs: 10_000,
  pageMs: 60_000,
  postMs: 25_000,
  quickMs: 10_000,
  pageBytes: 64 * 1024 * 1024,
  perPage: 200,
  fewerPerPage: 50,
  maxPages: 1_000,
}

export type ClientOptions = {
  school: string
  token: string
  pace: Pace
  userAgent: string
  limits: Limits
  now: () => Date
  wait: (ms: number, signal?: AbortSignal) => Promise<void>
  random: () => number
}

export type Ask = {
  lane: Lane
  url: URL
  totalMs: number
  /** Repeat what may pass; without it one attempt. */
  patient?: boolean
  signal?: AbortSignal | undefined
}

export type Client = {
  /** What `read` makes of the JSON object of a good answer; its `unreadable` may be repeated like any other. */
  get<T>(ask: Ask, read: (body: Record<string, unknown>) => T): Promise<T>
  /** One attempt, never repeated. `signal` counts only until the request starts; so does a throw of `onStart`. */
  post(
    ask: Omit<Ask, 'patient'>,
    body: unknown,
    onStart?: () => void | Promise<void>,
  ): Promise<Record<string, unknown>>
}

export type Manner = { patient: boolean; signal?: AbortSignal | undefined; totalMs: number }

/** What the calls of one school share. */
export type Link = {
  client: Client
  limits: Limits
  token: string
  /** `/schools/{id}` */
  schoolPath: string
  fixedOrigin: boolean
  /** The base address of the school's own region. */
  home: (manner: Manner) => Promise<string>
}

export function createClient(options: ClientOptions): Client {
  const { limits, pace, school, token } = options

  async function once(ask: Ask, method: 'GET' | 'POST', body?: string): Promise<Record<string, unknown>> {
    const context: Context = { token, now: options.now(), post: method === 'POST' }
    let answer: Answer
    try {
      answer = await exchange({
        method,
        url: ask.url,
        headers: headersOf(options, body),
        body,
        connectMs: Math.min(limits.connectMs, ask.totalMs),
        totalMs: ask.totalMs,
        bytes: limits.pageBytes,
        signal: method === 'GET' ? ask.signal : undefined,
      })
    } catch (error) {
      throw error instanceof WireError ? wireFailure(error, context) : error
    }
    return readObject(answer, context)
  }

  return {
    async get(ask, read) {
      const turn = { school, token, lane: ask.lane, signal: ask.signal }
      const earlier: MisFailure[] = []
      for (;;) {
        try {
          return read(await pace.run(turn, () => once(ask, 'GET')))
        } catch (error) {
          if (!(error instanceof MisError) || !ask.patient) throw error
          const ms = waitBeforeRetry(earlier, error, options.random())
          if (ms === null) throw error
          earlier.push(error.kind)
          await options.wait(ms, ask.signal)
        }
      }
    },
    post(ask, body, onStart) {
      return pace.run({ school, token, lane: ask.lane, signal: ask.signal }, async () => {
        await onStart?.()
        if (ask.signal?.aborted) throw abortError()
        return once(ask, 'POST', JSON.stringify(body))
      })
    },
  }
}

function headersOf(options: ClientOptions, body: string | undefined): Record<string, string> {
  const headers: Record<string, string> = {
    accept: 'application/json',
    'accept-encoding': 'gzip',
    authorization: `Bearer ${options.token}`,
    'user-agent': options.userAgent,
  }
  if (body === undefined) return headers
  return { ...headers, 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }
}
