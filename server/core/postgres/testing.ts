/** What the tests of the launcher share: a data folder of its own for each, other processes, and a look at what runs. */
import { type ChildProcess, spawn } from 'node:child_process'
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { afterAll, afterEach, beforeEach, expect } from 'vitest'
import { type EmbeddedOptions, type EmbeddedPostgres, startEmbeddedPostgres } from './launcher.ts'

export const root = fileURLToPath(new URL('../../..', import.meta.url))
export const isRoot = process.getuid?.() === 0
export const onLinux = process.platform === 'linux'
/** Where PostgreSQL is taken from; by default the npm package. */
export const binDir = process.env['TEST_POSTGRES'] === '15' ? '/usr/lib/postgresql/15/bin' : undefined

/** Where this test's database is; set anew before each. */
export const here = { base: '', dataDir: '', cluster: '' }
const children: ChildProcess[] = []
const servers: EmbeddedPostgres[] = []

/** Each test of the file has a folder of its own, and PostgreSQL must have ended when it is over. */
export function eachInItsFolder(): void {
  beforeEach(() => {
    here.base = mkdtempSync(join(tmpdir(), 'erb-launcher-'))
    putDataDir(join(here.base, 'data'))
  })
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop()
    for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
    try {
      await expect.poll(postgresProcesses, { timeout: 10_000 }).toEqual([])
    } finally {
      for (const pid of postgresProcesses()) process.kill(pid, 'SIGKILL')
      rmSync(here.base, { recursive: true, force: true })
    }
  }, 20_000)
  afterAll(() => {
    if (ready !== undefined) rmSync(ready, { recursive: true, force: true })
  })
}

export function putDataDir(dataDir: string): void {
  here.dataDir = dataDir
  here.cluster = join(dataDir, 'postgres')
}

let ready: string | undefined

/** Puts a finished cluster into the data folder: a copy takes a fifth of the time that making one does. */
export async function withCluster(): Promise<void> {
  if (ready === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'erb-cluster-'))
    await (await startEmbeddedPostgres({ ...options(), dataDir: folder })).stop()
    ready = folder
  }
  mkdirSync(here.dataDir, { mode: 0o700 })
  cpSync(join(ready, 'postgres'), here.cluster, { recursive: true })
  chmodSync(here.cluster, 0o700)
}

export function options(extra: Partial<EmbeddedOptions> = {}): EmbeddedOptions {
  return { dataDir: here.dataDir, fsync: false, ...(binDir === undefined ? {} : { binDir }), ...extra }
}

export async function start(extra: Partial<EmbeddedOptions> = {}): Promise<EmbeddedPostgres> {
  const server = await startEmbeddedPostgres(options(extra))
  servers.push(server)
  return server
}

/** A connection that does not mind its server's death. */
export async function session(server: Pick<EmbeddedPostgres, 'connection'>): Promise<pg.Client> {
  const client = new pg.Client(server.connection)
  client.on('error', () => {})
  await client.connect()
  return client
}

export async function query(server: Pick<EmbeddedPostgres, 'connection'>, sql: string): Promise<unknown[][]> {
  const client = await session(server)
  return await client
    .query({ text: sql, rowMode: 'array' })
    .then(({ rows }) => rows as unknown[][])
    .finally(() => client.end())
}

/** Every PostgreSQL process at work below this test's folder. */
export function postgresProcesses(): number[] {
  if (!onLinux) return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        return words.includes(here.base) && /postgres|initdb/.test(words.split('\0')[0] ?? '')
      } catch {
        return false
      }
    })
    .map(Number)
}

export type HowToRun = {
  prefix?: string[]
  node?: string
  at?: string
  env?: Record<string, string>
  options?: Partial<EmbeddedOptions>
}

type Told = { pid: number; attached: boolean; connection: EmbeddedPostgres['connection'] }
type Other = {
  child: ChildProcess
  told: Promise<Told>
  errors: () => string
  ended: Promise<number | null>
  kill(): Promise<void>
}

/** Another Node process that starts (or joins) the database, says so, and stays. */
export function otherProcess(
  verb: 'startEmbeddedPostgres' | 'attachOrStartPostgres',
  how: HowToRun = {},
): Other {
  const code = `
    import { ${verb} } from ${JSON.stringify(join(how.at ?? root, 'server/core/postgres/launcher.ts'))}
    const server = await ${verb}(${JSON.stringify(options(how.options))})
    console.log(JSON.stringify({ pid: server.pid, attached: server.attached, connection: server.connection }))
    const stop = async () => { await server.stop(); process.exit(0) }
    process.on('SIGTERM', stop).on('SIGINT', stop)
    setInterval(() => {}, 1000)`
  const node = [how.node ?? process.execPath, '--input-type=module', '--eval', code]
  const [program = '', ...words] = [...(how.prefix ?? []), ...node]
  const child = spawn(program, words, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...how.env },
  })
  children.push(child)
  let said = ''
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const told = new Promise<Told>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('\n')) resolve(JSON.parse(said) as Told)
    })
    child.once('exit', () => setImmediate(() => reject(new Error(`it ended: ${errors}`))))
  })
  told.catch(() => {})
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const kill = async () => {
    child.kill('SIGKILL')
    await ended
  }
  return { child, told, errors: () => errors, ended, kill }
}

/** A process that has nothing to do with PostgreSQL, ended with the test. */
export function bystander(): ChildProcess {
  const child = spawn('sleep', ['60'], { stdio: 'ignore' })
  children.push(child)
  return child
}

/** The programs that the launcher uses but for one, as links in a folder to be the PATH. */
export function pathWithout(missing: string): string {
  const dir = join(here.base, `without-${missing}`)
  mkdirSync(dir, { mode: 0o755 })
  for (const name of ['sh', 'rm', 'true', 'flock', 'setpriv', 'unshare']) {
    const found = (process.env['PATH'] ?? '')
      .split(delimiter)
      .map((folder) => join(folder, name))
      .find(existsSync)
    if (name === missing || found === undefined) continue
    accessSync(found, constants.X_OK)
    symlinkSync(found, join(dir, name))
  }
  return dir
}
