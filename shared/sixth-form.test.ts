import { expect, test } from 'vitest'
import { isSixthForm } from './sixth-form.ts'

test.each(['Year 12', 'Year 13', '12', '13', 'Yr14', 'Sixth form', 'Lower Sixth', 'L6', 'U6 Arts'])(
  '%s is',
  (name) => {
    expect(isSixthForm(name)).toBe(true)
  },
)
test.each([null, '', 'Year 1', 'Year 2', 'Year 11', 'Reception', '120', '6', 'Year 6', 'Nursery', '2012'])(
  '%s is not',
  (name) => {
    expect(isSixthForm(name)).toBe(false)
  },
)
