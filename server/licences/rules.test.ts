import { expect, test } from 'vitest'
import { pounds } from '../../shared/licences.ts'
import { licenceEndsOn, licenceOf, type Term } from '../sites/rules.ts'
import { choiceOn, orderNumber, priceOn, reminderOn, termFrom } from './rules.ts'

const term = (startsOn: string, confirmed = true): Term => ({
  startsOn,
  endsOn: licenceEndsOn(startsOn),
  confirmed,
})

test.each([
  ['2026-09-01', '2027-08-31', 'the school year'],
  ['2026-01-01', '2026-12-31', 'the calendar year'],
  ['2027-03-01', '2028-02-29', 'ends on a leap day'],
  ['2027-02-28', '2028-02-27', 'begins the day before there was no leap day'],
  ['2028-02-29', '2029-02-27', 'begins on a leap day: twelve months after is 28 February'],
  ['2028-02-28', '2029-02-27', 'the day before a leap day'],
  ['2028-03-01', '2029-02-28', 'the day after a leap day'],
  ['2026-10-25', '2027-10-24', 'clocks change'],
])('an agreement from %s ends on %s: %s', (startsOn, endsOn) => {
  expect(licenceEndsOn(startsOn)).toBe(endsOn)
})

test.each<[string, Term[], string, string | null]>([
  ['nothing', [], '2026-11-26', 'none null'],
  ['the day before', [term('2026-12-01')], '2026-11-30', 'ordered 2026-12-01'],
  ['the first day', [term('2026-12-01')], '2026-12-01', 'active 2026-12-01'],
  ['the last day', [term('2026-12-01')], '2027-11-30', 'active 2026-12-01'],
  ['the day after', [term('2026-12-01')], '2027-12-01', 'lapsed 2026-12-01'],
  ['an order that waits', [term('2026-12-01', false)], '2026-11-30', 'ordered 2026-12-01'],
  ['an order that waits past its day', [term('2026-12-01', false)], '2026-12-05', 'ordered 2026-12-01'],
  ['a renewal is bought', [term('2026-12-01'), term('2027-12-01')], '2027-11-30', 'active 2026-12-01'],
  ['the renewal begins', [term('2026-12-01'), term('2027-12-01')], '2027-12-01', 'active 2027-12-01'],
  ['a renewal waits', [term('2026-12-01'), term('2027-12-01', false)], '2027-11-30', 'active 2026-12-01'],
  ['it waits too long', [term('2026-12-01'), term('2027-12-01', false)], '2027-12-01', 'ordered 2027-12-01'],
  ['a gap', [term('2025-01-01'), term('2027-01-01')], '2026-06-01', 'ordered 2027-01-01'],
  ['the last day of a leap term', [term('2028-02-29')], '2029-02-27', 'active 2028-02-29'],
  ['the day after a leap term', [term('2028-02-29')], '2029-02-28', 'lapsed 2028-02-29'],
])('%s', (_, mis_terms, today, wanted) => {
  const { misIntegration } = licenceOf({ edition: 'education', phase: 'primary', mis_terms }, today)
  expect(`${misIntegration.state} ${misIntegration.startsOn}`).toBe(wanted)
})

test('an edition other than education has no MIS integration, whatever was bought', () => {
  const site = { edition: 'care', phase: 'primary', mis_terms: [term('2026-12-01')] } as const
  expect(licenceOf(site, '2026-12-02').misIntegration).toMatchObject({ state: 'none', startsOn: null })
})

test.each([
  ['primary', '2026-11-26', '120.00 24.00 144.00'],
  ['secondary', '2026-11-26', '180.00 36.00 216.00'],
  ['all-through', '2026-11-26', '180.00 36.00 216.00'],
  ['primary', '2011-01-04', '120.00 24.00 144.00'],
  ['primary', '2011-01-03', '120.00 21.00 141.00'],
] as const)('%s on %s: net, VAT and total', (phase, today, wanted) => {
  const { net, vat, total } = priceOn(phase, today)
  expect([net, vat, total].map(pounds).join(' ')).toBe(wanted)
})

test.each([
  [0, '0.00'],
  [5, '0.05'],
  [120_00, '120.00'],
  [14_405, '144.05'],
])('%i pence are written £%s', (pence, text) => {
  expect(pounds(pence)).toBe(text)
})

