import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { countPlaywright, countStage, countVitest } from './results.ts'

const folder = mkdtempSync(join(tmpdir(), 'erb-results-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

function written(text: string): string {
  const file = join(folder, 'results.json')
  writeFileSync(file, text)
  return file
}

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((test) => ({ status: test })),
})
const vitest = (passed: number, failed: number, ...testResults: ReturnType<typeof file>[]) =>
  written(JSON.stringify({ numPassedTests: passed, numFailedTests: failed, testResults }))

test('tests are counted as they ended', () => {
  const results = vitest(3, 1, file('passed', 'passed', 'passed'), file('failed', 'passed', 'failed'))
  expect(countStage(false, results, countVitest)).toEqual({ passed: 3, failed: 1 })
  expect(countStage(true, vitest(2, 0, file('passed', 'passed', 'passed')), countVitest)).toEqual({
    passed: 2,
    failed: 0,
  })
})

test('a file that could not be loaded, or set up, is one failure beside the others', () => {
  const results = vitest(1, 1, file('failed', 'passed', 'failed'), file('failed'), file('failed', 'skipped'))
  expect(countStage(false, results, countVitest)).toEqual({ passed: 1, failed: 3 })
})

test('a stage that crashed, said nothing or ran no test has failed', () => {
  const one = { passed: 0, failed: 1 }
  expect(countStage(true, join(folder, 'absent.json'), countVitest)).toEqual(one)
  expect(countStage(true, written('{"numPassedTests": 12, "numF'), countVitest)).toEqual(one)
  expect(countStage(true, vitest(0, 0), countVitest)).toEqual(one)
  expect(countStage(false, vitest(5, 0, file('passed', 'passed')), countVitest)).toEqual({
    passed: 5,
    failed: 1,
  })
})

test('a journey that passed only at the second try has failed', () => {
  const results = written(JSON.stringify({ stats: { expected: 4, unexpected: 1, flaky: 1, skipped: 2 } }))
  expect(countStage(false, results, countPlaywright)).toEqual({ passed: 4, failed: 2 })
})
