/** What a paired kiosk asks of the server. `Unpaired`: the office removed it, and everything is forgotten. */
import type { KioskHome, KioskSearch } from '../../shared/kiosks.ts'

export class Unpaired extends Error {}
/** The server said no: the same again is refused again. */
export class Refused extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}
/** No network, or a server that is busy: later may work. */
export class Later extends Error {}

async function ask<T>(path: string, body?: unknown): Promise<T> {
  let response: Response
  try {
    response = await fetch(`/api/v1/kiosk${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'x-kiosk': '1', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    })
  } catch {
    throw new Later('No network')
  }
  const text = await response.text().catch(() => '')
  const said = (() => {
    try {
      return JSON.parse(text) as { error?: { message?: string } }
    } catch {
      return null
    }
  })()
  if (response.ok && said !== null) return said as T
  if (response.status === 401) throw new Unpaired()
  const wait = response.ok || response.status >= 500 || response.status === 429 || response.status === 408
  if (wait) throw Object.assign(new Later(said?.error?.message ?? 'Busy'), { status: response.status })
  throw new Refused(response.status, said?.error?.message ?? 'Refused')
}

export type Home = KioskHome
export type Command = {
  id: string
  type: KioskHome['reasons'][number]['type']
  person: string
  reason: string | null
  happenedAt: string
}

export const home = () => ask<KioskHome>('')
export const pair = (code: string) => ask<KioskHome>('/pair', { code })
export const findPeople = (q: string) => ask<KioskSearch>(`/people?q=${encodeURIComponent(q)}`)
export const send = (command: Command) => ask<{ id: string; time: string }>('/movements', command)

/** A UUID also where the page is not served over https. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
