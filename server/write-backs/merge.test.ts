import { expect, test } from 'vitest'
import { standsBefore } from './merge.ts'

const at = (minute: number) => new Date(Date.UTC(2026, 10, 26, 9, minute))
const row = (
  state: Parameters<typeof standsBefore>[0][number]['state'],
  more: Partial<Parameters<typeof standsBefore>[0][number]> = {},
) => ({ state, sent_at: null, situation: 'A' as const, happened_at: at(10), n: 1, ...more })

const gone = row('confirmed', { sent_at: at(11), happened_at: at(30) })

test.each([
  ['what is in the register, however late', [gone], [row('held', { happened_at: at(1), n: 9 })]],
  ['what is on its way', [row('sending', { happened_at: at(30) })], [row('waiting')]],
  ['of two arrivals the earlier', [row('held', { happened_at: at(5) })], [row('held', { n: 9 })]],
  ['of two at one time the newer', [row('held', { n: 2 })], [row('held')]],
  ['of two that are in the register the earlier arrival', [row('sent', { sent_at: at(20) })], [gone]],
  [
    'of a leave and an arrival the newer, whenever it happened',
    [row('held', { situation: 'C', happened_at: at(50), n: 2 })],
    [row('held', { happened_at: at(1) })],
  ],
  [
    'what was not refused',
    [row('sent', { sent_at: at(9), happened_at: at(30) })],
    [row('refused', { sent_at: at(8) })],
  ],
])('%s stands, whichever record is asked first', (_what, stands, givesWay) => {
  expect([standsBefore(stands, givesWay), standsBefore(givesWay, stands)]).toEqual([true, false])
})
