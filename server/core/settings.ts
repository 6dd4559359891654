/**
 * The settings, read once from the environment (contract §2). A wrong one stops the start with its name, what
 * is wrong and the fix. `settingDocs` is the one table; docs/settings.md is generated from it.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { randomBytes } from 'node:crypto'
import type { Clock } from './clock.ts'
import { systemClock } from './clock.ts'

export type Settings = {
  port: number
  host: string
  publicUrl: string
  databaseUrl: string | null
  dataDir: string
  roles: { web: boolean; worker: boolean }
  wondeUrl: string | null
  sandboxUrl: string | null
  misImportAt: string
  supportEmail: string | null
  supportUrl: string | null
  smtpUrl: string | null
  logLevel: string
  testNowFile: string | null
}

/** Name, default and meaning of each setting, in the order of the docs. */
export const settingDocs: readonly { name: string; fallback: string; meaning: string }[] = [
  { name: 'PORT', fallback: '3000', meaning: 'port of the web role' },
  { name: 'HOST', fallback: '127.0.0.1', meaning: 'address it listens on' },
  { name: 'PUBLIC_URL', fallback: 'from HOST and PORT', meaning: 'address by which browsers reach it' },
  {
    name: 'DATABASE_URL',
    fallback: 'embedded database',
    meaning:
      'PostgreSQL 15 or newer; its role owns the database, is no superuser and does not bypass row-level security',
  },
  { name: 'DATA_DIR', fallback: './data', meaning: 'embedded database, made secret key, sandbox state' },
  {
    name: 'SECRET_KEY',
    fallback: 'made once in DATA_DIR when embedded',
    meaning: '32 bytes as 64 hex digits or base64; required with DATABASE_URL',
  },
  { name: 'ROLES', fallback: 'web,worker', meaning: 'what this process does' },
  {
    name: 'SMTP_URL',
    fallback: 'none',
    meaning:
      'mail server, such as smtps://name:password@mail.example.org?from=office@example.org; without it messages are kept and shown',
  },
  {
    name: 'WONDE_URL',
    fallback: "the school's own Wonde region",
    meaning: 'where every site with provider wonde is reached, and nowhere else; ends in /v1.0',
  },
  { name: 'SANDBOX_URL', fallback: 'http://127.0.0.1:3010/v1.0', meaning: 'the same for provider sandbox' },
  { name: 'SANDBOX_PORT', fallback: '3010', meaning: 'port of the MIS sandbox' },
  { name: 'SANDBOX_PUBLIC_URL', fallback: "from the request's host", meaning: 'address in its next links' },
  { name: 'SANDBOX_CONTROL_KEY', fallback: 'none: loopback only', meaning: 'key of its control API' },
  { name: 'MIS_IMPORT_AT', fallback: '02:30', meaning: 'nightly import of a new site, its own zone' },
  { name: 'SUPPORT_EMAIL', fallback: 'none', meaning: 'shown on MIS, licence and help pages' },
  { name: 'SUPPORT_URL', fallback: 'none', meaning: 'shown on MIS, licence and help pages' },
  { name: 'LOG_LEVEL', fallback: 'info', meaning: 'fatal, error, warn, info, debug, trace or silent' },
  {
    name: 'TEST_NOW_FILE',
    fallback: 'none',
    meaning: 'only with NODE_ENV=test: a file with the instant to take for now',
  },
]

export class SettingError extends Error {
  constructor(name: string, wrong: string, fix: string) {
    super(`${name}: ${wrong}. ${fix}`)
    this.name = 'SettingError'
  }
}

type Env = Record<string, string | undefined>

function port(env: Env, name: string, fallback: number): number {
  const text = env[name]?.trim()
  if (!text) return fallback
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1 || value > 65535)
    throw new SettingError(name, `"${text}" is not a port`, 'Give a whole number from 1 to 65535.')
  return value
}

function url(env: Env, name: string, schemes: string[]): string | null {
  const text = env[name]?.trim()
  if (!text) return null
  let parsed: URL
  try {
    parsed = new URL(text)
  } catch {
    throw new SettingError(
      name,
      'is not an address',
      `Give a full one that begins with ${schemes.join(' or ')}.`,
    )
  }
  if (!schemes.includes(parsed.protocol))
    throw new SettingError(
      name,
      `begins with ${parsed.protocol}`,
      `It must begin with ${schemes.join(' or ')}.`,
    )
  return text.replace(/\/+$/, '')
}

/** Read by the database library, which also takes forms that are no web address (a socket in place of a host). */
function databaseUrl(env: Env): string | null {
  const text = env['DATABASE_URL']?.trim()
  if (!text) return null
  if (!/^postgres(ql)?:\/\//.test(text))
    throw new SettingError(
      'DATABASE_URL',
      'is not an address of PostgreSQL',
      'Give one such as postgresql://user:password@host:5432/name.',
    )
  return text
}

function providerUrl(env: Env, name: string): string | null {
  const text = url(env, name, ['http:', 'https:'])
  if (text !== null && !new URL(text).pathname.endsWith('/v1.0'))
    throw new SettingError(name, 'does not end in /v1.0', 'Add /v1.0, such as http://127.0.0.1:3010/v1.0.')
  return text
}

function readRoles(text: string): Settings['roles'] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  const wrong = names.find((name) => name !== 'web' && name !== 'worker')
  if (wrong !== undefined || names.length === 0)
    throw new SettingError('ROLES', `"${wrong ?? text}" is no role`, 'Give web, worker or web,worker.')
  return { web: names.includes('web'), worker: names.includes('worker') }
}

