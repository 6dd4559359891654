/** How the licence stands, in whole days of the site. */
import { dayOf } from '../../ui/time.ts'
import { useNow } from '../live.ts'
import { useSite } from '../site.tsx'

const noon = (day: string) => Date.parse(`${day}T12:00:00Z`)

/** Days from today to the end of the term; 0 on its last day, null without one. */
export function useDaysLeft(): number | null {
  const { site, zone } = useSite()
  const today = dayOf(useNow(), zone)
  const { endsOn } = site.licence.misIntegration
  return endsOn === null ? null : Math.round((noon(endsOn) - noon(today)) / 86_400_000)
}

/** "today", "tomorrow", "in 12 days" */
export function inDays(days: number): string {
  return days === 0 ? 'today' : days === 1 ? 'tomorrow' : `in ${days} days`
}
