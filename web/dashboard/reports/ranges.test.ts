import { expect, test } from 'vitest'
import { daysOf, presetOf, rangeInWords } from './ranges.ts'

test.each([
  ['today', '2026-11-26', '2026-11-26'],
  ['week', '2026-11-26', '2026-11-23'],
  ['week', '2026-11-23', '2026-11-23'],
  ['week', '2026-11-29', '2026-11-23'],
  ['month', '2026-11-26', '2026-11-01'],
  ['year', '2026-11-26', '2026-09-01'],
  ['year', '2026-09-01', '2026-09-01'],
  ['year', '2026-08-31', '2025-09-01'],
] as const)('%s on %s begins on %s', (preset, today, from) => {
  expect(daysOf(preset, today)).toEqual({ from, to: today })
})

test('a range has its name again, and its words', () => {
  expect(presetOf({ from: '2026-11-23', to: '2026-11-26' }, '2026-11-26')).toBe('week')
  expect(presetOf({ from: '2026-11-23', to: '2026-11-25' }, '2026-11-26')).toBeNull()
  expect(rangeInWords({ from: '2026-11-26', to: '2026-11-26' })).toBe('26 November 2026')
  expect(rangeInWords({ from: '2026-11-02', to: '2026-11-26' })).toBe('2 Nov to 26 November 2026')
  expect(rangeInWords({ from: '2025-09-01', to: '2026-07-22' })).toBe('1 September 2025 to 22 July 2026')
})
