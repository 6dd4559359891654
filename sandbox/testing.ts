/** For tests only: a sandbox in memory on the loopback, asked as clients ask it. */
import { onTestFinished } from 'vitest'
import { type Sandbox, type SandboxOptions, startSandbox } from './sandbox.ts'

/** Bodies are what is under test, so they are read loosely. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Json = any
export type Reply = { status: number; headers: Headers; body: Json }

export type World = {
  sandbox: Sandbox
  /** A school by its MIS. */
  school(mis: string): Sandbox['schools'][number]
  /** The wire, with the application token unless told otherwise. */
  get(path: string, token?: string): Promise<Reply>
  post(path: string, body: unknown, token?: string): Promise<Reply>
  control(method: string, path: string, body?: unknown): Promise<Reply>
  /** Every row of a list, page by page. */
  all(path: string): Promise<Json[]>
  codeId(schoolId: string, code: string): Promise<string>
}

export async function startWorld(options: Partial<SandboxOptions> = {}): Promise<World> {
  const sandbox = await startSandbox({ port: 0, delayMs: 0, ...options })
  onTestFinished(() => sandbox.close())
  return worldOf(sandbox)
}

export async function read(reply: Response): Promise<Reply> {
  return { status: reply.status, headers: reply.headers, body: await reply.json() }
}

const json = { 'content-type': 'application/json' }

function worldOf(sandbox: Sandbox): World {
  const { url, baseUrl, applicationToken } = sandbox
  const bearer = (token = applicationToken) => ({ authorization: `Bearer ${token}` })
  const get: World['get'] = async (path, token) =>
    read(await fetch(path.startsWith('http') ? path : `${baseUrl}${path}`, { headers: bearer(token) }))
  const all: World['all'] = async (path) => {
    const rows: Json[] = []
    for (let next: string | null = path; next !== null; ) {
      const { body }: Reply = await get(next)
      rows.push(...body.data)
      next = body.meta.pagination.next
    }
    return rows
  }
  return {
    sandbox,
    school: (mis) => sandbox.schools.find((school) => school.mis === mis)!,
    get,
    all,
    post: async (path, body, token) =>
      read(
        await fetch(`${baseUrl}${path}`, {
          method: 'POST',
          headers: { ...bearer(token), ...json },
          body: JSON.stringify(body),
        }),
      ),
    control: async (method, path, body) =>
      read(
        await fetch(`${url}/control${path}`, {
          method,
          ...(body !== undefined && { headers: json, body: JSON.stringify(body) }),
        }),
      ),
    codeId: async (schoolId, code) => {
      const codes = await all(`/schools/${schoolId}/attendance-codes?per_page=100`)
      return codes.find((one) => one.code === code).id
    },
  }
}

/** A clock that stands until it is moved. */
export function standingClock(at = '2026-11-24T09:14:00Z') {
  let now = Date.parse(at)
  return {
    now: () => new Date(now),
    forward(ms: number) {
      now += ms
    },
  }
}