const choice = (mis_terms: Term[], today: string, edition: 'education' | 'business' = 'education') => {
  const { refusal, renewal, earliestOn, latestOn } = choiceOn({ edition, mis_terms }, today)
  return `${renewal ? 'renewal' : 'new'} ${earliestOn} ${latestOn} ${refusal?.code ?? 'may'}`
}
test.each<[string, Term[], string, string]>([
  ['never bought', [], '2026-11-26', 'new 2026-11-26 2027-11-26 may'],
  ['never bought, a leap day', [], '2028-02-29', 'new 2028-02-29 2029-02-28 may'],
  ['runs', [term('2026-12-01')], '2026-12-01', 'renewal 2027-12-01 2027-12-01 may'],
  ['its last day', [term('2026-12-01')], '2027-11-30', 'renewal 2027-12-01 2027-12-01 may'],
  ['lapsed yesterday', [term('2026-12-01')], '2027-12-01', 'new 2027-12-01 2028-12-01 may'],
  ['a leap term runs', [term('2028-02-29')], '2028-06-01', 'renewal 2029-02-28 2029-02-28 may'],
  [
    'bought, not begun',
    [term('2026-12-01')],
    '2026-11-30',
    'renewal 2027-12-01 2027-12-01 licence.bought_ahead',
  ],
  [
    'an order waits',
    [term('2026-12-01', false)],
    '2026-11-30',
    'new 2026-11-30 2027-11-30 licence.order_open',
  ],
  [
    'renewed already',
    [term('2026-12-01'), term('2027-12-01')],
    '2027-01-01',
    'renewal 2028-12-01 2028-12-01 licence.bought_ahead',
  ],
])('what can be ordered: %s', (_, terms, today, wanted) => {
  expect(choice(terms, today)).toBe(wanted)
})
test('another edition can order nothing', () => {
  expect(choice([], '2026-11-26', 'business')).toContain('licence.wrong_edition')
})

test('confirmed late, a term begins on the day of its confirmation; in time, on the day ordered', () => {
  expect(termFrom('2026-12-01', '2026-11-26')).toEqual({ startsOn: '2026-12-01', endsOn: '2027-11-30' })
  expect(termFrom('2026-12-01', '2026-12-10')).toEqual({ startsOn: '2026-12-10', endsOn: '2027-12-09' })
})

test.each<[string, string, number | null, number | null]>([
  ['61 days left', '2027-07-01', null, null],
  ['60 days left', '2027-07-02', null, 60],
  ['60 days left, told', '2027-07-02', 60, null],
  ['31 days left, told', '2027-07-31', 60, null],
  ['30 days left', '2027-08-01', 60, 30],
  ['down since before the first reminder: only the nearest', '2027-08-15', null, 30],
  ['8 days left', '2027-08-23', 30, null],
  ['7 days left', '2027-08-24', 30, 7],
  ['the last day', '2027-08-31', 7, null],
  ['the day after', '2027-09-01', 7, 0],
  ['the day after, told', '2027-09-01', 0, null],
])('%s', (_, today, reminded, due) => {
  expect(reminderOn({ endsOn: '2027-08-31', reminded, followed: false }, today)?.due ?? null).toBe(due)
})
test('nobody is reminded of an end that is renewed, or long past', () => {
  expect(reminderOn({ endsOn: '2027-08-31', reminded: null, followed: true }, '2027-08-24')?.quiet).toBe(true)
  expect(reminderOn({ endsOn: '2027-08-31', reminded: null, followed: false }, '2027-09-08')?.quiet).toBe(
    true,
  )
  expect(reminderOn({ endsOn: '2027-08-31', reminded: null, followed: false }, '2027-09-07')?.quiet).toBe(
    false,
  )
})

test('an order’s number is the same for the same order, and read aloud without doubt', () => {
  const number = orderNumber('01999999-0000-7000-8000-0123456789ab', '2026-11-26T10:00:00Z')
  expect(number).toMatch(/^ERB-2026-[0-9A-HJKMNP-TV-Z]{6}$/)
  expect(orderNumber('01999999-0000-7000-8000-0123456789ab', '2026-12-26')).toBe(number)
})
