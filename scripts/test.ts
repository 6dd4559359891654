/** `npm test`: all that CI runs. The last line is `N passed, N failed`; each check counts as one. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checks, findBrowser, report, root, run } from './checks.ts'

const folder = mkdtempSync(join(tmpdir(), 'erb-results-'))
const total = { passed: 0, failed: 0 }

function count(ok: boolean): void {
  total[ok ? 'passed' : 'failed']++
}

/** What the tests need of the machine, brought by itself where we may. */
function bring(what: string, have: () => boolean, packages: string[]): boolean {
  if (have()) return true
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    console.log(`bringing ${what} (apt-get install ${packages.join(' ')})`)
    const quiet = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const
    spawnSync('apt-get', ['update'], quiet)
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', ...packages], quiet)
  }
  if (have()) return true
  console.error(`${what} is not on this machine. Install it: apt-get install ${packages.join(' ')}`)
  return false
}

function vitest(name: string, args: string[], env: Record<string, string>): void {
  const file = join(folder, `${name}.json`)
  const entry = join(root, 'node_modules/vitest/vitest.mjs')
  const ok = report({
    name,
    run: () =>
      run(
        process.execPath,
        [entry, 'run', '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`, ...args],
        env,
      ),
  })
  if (!existsSync(file)) return count(false)
  const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(file, 'utf8')) as {
    numPassedTests: number
    numFailedTests: number
  }
  total.passed += numPassedTests
  // A file that could not even be loaded fails the run and no test.
  total.failed += numFailedTests === 0 && !ok ? 1 : numFailedTests
}

function browserTests(): void {
  const file = join(folder, 'browser.json')
  const entry = join(root, 'node_modules/@playwright/test/cli.js')
  const ok = report({
    name: 'browser tests',
    run: () =>
      run(process.execPath, [entry, 'test'], {
        PLAYWRIGHT_JSON_OUTPUT_NAME: file,
        CHROMIUM_PATH: findBrowser() ?? '',
      }),
  })
  if (!existsSync(file)) return count(false)
  const { stats } = JSON.parse(readFileSync(file, 'utf8')) as {
    stats: { expected: number; unexpected: number; flaky: number }
  }
  total.passed += stats.expected
  total.failed += stats.unexpected === 0 && !ok ? 1 : stats.unexpected + stats.flaky
}

const debian15 = '/usr/lib/postgresql/15/bin/postgres'
const filesLike = (path: string, end: string) =>
  existsSync(join(root, path)) ? readdirSync(join(root, path)).filter((name) => name.endsWith(end)) : []

for (const check of checks) count(report(check))
vitest('tests', [], {})
const threads = filesLike('test', '.test.ts').filter((name) => name.startsWith('thread'))
if (threads.length > 0) {
  if (bring('PostgreSQL 15', () => existsSync(debian15), ['postgresql-15']))
    vitest('the thread on PostgreSQL 15', ['test/thread'], { TEST_POSTGRES: '15' })
  else count(false)
}
if (filesLike('test/e2e', '.spec.ts').length > 0) {
  if (bring('A browser', () => findBrowser() !== null, ['chromium'])) browserTests()
  else count(false)
}
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exit(total.failed === 0 ? 0 : 1)
