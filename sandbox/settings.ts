/** The settings of the sandbox, read once; a wrong one stops the start with its name, what is wrong and the fix. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { SandboxOptions } from './sandbox.ts'

type Env = Record<string, string | undefined>

export class SettingError extends Error {
  constructor(name: string, wrong: string, fix: string) {
    super(`${name}: ${wrong}. ${fix}`)
    this.name = 'SettingError'
  }
}

export function readSettings(env: Env): SandboxOptions & { port: number; host: string } {
  const set = (name: string) => env[name]?.trim() || null
  const port = Number(set('SANDBOX_PORT') ?? 3010)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new SettingError(
      'SANDBOX_PORT',
      `"${set('SANDBOX_PORT')}" is not a port`,
      'Give a whole number from 1 to 65535.',
    )
  }
  const publicUrl = set('SANDBOX_PUBLIC_URL')
  if (publicUrl !== null && !/^https?:$/.test(URL.parse(publicUrl)?.protocol ?? '')) {
    throw new SettingError(
      'SANDBOX_PUBLIC_URL',
      'is not an address',
      'Give one such as https://sandbox.example.',
    )
  }
  return {
    port,
    host: set('HOST') ?? '127.0.0.1',
    publicUrl,
    controlKey: set('SANDBOX_CONTROL_KEY'),
    dataDir: resolve(set('DATA_DIR') ?? './data'),
    ...testClock(set('TEST_NOW_FILE'), env['NODE_ENV']),
  }
}

/** In a test, and only there, the instant that stands in a file is now (contract §2). */
function testClock(file: string | null, mode: string | undefined): Pick<SandboxOptions, 'now'> {
  if (file === null) return {}
  if (mode !== 'test')
    throw new SettingError('TEST_NOW_FILE', 'is set outside a test', 'Remove it, or set NODE_ENV=test.')
  return { now: () => new Date(readFileSync(file, 'utf8').trim()) }
}
