import { expect, test } from 'vitest'
import { daysInWords, readDays } from './columns.ts'

test.each([
  ['Mon-Fri', [1, 2, 3, 4, 5]],
  ['monday to friday', [1, 2, 3, 4, 5]],
  ['Mon – Wed', [1, 2, 3]],
  ['Mon, Wed & Fri', [1, 3, 5]],
  ['Tuesdays and Thursdays', [2, 4]],
  ['1;3;5', [1, 3, 5]],
  ['1-5', [1, 2, 3, 4, 5]],
  ['Fri Mo we', [1, 3, 5]],
  ['Sat-Mon', [1, 6, 7]],
  ['Mon Mon', [1]],
])('"%s" are working days', (text, days) => {
  expect(readDays(text)).toEqual(days)
})

test.each(['M', 'T', 'Someday', '0', '8', '12345', 'Mon-', '-Fri', 'Mon-Wed-Fri', 'full time', ',', '1.5e3'])(
  '"%s" are none',
  (text) => {
    expect(readDays(text)).toBeUndefined()
  },
)

test('said in words, and read from them again', () => {
  expect(daysInWords([1, 3, 7])).toBe('Mon, Wed, Sun')
  expect(readDays(daysInWords([2, 6])!)).toEqual([2, 6])
  expect(daysInWords(null)).toBeNull()
})
