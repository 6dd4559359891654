/** What each MIS lets us do, as a school reads it before it buys. The table itself is mis/capabilities.ts. */
import type { Compatibility } from '../../shared/licences.ts'
import { capabilitySources, misTable } from '../mis/capabilities.ts'

/** Where our own papers are the source, a school reads what they say and not where. */
const ownWords: Record<string, string> = {
  contract: 'what we start with, until a test mark of the school shows otherwise',
}

export function compatibility(): Compatibility {
  return {
    data: misTable.map(({ key: _key, ...row }) => row),
    sources: Object.entries(capabilitySources).map(([key, text]) => ({
      key,
      text: ownWords[key] ?? text.replace(/\s*\([^)]*\.md[^)]*\)/, ''),
    })),
  }
}
