import { expect, test } from 'vitest'
import { measure, percentile, tableOf } from './table.ts'

test.each([
  [50, [3, 1, 2], 2],
  [99, [1, 2, 3, 4], 4],
  [0, [5, 6], 5],
  [100, [5, 6], 6],
])('the %s th percentile', (p, values, wanted) => expect(percentile(values, p)).toBe(wanted))

test('a target that is missed is said', () => {
  const one = measure({
    ...{ name: 'import', value: 3, unit: 's', floor: 1.5, target: '≤ 1.5 ×' },
    holds: (_, ratio) => ratio! <= 1.5,
  })
  expect(one).toMatchObject({ ratio: 2, met: false })
  expect(tableOf([one])).toContain('2.00 ×  ≤ 1.5 ×  NOT MET')
})
