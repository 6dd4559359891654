import { expect, test } from 'vitest'
import type { MisFailure } from '../mis.ts'
import { retryAfterMs } from './answers.ts'
import { waitBeforeRetry } from './retry.ts'

const times = (kind: MisFailure, count: number) => Array<MisFailure>(count).fill(kind)

test.each<[string, MisFailure[], MisFailure, number | null, number, number | null]>([
  ['the first fault waits about a second', [], 'unavailable', null, 0.5, 1_000],
  ['the second about three', times('unavailable', 1), 'unavailable', null, 0.5, 3_000],
  ['the third about nine', times('unavailable', 2), 'unavailable', null, 0.5, 9_000],
  ['the fourth is final', times('unavailable', 3), 'unavailable', null, 0.5, null],
  ['jitter takes a quarter off', [], 'unavailable', null, 0, 750],
  ['or adds a quarter', [], 'unavailable', null, 1, 1_250],
  ['a 503 that names a wait is not asked sooner', [], 'unavailable', 20_000, 0.5, 20_000],
  ['a slow-down waits as told', [], 'slow-down', 2_000, 0, 2_000],
  ['a little later is allowed, sooner is not', [], 'slow-down', 2_000, 1, 2_200],
  ['told to wait nothing', [], 'slow-down', 0, 1, 0],
  ['not told: half a minute', [], 'slow-down', null, 0, 30_000],
  ['and doubling', times('slow-down', 2), 'slow-down', null, 0, 120_000],
  ['five times', times('slow-down', 4), 'slow-down', null, 0, 480_000],
  ['and no more', times('slow-down', 5), 'slow-down', null, 0, null],
  ['a wait longer than an import may last is a failure now', [], 'slow-down', 3_600_000, 0, null],
  ['an unreadable answer is asked once more', [], 'unreadable', null, 0.5, 1_000],
  ['and then believed', times('unreadable', 1), 'unreadable', null, 0.5, null],
  [
    'kinds are counted apart',
    [...times('unavailable', 1), ...times('slow-down', 3)],
    'unavailable',
    null,
    0.5,
    3_000,
  ],
  ['a refusal is never repeated', [], 'rejected', null, 0.5, null],
  ['nor a token that is not accepted', [], 'unauthorised', null, 0.5, null],
])('%s', (_, earlier, kind, told, random, expected) => {
  expect(waitBeforeRetry(earlier, { kind, retryAfterMs: told }, random)).toBe(expected)
})

test.each<[string | null, number | null]>([
  ['2', 2_000],
  [' 2.5 ', 2_500],
  ['0', 0],
  ['-5', 0],
  ['Mon, 01 Sep 2025 09:00:20 GMT', 20_000],
  ['Mon, 01 Sep 2025 08:00:00 GMT', 0],
  ['99999999999', 86_400_000],
  ['soon', null],
  ['', null],
  [null, null],
])('Retry-After %j is %j', (header, expected) => {
  expect(retryAfterMs(header, new Date('2025-09-01T09:00:00Z'))).toBe(expected)
})
