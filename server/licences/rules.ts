/** What can be ordered, at what price, and when a school is reminded. Pure; days are the site's own. */
import { Temporal } from 'temporal-polyfill'
import { pounds, type PriceWithVat } from '../../shared/licences.ts'
import type { Edition, Phase } from '../../shared/sites.ts'
import { dayAfter, daysUntil, licenceEndsOn, misPricePence, type Term } from '../sites/rules.ts'

/** The standard rate of VAT in the United Kingdom, newest last, each with the day from which it holds. */
export const vatRates: readonly { since: string; permille: number }[] = [
  { since: '2010-01-01', permille: 175 },
  // Finance (No. 2) Act 2010, section 3
  { since: '2011-01-04', permille: 200 },
]

export type Pence = { net: number; vatPermille: number; vat: number; total: number }

/** The price of a term that is ordered on a day; VAT is rounded to the penny, half a penny up. */
export function priceOn(phase: Phase, today: string): Pence {
  const { permille } = rateOn(today)
  const net = misPricePence(phase)
  const vat = Math.floor((net * permille + 500) / 1000)
  return { net, vatPermille: permille, vat, total: net + vat }
}

function rateOn(today: string): (typeof vatRates)[number] {
  return vatRates.findLast(({ since }) => since <= today) ?? vatRates[0]!
}

export function presentPrice({ net, vatPermille, vat, total }: Pence): Omit<PriceWithVat, 'vatSince'> {
  return {
    net: pounds(net),
    vatPercent: vatPermille / 10,
    vat: pounds(vat),
    total: pounds(total),
    currency: 'GBP',
  }
}

export const vatSinceOn = (today: string) => rateOn(today).since

export type Refusal = { code: string; message: string }
export type Choice = {
  refusal: Refusal | null
  renewal: boolean
  earliestOn: string
  latestOn: string
}

/**
 * What a site can order today. While a term runs, or is bought and still to come, the order is a renewal and begins the
 * day after it ends; else the school chooses a day from today to a year ahead. One order or one term ahead is enough.
 */
export function choiceOn(site: { edition: Edition; mis_terms: readonly Term[] }, today: string): Choice {
  const confirmed = site.mis_terms.filter((term) => term.confirmed && today <= term.endsOn)
  const last = confirmed.toSorted((a, b) => (a.startsOn < b.startsOn ? -1 : 1)).at(-1)
  const begins = last === undefined ? today : dayAfter(last.endsOn)
  return {
    refusal: refusalOf(site, last, today),
    renewal: last !== undefined,
    earliestOn: begins,
    latestOn: last === undefined ? Temporal.PlainDate.from(today).add({ months: 12 }).toString() : begins,
  }
}

function refusalOf(
  site: { edition: Edition; mis_terms: readonly Term[] },
  last: Term | undefined,
  today: string,
): Refusal | null {
  if (site.edition !== 'education')
    return {
      code: 'licence.wrong_edition',
      message: 'MIS integration is an option of the Education edition. Ask us to change the edition first.',
    }
  if (site.mis_terms.some((term) => !term.confirmed))
    return {
      code: 'licence.order_open',
      message: 'An order is waiting to be confirmed. Cancel it first if another is wanted.',
    }
  if (last !== undefined && last.startsOn > today)
    return {
      code: 'licence.bought_ahead',
      message: `A term is bought already; it begins on ${last.startsOn}. The next can be ordered once that one runs.`,
    }
  return null
}

/** The term that an order gives: by the school's choice, and never before the day on which it is confirmed. */
export function termFrom(startsOn: string, today: string): { startsOn: string; endsOn: string } {
  const begins = startsOn < today ? today : startsOn
  return { startsOn: begins, endsOn: licenceEndsOn(begins) }
}

/** Days before the end on which a school is reminded, each once. */
export const remindAt = [60, 30, 7] as const
/** An end that is longer past is no news. */
const newsForDays = 7

/**
 * Which reminder is due for a term: days left as in `remindAt`, 0 when it has ended, null for none. One that was missed
 * is not made up for: the nearest to the end counts. `quiet`: only to be noted, not told.
 */
export function reminderOn(
  term: { endsOn: string; reminded: number | null; followed: boolean },
  today: string,
): { due: number; quiet: boolean } | null {
  const left = daysUntil(today, term.endsOn)
  const due = left < 0 ? 0 : (remindAt.findLast((days) => left <= days) ?? null)
  if (due === null || (term.reminded !== null && term.reminded <= due)) return null
  return { due, quiet: term.followed || left < -newsForDays }
}

/** Read aloud and typed in letters: no I, L, O, U. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** What both sides call an order; from its id, so that it is the same wherever it is shown. */
export function orderNumber(id: string, orderedOn: string): string {
  const bits = BigInt(`0x${id.replaceAll('-', '').slice(-8)}`)
  const text = [25n, 20n, 15n, 10n, 5n, 0n].map((shift) => letters[Number((bits >> shift) & 31n)]).join('')
  return `ERB-${orderedOn.slice(0, 4)}-${text}`
}
