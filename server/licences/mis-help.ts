/** What each MIS lets us do, as a school reads it before it buys. The table itself is mis/capabilities.ts. */
import { type MisHelp, pounds } from '../../shared/licences.ts'
import { phase } from '../../shared/sites.ts'
import type { App } from '../app.ts'
import { capabilitySources, misTable } from '../mis/capabilities.ts'
import { misPricePence } from '../sites/sites.ts'

/** Where our own papers are the source, a school reads what they say and not where. */
const ownWords: Record<string, string> = {
  contract: 'what we start with, until a test mark of the school shows otherwise',
}

export function misHelp({ supportEmail, supportUrl }: App['settings']): MisHelp {
  return {
    data: misTable.map(({ key: _key, ...row }) => row),
    sources: Object.entries(capabilitySources).map(([key, text]) => ({
      key,
      text: ownWords[key] ?? text.replace(/\s*\([^)]*\.md[^)]*\)/, ''),
    })),
    prices: phase.options.map((one) => ({
      ...{ phase: one, amount: pounds(misPricePence(one)), currency: 'GBP' as const },
    })),
    support: { email: supportEmail, url: supportUrl },
  }
}
