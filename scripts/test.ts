/** `npm test`: all that CI runs. The last line is `N passed, N failed`; each check counts as one. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bringBrowser, bringPostgres15 } from './apt.ts'
import { checks, report, root, run } from './checks.ts'
import { type Count, countPlaywright, countStage, countVitest } from './results.ts'

const folder = mkdtempSync(join(tmpdir(), 'erb-results-'))
const failed: Count = { passed: 0, failed: 1 }

/** A check without numbers of its own. */
function one(name: string, check: () => boolean): Count {
  return report({ name, run: check }) ? { passed: 1, failed: 0 } : failed
}

function vitest(name: string, args: string[], env: Record<string, string> = {}): Count {
  const file = join(folder, `${name}.json`)
  const entry = join(root, 'node_modules/vitest/vitest.mjs')
  const words = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${file}`, ...args]
  return countStage(
    report({ name, run: () => run(process.execPath, [entry, ...words], env) }),
    file,
    countVitest,
  )
}

function playwright(name: string): Count {
  const file = join(folder, `${name}.json`)
  const entry = join(root, 'node_modules/@playwright/test/cli.js')
  const env = { BROWSER_RESULTS: file, CI: '1' }
  return countStage(
    report({ name, run: () => run(process.execPath, [entry, 'test'], env) }),
    file,
    countPlaywright,
  )
}

function all(): Count[] {
  const counts = checks.map(({ name, run: check }) => one(name, check))
  const built = one('build of the pages', () => run(process.execPath, [join(root, 'scripts/build-web.ts')]))
  counts.push(built)
  counts.push(vitest('tests', []))
  counts.push(
    bringPostgres15() ? vitest('tests on PostgreSQL 15', ['test/thread'], { TEST_POSTGRES: '15' }) : failed,
  )
  // Without pages a journey fails at its first step; one failure says enough.
  if (built.failed === 0) counts.push(bringBrowser() ? playwright('journeys in a browser') : failed)
  return counts
}

const began = performance.now()
const counts = all()
rmSync(folder, { recursive: true, force: true })
const sum = (of: keyof Count) => counts.reduce((total, count) => total + count[of], 0)
console.log(`\nAll of it took ${((performance.now() - began) / 1000).toFixed(0)} s.`)
console.log(`${sum('passed')} passed, ${sum('failed')} failed`)
process.exitCode = sum('failed') === 0 ? 0 : 1
