/** What a site's licence allows (contract §3.1, product.md §2). Pure. */
import { Temporal } from 'temporal-polyfill'
import { pounds } from '../../shared/licences.ts'
import type { Edition, Licence, Phase } from '../../shared/sites.ts'

/** Twelve months of MIS integration; not confirmed: an order that waits for the operator. Both days are in it. */
export type Term = { startsOn: string; endsOn: string; confirmed: boolean }

/** A year of MIS integration in pence, without VAT: £120 for a primary, £180 for everything bigger. */
export function misPricePence(phase: Phase): number {
  return phase === 'primary' ? 120_00 : 180_00
}

/**
 * The last day of an agreement of twelve months: twelve months after its start, less a day. Where that month has no
 * such day (29 February), its last day counts: from 29 February 2028 to 27 February 2029.
 */
export function licenceEndsOn(startsOn: string): string {
  return Temporal.PlainDate.from(startsOn).add({ months: 12 }).subtract({ days: 1 }).toString()
}

export function dayAfter(day: string): string {
  return Temporal.PlainDate.from(day).add({ days: 1 }).toString()
}

/** From one day to the other; negative when it is past. */
export function daysUntil(today: string, day: string): number {
  return Temporal.PlainDate.from(today).until(Temporal.PlainDate.from(day)).days
}

/** The term that says how a site stands today: the one that runs, else the next to come, else the last that ended. */
export function termOn(terms: readonly Term[], today: string): Term | null {
  const inOrder = terms.toSorted((a, b) => (a.startsOn < b.startsOn ? -1 : 1))
  const runs = inOrder.find((term) => term.confirmed && term.startsOn <= today && today <= term.endsOn)
  const comes = inOrder.find((term) => !term.confirmed || today < term.startsOn)
  return runs ?? comes ?? inOrder.at(-1) ?? null
}

function stateOn(term: Term | null, today: string): Licence['misIntegration']['state'] {
  if (term === null) return 'none'
  if (!term.confirmed || today < term.startsOn) return 'ordered'
  return today <= term.endsOn ? 'active' : 'lapsed'
}

/** `today` is the site's own day. */
export function licenceOf(
  site: { edition: Edition; phase: Phase; mis_terms: readonly Term[] },
  today: string,
): Licence {
  const term = site.edition === 'education' ? termOn(site.mis_terms, today) : null
  return {
    edition: site.edition,
    misIntegration: {
      state: stateOn(term, today),
      startsOn: term?.startsOn ?? null,
      endsOn: term?.endsOn ?? null,
      price: { amount: pounds(misPricePence(site.phase)), currency: 'GBP', vat: 'excluded', months: 12 },
    },
  }
}
