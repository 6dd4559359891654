/** The checks of `npm run verify`, also the first stages of `npm test`. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

export const root = join(import.meta.dirname, '..')
const bin = (name: string) => join(root, 'node_modules/.bin', name)

/** Runs a command in the project; true when it ended well. Its output goes where ours goes. */
export function run(command: string, args: string[], env: Record<string, string> = {}): boolean {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
  return status === 0
}

export type Check = { name: string; run: () => boolean }

const script = (file: string) => () => run(process.execPath, [join(import.meta.dirname, file)])

export const checks: Check[] = [
  { name: 'format', run: () => run(bin('biome'), ['format', '.']) },
  {
    name: 'lint',
    run: () =>
      run(bin('oxlint'), [
        '--type-aware',
        '--quiet',
        'server',
        'shared',
        'sandbox',
        'scripts',
        'test',
        'web',
      ]),
  },
  { name: 'import rules', run: script('import-rules.ts') },
  { name: 'types', run: () => run(bin('tsc'), ['-p', '.']) },
  { name: 'types of the pages', run: () => run(bin('tsc'), ['-p', 'web']) },
  { name: 'build of the pages', run: script('build-web.ts') },
]

/** Runs one check, says how long it took and whether it held. */
export function report({ name, run: check }: Check): boolean {
  const began = performance.now()
  const ok = check()
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`)
  return ok
}

/** The browser on this machine; null where there is none. */
export function findBrowser(): string | null {
  const known = [
    process.env.CHROMIUM_PATH,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ]
  return known.find((path) => path !== undefined && existsSync(path)) ?? null
}
