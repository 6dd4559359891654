/** The product as its own process, for tests that end it as a power cut would. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { until } from './world.ts'

export const root = join(import.meta.dirname, '..')
const script = (name: string) => [join(root, 'scripts/node.sh'), join(root, name)]

export type ServerProcess = {
  url: string
  /** Returns when it is ready. */
  start(): Promise<void>
  /** SIGKILL; nothing where it does not run. */
  kill(): Promise<void>
  /** SIGTERM; how it ended, and after how long. */
  stop(): Promise<{ code: number | null; ms: number }>
  /** Runs a verb of the admin command with the same settings. */
  // oxlint-disable-next-line typescript/no-explicit-any
  admin(...words: string[]): any
  /** The same while this process goes on, whatever comes of it. */
  begin(...words: string[]): Begun
}

/** A command that runs; `ended` tells how it came out. */
export type Begun = {
  child: ChildProcess
  ended: Promise<{ code: number | null; said: string; errors: string }>
}

/** Any of the project's programs. */
export function begin(file: string, words: readonly string[], env: NodeJS.ProcessEnv): Begun {
  const child = spawn('sh', [...script(file), ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  let errors = ''
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const ended = new Promise<{ code: number | null; said: string; errors: string }>((resolve) => {
    child.once('close', (code) => resolve({ code, said, errors }))
  })
  return { child, ended }
}

/** On a free port, with these settings; not started yet. */
export async function serverProcess(settings: Record<string, string>): Promise<ServerProcess> {
  const port = String(await freePort())
  const env = { ...process.env, LOG_LEVEL: 'silent', ...settings, PORT: port }
  const url = `http://127.0.0.1:${port}`
  let child: ChildProcess | null = null
  return {
    url,
    async start() {
      child = spawn('sh', script('server/main.ts'), { env, stdio: 'ignore' })
      await until(
        async () => (await fetch(`${url}/readyz`).catch(() => null))?.status,
        (status) => status === 200,
        30_000,
      )
    },
    async kill() {
      const running = child
      child = null
      if (running === null) return
      running.kill('SIGKILL')
      if (running.exitCode === null && running.signalCode === null)
        await new Promise((resolve) => running.once('exit', resolve))
    },
    async stop() {
      const running = child!
      child = null
      const began = performance.now()
      const ended = new Promise<number | null>((resolve) => running.once('exit', resolve))
      running.kill('SIGTERM')
      return { code: await ended, ms: performance.now() - began }
    },
    begin: (...words) => begin('server/admin.ts', [...words, '--json'], env),
    admin(...words) {
      const { stdout, stderr, status } = spawnSync('sh', [...script('server/admin.ts'), ...words, '--json'], {
        env,
      })
      if (status !== 0) throw new Error(stderr.toString())
      return JSON.parse(stdout.toString())
    },
  }
}
