import { expect, test } from 'vitest'
import { standingOf } from './standing.ts'

const connection = {
  mis: 'SIMS',
  state: 'connected' as const,
  capabilities: { read: 'yes', sessionMark: 'yes', comment: 'yes', minutesLate: 'yes' } as const,
}
const fine = { licence: 'active' as const, connection, onTheirWay: 0 }

test('only where every mark can be there, and none is on its way, is it said that every mark is in the MIS', () => {
  expect(standingOf(fine).title).toBe('Every mark is in SIMS.')
  const others = [
    { ...fine, licence: 'none' as const },
    { ...fine, licence: 'ordered' as const },
    { ...fine, licence: 'lapsed' as const },
    { ...fine, connection: null },
    {
      ...fine,
      connection: { ...connection, capabilities: { ...connection.capabilities, sessionMark: 'no' as const } },
    },
    ...(['offline', 'unreachable', 'unauthorised', 'revoked'] as const).map((state) => ({
      ...fine,
      connection: { ...connection, state },
    })),
    { ...fine, onTheirWay: 1 },
  ]
  for (const known of others) {
    const { title, lead, words } = standingOf(known)
    expect(title).toBe('No mark needs you.')
    expect(words).not.toBe('')
    if (known.onTheirWay === 0) expect(lead).not.toContain('already in')
  }
})

test.each([
  [{ ...fine, licence: 'lapsed' as const }, 'MIS integration has ended, so none goes to SIMS.'],
  [{ ...fine, connection: null }, 'No MIS is linked, so none goes to the MIS.'],
  [
    { ...fine, connection: { ...connection, state: 'unreachable' as const }, onTheirWay: 3 },
    'SIMS isn’t answering. 3 marks wait here and go by themselves.',
  ],
  [{ ...fine, onTheirWay: 2 }, '2 marks on the way to SIMS, the others are there.'],
])('says why', (known, words) => {
  expect(standingOf(known).words).toContain(words)
})
