/** The few calls of a kiosk to its server (contract §3.6), and what a failed one means for the kiosk. */
import { forgetHeader, kioskPageOf } from '../../shared/kiosk-page.ts'
import type { KioskHome, KioskSearch, kioskMovementPost } from '../../shared/kiosks.ts'
import type { z } from 'zod'
import type { Listed } from './search.ts'

export type Command = z.input<typeof kioskMovementPost>
export type Directory = { etag: string; people: Listed[] }

/**
 * `unpaired`: the server no longer knows this device. `lost`: the device has lost what it was known by.
 * `unreachable`: worth trying again. `refused`: never again.
 */
export type Verdict = 'unpaired' | 'lost' | 'unreachable' | 'refused'

export class Failure extends Error {
  readonly verdict: Verdict
  readonly status: number
  /** How long the server asked to be left alone; 0 when it did not say. */
  readonly waitMs: number
  constructor(verdict: Verdict, status: number, message: string, waitMs = 0) {
    super(message)
    this.verdict = verdict
    this.status = status
    this.waitMs = waitMs
  }
}

/** A school's web filter answers 401, 403 or 404 with a page of its own: without an error of ours that is no answer. */
export function verdictOf(status: number, ours: boolean, forget = false): Verdict {
  if (status < 400 || status >= 500 || status === 408 || status === 429) return 'unreachable'
  if (!ours && (status === 401 || status === 403 || status === 404)) return 'unreachable'
  if (status === 401) return forget ? 'unpaired' : 'lost'
  return 'refused'
}

const patienceMs = 15_000
const api = '/api/v1/kiosk'

async function call(path: string, options: RequestInit = {}): Promise<Response> {
  let response: Response
  try {
    response = await fetch(api + path, {
      cache: 'no-store',
      credentials: 'same-origin',
      signal: AbortSignal.timeout(patienceMs),
      ...options,
    })
  } catch {
    throw new Failure('unreachable', 0, 'There is no network.')
  }
  if (response.ok || response.status === 304) return response
  const body = (await response.json().catch(() => null)) as {
    error?: { code?: string; message?: string }
  } | null
  const waitMs = (Number(response.headers.get('retry-after')) || 0) * 1000
  const message = body?.error?.message ?? 'The server answered with something this screen does not know.'
  const verdict = verdictOf(
    response.status,
    body?.error?.code !== undefined,
    response.headers.has(forgetHeader),
  )
  throw new Failure(verdict, response.status, message, waitMs)
}

/** A page of somebody else's (a network that asks to log in first) is not an answer either. */
async function json<T>(response: Response): Promise<T> {
  try {
    return (await response.json()) as T
  } catch {
    throw new Failure('unreachable', response.status, 'There is no network.')
  }
}

const post = (path: string, body: unknown) =>
  call(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-kiosk': '1' },
    body: JSON.stringify(body),
  })

/** What to show now, in exchange for what waits here and which page this is: the office sees both. */
export async function getHome(waiting: number): Promise<KioskHome> {
  const page = kioskPageOf(document.head.innerHTML)
  const report = new URLSearchParams({ waiting: String(waiting), ...(page !== null && { page }) })
  return await json<KioskHome>(await call(`?${report}`))
}
export const pairWith = async (code: string) => await json<KioskHome>(await post('/pair', { code }))
export const findPeople = async (text: string) =>
  await json<KioskSearch>(await call(`/people?q=${encodeURIComponent(text)}`))

/** Resolves once the server has the movement; sending the same one again is harmless. */
export async function sendMovement(command: Command): Promise<void> {
  await json(await post('/movements', command))
}

/** Null when what is kept is still right, or when this server keeps its directory to itself. */
export async function getDirectory(etag: string | undefined): Promise<Directory | null> {
  try {
    const response = await call(
      '/directory',
      etag === undefined ? {} : { headers: { 'if-none-match': etag } },
    )
    if (response.status === 304) return null
    const { data } = await json<{ data: Listed[] }>(response)
    return { etag: response.headers.get('etag') ?? '', people: data }
  } catch (error) {
    if (error instanceof Failure && error.status === 404) return null
    throw error
  }
}
