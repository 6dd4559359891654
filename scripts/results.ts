/** How many tests passed and failed, from what vitest and Playwright write down. */
import { existsSync, readFileSync } from 'node:fs'

export type Count = { passed: number; failed: number }

type Vitest = {
  numPassedTests: number
  numFailedTests: number
  testResults: { status: string; assertionResults: { status: string }[] }[]
}
type Playwright = { stats: { expected: number; unexpected: number; flaky: number } }

/** A file that could not be loaded, or whose set-up failed, has no failed test and counts as one. */
export function countVitest({ numPassedTests, numFailedTests, testResults }: Vitest): Count {
  const broken = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && assertionResults.every((test) => test.status !== 'failed'),
  )
  return { passed: numPassedTests, failed: numFailedTests + broken.length }
}

/** One that passed only at a second try did not pass. */
export function countPlaywright({ stats }: Playwright): Count {
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky }
}

/** The count of a stage that ended well or not: without numbers, with no test at all, or in a crash it has failed. */
export function countStage<T>(ok: boolean, file: string, count: (results: T) => Count): Count {
  const found = existsSync(file) ? parse(file, count) : null
  if (found === null) return { passed: 0, failed: 1 }
  const whole = ok && found.passed > 0
  return whole || found.failed > 0 ? found : { ...found, failed: 1 }
}

function parse<T>(file: string, count: (results: T) => Count): Count | null {
  try {
    return count(JSON.parse(readFileSync(file, 'utf8')) as T)
  } catch {
    // Killed while it wrote.
    return null
  }
}
