/** What the tests need of the machine and npm does not bring: brought by itself where we may, else said in one line. */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { findBrowser } from './browser.ts'

const debian15 = '/usr/lib/postgresql/15/bin/postgres'
const clusterConf = '/etc/postgresql-common/createcluster.conf'

/** A browser for the journeys; false, and one line that says what to do, where there is none to be had. */
export function bringBrowser(): boolean {
  return bring('A browser (chromium)', () => findBrowser() !== null, [['chromium']], 'set CHROMIUM_PATH')
}

/** The oldest PostgreSQL we support, as Debian 12 has it; its programs only, no server that runs by itself. */
export function bringPostgres15(): boolean {
  return bring('PostgreSQL 15', () => existsSync(debian15), [['postgresql-common'], ['postgresql-15']])
}

/** Installs one step after the other; where we may not, or it fails, says why and what to type. */
function bring(what: string, have: () => boolean, steps: string[][], else_?: string): boolean {
  if (have()) return true
  const packages = steps.flat().join(' ')
  let why = 'only root can install it'
  if (process.getuid?.() === 0) {
    console.log(`Installing ${packages} …`)
    why = apt(['update']) ?? ''
    for (const step of steps) {
      if (why !== '') break
      why = apt(['install', '-y', '--no-install-recommends', ...step]) ?? ''
      if (step.includes('postgresql-common')) makeNoCluster()
    }
    if (have()) return true
  }
  const fix = `apt-get update && apt-get install -y ${packages}`
  console.error(
    `${what} is not on this machine${why === '' ? '' : ` (${why})`}. Install it: ${fix}${else_ === undefined ? '.' : `; or ${else_}.`}`,
  )
  return false
}

/** Null when it went well, else the reason in apt's words. */
function apt(words: string[]): string | null {
  const { status, stderr, error } = spawnSync('apt-get', ['-q', ...words], {
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    timeout: 600_000,
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  if (status === 0) return null
  const said = (stderr ?? '').split('\n').find((line) => line.startsWith('E: '))
  return said?.slice(3) ?? error?.message ?? `apt-get ${words[0]} ended with ${status}`
}

/** Debian's package would otherwise make a cluster and start it; a test wants the programs. */
function makeNoCluster(): void {
  if (!existsSync(clusterConf)) return
  const text = readFileSync(clusterConf, 'utf8')
  writeFileSync(clusterConf, text.replace(/^#?\s*create_main_cluster\s*=.*$/m, 'create_main_cluster = false'))
}
