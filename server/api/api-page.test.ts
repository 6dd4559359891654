/** docs/api.md, run as it stands: what it promises a stranger must be true. */
import { spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { permission } from '../../shared/accounts.ts'
import { createWorld, type World } from '../../test/world.ts'
import { createApiToken } from '../accounts/accounts.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
}, 60_000)
afterAll(() => world?.close())

/** The shell blocks of the page, without the first: that one says where the demo is. */
function blocks(): string[] {
  const page = readFileSync(join(import.meta.dirname, '../../docs/api.md'), 'utf8')
  return [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((found) => found[1]!).slice(1)
}

function shell(script: string, env: Record<string, string>): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn('sh', ['-eu', '-c', script], { env: { ...process.env, ...env } })
    let said = ''
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, said }))
  })
}

const noCurl = spawnSync('curl', ['--version']).error !== undefined

test.skipIf(noCurl)(
  'the page leads a stranger from nothing to a mark in the register',
  async () => {
    const { app } = world.running
    const { token } = await app.db.system((tx) =>
      createApiToken(app, tx, { name: 'Stranger', siteIds: null, permissions: permission.options, days: 1 }),
    )
    const env = { API: `${world.url}/api/v1`, SANDBOX: world.sandbox.url, TOKEN: token }
    const { code, said } = await shell(blocks().join('\n'), env)
    expect(said).not.toContain('"error":{')
    expect(code).toBe(0)
    expect(said).toContain('"state":"confirmed"')
    expect(said).toMatch(/code: '[LU]'/)
    expect(said).toContain("by: 'outside'")
    expect(said.trimEnd()).toMatch(/\{"data":\[\],"meta":\{"next":null\}\}$/)
  },
  60_000,
)
