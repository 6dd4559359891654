/** A whole product for a test: its own database, its own sandbox, a clock that can be moved, reached over HTTP. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Sandbox, type SandboxOptions, startSandbox } from '../sandbox/sandbox.ts'
import { createApiToken } from '../server/accounts/accounts.ts'
import { createLog } from '../server/core/log.ts'
import { readSettings } from '../server/core/settings.ts'
import { type Running, startServer } from '../server/start.ts'
import { type Permission, permission } from '../shared/accounts.ts'
import { testDatabase } from './postgres.ts'

export type Answer<T> = { status: number; body: T; headers: Headers }
// oxlint-disable-next-line typescript/no-explicit-any
type Any = any
export type Api = <T = Any>(
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Answer<T>>

export type World = {
  running: Running
  sandbox: Sandbox
  url: string
  clock: { now(): Date; set(at: string | Date): void; forward(ms: number): void }
  /** as an operator of all sites */
  api: Api
  as(permissions: readonly Permission[], siteIds: string[] | null): Promise<Api>
  control: Api
  close(): Promise<void>
}

/** A caller of one base address. */
export function caller(base: string, headers: Record<string, string>): Api {
  return async (method, path, body, more = {}) => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...more },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') === true
    return {
      status: response.status,
      body: (text === '' ? undefined : isJson ? JSON.parse(text) : text) as never,
      headers: response.headers,
    }
  }
}

/** A moment in the past hour's AM registration of a school whose day is laid around it (a Tuesday). */
export async function createWorld(options: { sandbox?: Partial<SandboxOptions> } = {}): Promise<World> {
  const database = await testDatabase()
  const dataDir = mkdtempSync(join(tmpdir(), 'erb-world-'))
  const sandbox = await startSandbox({ port: 0, dataDir: null, delayMs: 20, ...options.sandbox })
  const env = {
    SECRET_KEY: randomBytes(32).toString('hex'),
    DATABASE_URL: database.url,
    DATA_DIR: dataDir,
    SANDBOX_URL: sandbox.baseUrl,
    LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'silent',
  }
  let ahead = 0
  const clock = {
    now: () => new Date(Date.now() + ahead),
    set: (at: string | Date) => {
      ahead = new Date(at).getTime() - Date.now()
    },
    forward: (ms: number) => {
      ahead += ms
    },
  }
  const settings = { ...readSettings(env), port: 0 }
  const running = await startServer({
    settings,
    env,
    log: createLog(settings.logLevel),
    clock,
    connection: database.connection,
  })
  const { app } = running
  const url = running.address!
  const as: World['as'] = async (permissions, siteIds) => {
    const { token } = await app.db.system((tx) =>
      createApiToken(app, tx, { name: 'test', siteIds, permissions, days: 1 }),
    )
    return caller(`${url}/api/v1`, { authorization: `Bearer ${token}` })
  }
  return {
    ...{ running, sandbox, url, clock, as },
    api: await as(permission.options, null),
    control: caller(`${sandbox.url}/control`, {}),
    async close() {
      await running.stop()
      await sandbox.close()
      await database.drop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** Asks again until the answer is as wanted; fails with the last one after ten seconds. */
export async function until<T>(
  ask: () => Promise<T>,
  wanted: (value: T) => boolean,
  withinMs = 15_000,
): Promise<T> {
  const end = performance.now() + withinMs
  for (;;) {
    const value = await ask()
    if (wanted(value)) return value
    if (performance.now() > end)
      throw new Error(`not as wanted within ${withinMs} ms: ${JSON.stringify(value).slice(0, 2000)}`)
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
}

export const dayAround = (now: Date) => {
  const minutes = now.getUTCHours() * 60 + now.getUTCMinutes()
  const at = (value: number) => {
    const clipped = Math.min(Math.max(value, 0), 23 * 60 + 57)
    return `${String(Math.floor(clipped / 60)).padStart(2, '0')}:${String(clipped % 60).padStart(2, '0')}`
  }
  return {
    ...{ startsAt: '00:00', endsAt: '24:00', lunchStartsAt: null, days: [1, 2, 3, 4, 5, 6, 7] },
    am: { opensAt: at(minutes - 30), endsAt: at(minutes - 5), closesAt: at(minutes + 120) },
    pm: { opensAt: '23:57', endsAt: '23:58', closesAt: '23:59' },
  }
}

/** A licensed site, linked to a school of the sandbox and imported; its school day is laid around now (UTC). */
export async function linkedSite(world: World, name: string): Promise<{ id: string; school: string }> {
  const school = world.sandbox.schools.find((one) => one.name.startsWith(name))!
  const { body: site } = await world.api('POST', '/sites', { name, phase: 'primary', timeZone: 'UTC' })
  const today = world.clock.now().toISOString().slice(0, 10)
  await world.api('PUT', `/sites/${site.id}/licence`, {
    edition: 'education',
    misIntegration: { startsOn: today },
  })
  await world.api('PUT', `/sites/${site.id}/school-day`, dayAround(world.clock.now()))
  const put = await world.api('PUT', `/sites/${site.id}/mis/connection`, {
    provider: 'sandbox',
    schoolId: school.id,
    token: school.token,
  })
  if (put.status !== 201) throw new Error(`not linked: ${JSON.stringify(put.body)}`)
  await imported(world, site.id)
  return { id: site.id, school: school.id }
}

export async function imported(world: World, siteId: string, body: unknown = {}) {
  const { body: run } = await world.api('POST', `/sites/${siteId}/mis/imports`, body)
  return await until(
    async () => (await world.api('GET', `/sites/${siteId}/mis/imports/${run.id}`)).body,
    (now) => !['queued', 'running'].includes(now.state),
  )
}
