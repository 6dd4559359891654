/** What a site's licence allows (contract §3.1, product.md §2). Pure. */
import { Temporal } from 'temporal-polyfill'
import type { Edition, Licence, Phase } from '../../shared/sites.ts'

/** A year of MIS integration, without VAT: £120 for a primary, £180 for everything bigger. */
export function misPrice(phase: Phase): string {
  return phase === 'primary' ? '120.00' : '180.00'
}

/** The last day of an agreement of twelve months. */
export function licenceEndsOn(startsOn: string): string {
  return Temporal.PlainDate.from(startsOn).add({ months: 12 }).subtract({ days: 1 }).toString()
}

/** `today` is the site's own day. */
export function licenceOf(
  site: { edition: Edition; phase: Phase; mis_starts_on: string | null },
  today: string,
): Licence {
  const startsOn = site.edition === 'education' ? site.mis_starts_on : null
  const endsOn = startsOn === null ? null : licenceEndsOn(startsOn)
  const state =
    startsOn === null || endsOn === null
      ? 'none'
      : today < startsOn
        ? 'ordered'
        : today <= endsOn
          ? 'active'
          : 'lapsed'
  return {
    edition: site.edition,
    misIntegration: {
      state,
      startsOn,
      endsOn,
      price: { amount: misPrice(site.phase), currency: 'GBP', vat: 'excluded', months: 12 },
    },
  }
}