export function readSettings(env: Env): Settings {
  const host = env.HOST?.trim() || '127.0.0.1'
  const webPort = port(env, 'PORT', 3000)
  const misImportAt = env.MIS_IMPORT_AT?.trim() || '02:30'
  if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(misImportAt))
    throw new SettingError('MIS_IMPORT_AT', `"${misImportAt}" is no clock time`, 'Give HH:MM, such as 02:30.')
  const logLevel = env.LOG_LEVEL?.trim() || 'info'
  const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']
  if (!levels.includes(logLevel))
    throw new SettingError('LOG_LEVEL', `"${logLevel}" is no level`, `Give one of ${levels.join(', ')}.`)
  const testNowFile = env.TEST_NOW_FILE?.trim() || null
  if (testNowFile !== null && env.NODE_ENV !== 'test')
    throw new SettingError('TEST_NOW_FILE', 'is set outside a test', 'Remove it, or set NODE_ENV=test.')
  return {
    port: webPort,
    host,
    publicUrl:
      url(env, 'PUBLIC_URL', ['http:', 'https:']) ??
      `http://${host.includes(':') ? `[${host}]` : host}:${webPort}`,
    databaseUrl: databaseUrl(env),
    dataDir: resolve(env.DATA_DIR?.trim() || './data'),
    roles: readRoles(env.ROLES?.trim() || 'web,worker'),
    wondeUrl: providerUrl(env, 'WONDE_URL'),
    sandboxUrl: providerUrl(env, 'SANDBOX_URL') ?? `http://127.0.0.1:${port(env, 'SANDBOX_PORT', 3010)}/v1.0`,
    misImportAt,
    supportEmail: env.SUPPORT_EMAIL?.trim() || null,
    supportUrl: url(env, 'SUPPORT_URL', ['http:', 'https:']),
    smtpUrl: url(env, 'SMTP_URL', ['smtp:', 'smtps:']),
    logLevel,
    testNowFile,
  }
}

function parseKey(text: string): Buffer | null {
  const key = /^[0-9a-f]{64}$/i.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64')
  return key.length === 32 ? key : null
}

/** The 32 bytes that seal secrets: from SECRET_KEY, else (embedded) a file made once, mode 0600. */
export function secretKey(env: Env, settings: Settings): Buffer {
  const fix = 'Give 32 bytes as 64 hex digits or base64, such as from: openssl rand -hex 32'
  const given = env.SECRET_KEY?.trim()
  if (given) {
    const key = parseKey(given)
    if (key === null) throw new SettingError('SECRET_KEY', 'is not 32 bytes', fix)
    return key
  }
  if (settings.databaseUrl !== null)
    throw new SettingError('SECRET_KEY', 'is needed with DATABASE_URL and not set', fix)
  putSecretKey(env, settings, randomBytes(32))
  return madeSecretKey(env, settings)!
}

/** The key only where we made it: null with SECRET_KEY or DATABASE_URL, and before the first start. */
export function madeSecretKey(env: Env, settings: Settings): Buffer | null {
  const file = secretKeyFile(env, settings)
  if (file === null || !existsSync(file)) return null
  const key = parseKey(readFileSync(file, 'utf8').trim())
  if (key === null)
    throw new SettingError('SECRET_KEY', `${file} does not hold 32 bytes`, 'Restore that file.')
  return key
}

/** Puts a key where the made one is kept. Returns the file; null where there is one already, or none is kept. */
export function putSecretKey(env: Env, settings: Settings, key: Buffer): string | null {
  const file = secretKeyFile(env, settings)
  if (file === null) return null
  mkdirSync(settings.dataDir, { recursive: true })
  try {
    writeFileSync(file, `${key.toString('hex')}\n`, { mode: 0o600, flag: 'wx', flush: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return null
  }
  return file
}

function secretKeyFile(env: Env, settings: Settings): string | null {
  const kept = !env.SECRET_KEY?.trim() && settings.databaseUrl === null
  return kept ? join(settings.dataDir, 'secret-key') : null
}

/** The clock of this process: the system's, or in a test the instant that stands in the file. */
export function clockOf(settings: Settings): Clock {
  const file = settings.testNowFile
  if (file === null) return systemClock
  return {
    now() {
      const at = new Date(readFileSync(file, 'utf8').trim())
      if (Number.isNaN(at.getTime()))
        throw new SettingError('TEST_NOW_FILE', 'holds no instant', 'Write one in ISO 8601.')
      return at
    },
  }
}
