/** The checks of `npm run verify`, also the first stages of `npm test`. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..')

const bin = (name: string) => join(root, 'node_modules/.bin', name)
const script = (file: string) => () => run(process.execPath, [join(import.meta.dirname, file)])

/** Runs a command in the project, its output where ours goes; true when it ended well and in time. */
export function run(command: string, args: string[], env: Record<string, string> = {}): boolean {
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    // CI stops after 25 minutes, and three stages could hang.
    timeout: 450_000,
    killSignal: 'SIGKILL',
    env: { ...process.env, ...env },
  })
  if (error !== undefined) console.error(error.message)
  return status === 0
}

export type Check = { name: string; run: () => boolean }

const sources = ['server', 'shared', 'sandbox', 'web', 'scripts', 'test', 'bench']
const configs = ['vitest.config.ts', 'playwright.config.ts']

export const checks: Check[] = [
  { name: 'format', run: () => run(bin('biome'), ['format', '.']) },
  {
    name: 'lint',
    run: () => run(bin('oxlint'), ['--type-aware', '--deny-warnings', ...sources, ...configs]),
  },
  { name: 'import rules', run: script('import-rules.ts') },
  { name: 'types', run: () => run(bin('tsc'), ['-p', '.']) },
  { name: 'types of the pages', run: () => run(bin('tsc'), ['-p', 'web']) },
  { name: 'types of the journeys', run: () => run(bin('tsc'), ['-p', 'test/e2e']) },
]

/** Runs one check, says how long it took and whether it held. */
export function report({ name, run: check }: Check): boolean {
  console.log(`\n── ${name}`)
  const began = performance.now()
  const ok = check()
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`)
  return ok
}
