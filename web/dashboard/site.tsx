/** The site a page is of: its name and zone, what the person may do, and whether the page is live. */
import { useQuery } from '@tanstack/react-query'
import { createContext, useContext } from 'react'
import type { Me, Permission } from '../../shared/accounts.ts'
import type { Site } from '../../shared/sites.ts'
import type { LiveState } from './live.ts'
import { codesQuery, todayQuery } from './queries.ts'

export type SiteValue = {
  id: string
  site: Site
  zone: string
  path: string
  me: Me
  live: LiveState
  can: (permission: Permission) => boolean
}

export const SiteContext = createContext<SiteValue | null>(null)

export function useSite(): SiteValue {
  const value = useContext(SiteContext)
  if (value === null) throw new Error('useSite outside of a site')
  return value
}

/** What the school's MIS is called: "SIMS", or "the MIS" while there is none. */
export function useMisName(): string {
  const { id } = useSite()
  return useQuery(todayQuery(id)).data?.connection?.mis ?? 'the MIS'
}

/** What a code letter means in this school's own list. */
export function useCodeMeaning(): (code: string) => string | undefined {
  const { id } = useSite()
  const codes = useQuery(codesQuery(id)).data
  return (code) => codes?.find((known) => known.code === code)?.description
}
