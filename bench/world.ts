/** The product as `npm start` runs it, on its embedded database, with the MIS sandbox in the same process. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Sandbox, startSandbox } from '../sandbox/sandbox.ts'
import { createApiToken } from '../server/accounts/accounts.ts'
import { createLog } from '../server/core/log.ts'
import { readSettings } from '../server/core/settings.ts'
import { type Running, startServer } from '../server/start.ts'
import { permission } from '../shared/accounts.ts'
import { dayAround } from '../test/world.ts'

type Json = Record<string, any> // oxlint-disable-line typescript/no-explicit-any

export type BenchWorld = {
  running: Running
  sandbox: Sandbox
  /** What a program needs to call the API itself. */
  caller: { address: string; token: string }
  api(method: string, path: string, body?: unknown): Promise<Json>
  /** A licensed site, linked to the sandbox's school of this name; nobody is imported yet. */
  linked(school: string): Promise<string>
  close(): Promise<void>
}

export async function createBenchWorld(): Promise<BenchWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'erb-bench-'))
  const sandbox = await startSandbox({ port: 0, dataDir: null })
  const env = { DATA_DIR: folder, SANDBOX_URL: sandbox.baseUrl, LOG_LEVEL: 'silent' }
  const settings = { ...readSettings(env), port: 0 }
  const running = await startServer({ settings, env, log: createLog('silent') })
  const { app } = running
  const { token } = await app.db.system((tx) =>
    createApiToken(app, tx, { name: 'bench', siteIds: null, permissions: permission.options, days: 1 }),
  )
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const api: BenchWorld['api'] = async (method, path, body) => {
    const answer = await fetch(`${running.address}/api/v1${path}`, {
      ...{ method, headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const json = (await answer.json()) as Json
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(json)}`)
    return json
  }
  return {
    ...{ running, sandbox, api, caller: { address: running.address!, token } },
    async linked(name) {
      const school = sandbox.schools.find((one) => one.name.startsWith(name))!
      const { id } = await api('POST', '/sites', { name, phase: 'secondary', timeZone: 'UTC' })
      const startsOn = new Date().toISOString().slice(0, 10)
      await api('PUT', `/sites/${id}/licence`, { edition: 'education', misIntegration: { startsOn } })
      await api('PUT', `/sites/${id}/school-day`, dayAround(new Date()))
      const link = { provider: 'sandbox', schoolId: school.id, token: school.token }
      await api('PUT', `/sites/${id}/mis/connection`, link)
      return id
    },
    async close() {
      await running.stop()
      await sandbox.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Imports, and returns the run once it has ended. */
export async function importNow(world: BenchWorld, site: string): Promise<Json> {
  let run = await world.api('POST', `/sites/${site}/mis/imports`, {})
  while (run.state === 'queued' || run.state === 'running') {
    await new Promise((resolve) => setTimeout(resolve, 20))
    run = await world.api('GET', `/sites/${site}/mis/imports/${run.id}`)
  }
  if (run.state !== 'done') throw new Error(`the import ended ${run.state}: ${JSON.stringify(run.cause)}`)
  return run
}

export async function studentsOf(world: BenchWorld, site: string): Promise<Json[]> {
  const people: Json[] = []
  for (let next: string | null = ''; next !== null; ) {
    const cursor: string = next === '' ? '' : `&cursor=${next}`
    const page = await world.api('GET', `/sites/${site}/students?state=active&limit=500${cursor}`)
    people.push(...page.data)
    next = page.meta.next
  }
  return people
}
