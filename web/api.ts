/** The typed client of our own API: the login cookie goes by itself, the CSRF token with every call that changes. */
export const base = '/api/v1'

/** The server said no, in words meant for people. */
export class Fault extends Error {
  readonly status: number
  readonly code: string
  readonly fields: Record<string, string>
  constructor(status: number, code: string, message: string, fields: Record<string, string> = {}) {
    super(message)
    this.status = status
    this.code = code
    this.fields = fields
  }
}

/** The call did not reach the server, or its answer did not reach us. */
export class NoNetwork extends Error {}

let csrfToken = ''
let onLoggedOut: () => void = () => {}

export function setCsrfToken(token: string): void {
  csrfToken = token
}
/** Called when a call finds that nobody is logged in any more. */
export function whenLoggedOut(handler: () => void): void {
  onLoggedOut = handler
}

type Query = Record<string, string | number | boolean | undefined | null>

function address(path: string, query?: Query): string {
  const wanted = Object.entries(query ?? {}).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  )
  const search = new URLSearchParams(wanted.map(([key, value]) => [key, String(value)])).toString()
  return base + path + (search && `?${search}`)
}

async function readFault(response: Response): Promise<Fault> {
  const fallback = 'The server answered with something this page does not know. Try again in a moment.'
  try {
    const { error } = (await response.json()) as {
      error?: { code?: string; message?: string; fields?: Record<string, string> }
    }
    return new Fault(response.status, error?.code ?? 'unknown', error?.message ?? fallback, error?.fields)
  } catch {
    return new Fault(response.status, 'unknown', fallback)
  }
}

async function call<T>(
  method: string,
  path: string,
  options: { query?: Query | undefined; body?: unknown; file?: Blob },
): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (options.body !== undefined) headers['content-type'] = 'application/json'
  if (options.file !== undefined) headers['content-type'] = options.file.type || 'application/octet-stream'
  if (method !== 'GET') headers['x-csrf-token'] = csrfToken
  let response: Response
  try {
    response = await fetch(address(path, options.query), {
      method,
      headers,
      credentials: 'same-origin',
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
      ...(options.file === undefined ? {} : { body: options.file }),
    })
  } catch {
    throw new NoNetwork('No network')
  }
  if (!response.ok) {
    const fault = await readFault(response)
    if (fault.status === 401 && path !== '/login' && path !== '/me') onLoggedOut()
    throw fault
  }
  if (response.status === 204) return undefined as T
  try {
    return (await response.json()) as T
  } catch {
    throw new NoNetwork('The answer was cut off')
  }
}

export const api = {
  get: <T>(path: string, query?: Query) => call<T>('GET', path, { query }),
  post: <T>(path: string, body: unknown = {}) => call<T>('POST', path, { body }),
  put: <T>(path: string, body: unknown) => call<T>('PUT', path, { body }),
  patch: <T>(path: string, body: unknown) => call<T>('PATCH', path, { body }),
  upload: <T>(path: string, query: Query, file: Blob) => call<T>('POST', path, { query, file }),
  delete: <T>(path: string) => call<T>('DELETE', path, {}),
}

export type Page<T> = { data: T[]; meta: { next: string | null } }

/** Every row of a list, page by page; for lists of one school, which are bounded. */
export async function everyPage<T>(path: string, query: Query = {}): Promise<T[]> {
  const rows: T[] = []
  let cursor: string | undefined
  for (let pages = 0; pages < 40; pages++) {
    const page = await api.get<Page<T>>(path, { ...query, limit: 500, cursor })
    rows.push(...page.data)
    if (page.meta.next === null) break
    cursor = page.meta.next
  }
  return rows
}

/** A UUID also where the page is not served over https, and the browser has no randomUUID. */
export function newId(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
