import { expect, test } from 'vitest'
import { newSchoolDay } from '../../../shared/sites.ts'
import { piecesOf, takesPresentAway } from './mark-bar.ts'

const flat = (type: 'late-arrival' | 'early-leave', code: string | null) => ({
  ...{ type, code, codesByTime: null, writeBack: code !== null },
})
const words = (pieces: ReturnType<typeof piecesOf>) => pieces.map(({ code, until }) => `${code} ${until}`)

test.each([
  ['L becomes U at the close', flat('late-arrival', 'L'), ['L 09:15', 'U null']],
  ['U is L before it', flat('late-arrival', 'U'), ['L 09:15', 'U null']],
  ['a flat code is written as mapped', flat('late-arrival', 'M'), ['M null']],
  ['leaving, a code is itself all day', flat('early-leave', 'M'), ['M null']],
  ['nothing is written', flat('late-arrival', null), []],
])('%s', (_name, reason, pieces) => {
  expect(words(piecesOf(reason, newSchoolDay))).toEqual(pieces)
})

test('codes by time are pieces without gaps, and only what arrives before the close is warned of', () => {
  const codesByTime = [
    { from: '00:00', code: 'L' },
    { from: '09:15', code: 'M' },
    { from: '13:00', code: 'L' },
  ]
  const reason = { type: 'late-arrival' as const, code: null, codesByTime, writeBack: true }
  expect(words(piecesOf(reason, newSchoolDay))).toEqual(['L 09:15', 'M null'])
  expect(takesPresentAway(reason, newSchoolDay)).toBe(false)
  expect(takesPresentAway(flat('late-arrival', 'M'), newSchoolDay)).toBe(true)
  expect(takesPresentAway(flat('early-leave', 'M'), newSchoolDay)).toBe(false)
})
