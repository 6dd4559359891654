/** Every reading of the server, with the key under which the live stream makes it stale (live.ts). */
import { QueryClient, queryOptions } from '@tanstack/react-query'
import type { Me } from '../../shared/accounts.ts'
import type {
  AttendanceCode,
  AttendanceSettings,
  MarksEmail,
  Movement,
  Reason,
  ReasonType,
  WriteBack,
} from '../../shared/attendance.ts'
import type { Kiosk, KioskProblem } from '../../shared/kiosks.ts'
import type { Connection, ImportChange, ImportRun, MisPerson, PersonKind } from '../../shared/mis.ts'
import type { Person, PersonHistory } from '../../shared/people.ts'
import type { Closure, DayException, SchoolDay, Site } from '../../shared/sites.ts'
import { api, everyPage, Fault, type Page, setCsrfToken } from '../api.ts'
import type { NeedsYouRow, Today } from './wire.ts'

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      refetchOnWindowFocus: true,
      retry: (failures, error) => failures < 2 && !(error instanceof Fault && error.status < 500),
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
})

/** Null: nobody is logged in. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  staleTime: Number.POSITIVE_INFINITY,
  queryFn: async (): Promise<Me | null> => {
    try {
      const me = await api.get<Me>('/me')
      setCsrfToken(me.csrfToken)
      return me
    } catch (error) {
      if (error instanceof Fault && error.status === 401) return null
      throw error
    }
  },
})

/** Whether the first set-up is still to be done, and whether the key of the link fits. */
export const setUpQuery = (key: string) =>
  queryOptions({
    queryKey: ['set-up', key],
    queryFn: () => api.get<{ needed: boolean; valid: boolean }>('/set-up', { key }),
    retry: false,
  })

export function loggedIn(me: Me): void {
  setCsrfToken(me.csrfToken)
  queryClient.setQueryData(meQuery.queryKey, me)
}

export const siteKey = (site: string, ...rest: unknown[]) => ['site', site, ...rest]
const at = (site: string) => `/sites/${site}`

async function orNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof Fault && error.status === 404) return null
    throw error
  }
}
const rows = async <T>(reading: Promise<{ data: T[] }>): Promise<T[]> => (await reading).data

export const siteQuery = (site: string) =>
  queryOptions({ queryKey: siteKey(site, 'site'), queryFn: () => api.get<Site>(at(site)) })
export const todayQuery = (site: string) =>
  queryOptions({
    queryKey: siteKey(site, 'today'),
    queryFn: () => api.get<Today>(`${at(site)}/today`),
    refetchInterval: 60_000,
  })
export const needsYouQuery = (site: string) =>
  queryOptions({
    queryKey: siteKey(site, 'needs-you'),
    queryFn: () => rows(api.get<{ data: NeedsYouRow[] }>(`${at(site)}/needs-you`)),
  })
export const movementQuery = (site: string, id: string) =>
  queryOptions({
    queryKey: siteKey(site, 'movements', 'one', id),
    queryFn: () => api.get<Movement>(`${at(site)}/movements/${id}`),
  })
export const movementsOfPerson = (site: string, person: string) =>
  queryOptions({
    queryKey: siteKey(site, 'movements', person),
    queryFn: () => rows(api.get<Page<Movement>>(`${at(site)}/movements`, { person, limit: 50 })),
  })

export const connectionQuery = (site: string) =>
  queryOptions({
    queryKey: siteKey(site, 'mis', 'connection'),
    queryFn: () => orNull(api.get<Connection>(`${at(site)}/mis/connection`)),
  })
export const scheduleQuery = (site: string) =>
  queryOptions({
    queryKey: siteKey(site, 'mis', 'schedule'),
    queryFn: () => api.get<{ at: string }>(`${at(site)}/mis/schedule`),
  })
const live = (run: ImportRun | undefined) => run?.state === 'queued' || run?.state === 'running'
export const importsQuery = (site: string) =>
  queryOptions({
    queryKey: siteKey(site, 'imports', 'list'),
    queryFn: () => rows(api.get<Page<ImportRun>>(`${at(site)}/mis/imports`, { limit: 100 })),
    refetchInterval: (query) => (live(query.state.data?.[0]) ? 1000 : false),
  })
export const importQuery = (site: string, run: string) =>
  queryOptions({
    queryKey: siteKey(site, 'imports', run),
    queryFn: () => api.get<ImportRun>(`${at(site)}/mis/imports/${run}`),
    refetchInterval: (query) => (live(query.state.data) ? 1000 : false),
  })
export const markQuery = (site: string, id: string) =>
  queryOptions({
    queryKey: siteKey(site, 'movements', 'mark', id),
    queryFn: () => api.get<WriteBack>(`${at(site)}/write-backs/${id}`),
  })
export const changesQuery = (site: string, run: string) =>
  queryOptions({
    queryKey: siteKey(site, 'imports', run, 'changes'),
    queryFn: () => everyPage<ImportChange>(`${at(site)}/mis/imports/${run}/changes`),
  })
export const misPeopleQuery = (site: string, kind: PersonKind) =>
  queryOptions({
    queryKey: siteKey(site, 'mis-people', kind),
    queryFn: () => everyPage<MisPerson>(`${at(site)}/mis/people`, { kind }),
  })

const listOf: Record<PersonKind, string> = { student: 'students', employee: 'employees' }
/** Everybody of a kind and state: one school's list is short enough to search in the browser, key by key. */
export const peopleQuery = (site: string, kind: PersonKind, state: 'active' | 'archived') =>
  queryOptions({
    queryKey: siteKey(site, 'people', kind, state),
    queryFn: () => everyPage<Person>(`${at(site)}/${listOf[kind]}`, { state }),
  })
export const personQuery = (site: string, kind: PersonKind, id: string) =>
  queryOptions({
    queryKey: siteKey(site, 'people', kind, 'one', id),
    queryFn: () => api.get<Person & { dateOfBirth?: string | null }>(`${at(site)}/${listOf[kind]}/${id}`),
  })
/** Of this kind in any state, for where two records may be one person. */
export const findPeopleQuery = (site: string, kind: PersonKind, q: string) =>
  queryOptions({
    queryKey: siteKey(site, 'people', kind, 'find', q),
    enabled: q.length > 0,
    queryFn: () => rows(api.get<Page<Person>>(`${at(site)}/${listOf[kind]}`, { q, limit: 12 })),
  })
export const personHistoryQuery = (site: string, kind: PersonKind, id: string) =>
  queryOptions({
    queryKey: siteKey(site, 'people', kind, 'history', id),
    queryFn: () => api.get<PersonHistory>(`${at(site)}/${listOf[kind]}/${id}/history`),
  })

export const codesQuery = (site: string) =>
  queryOptions({
    queryKey: siteKey(site, 'codes'),
    staleTime: 300_000,
    queryFn: () => rows(api.get<{ data: AttendanceCode[] }>(`${at(site)}/attendance-codes`)),
  })
export const attendanceSettingsQuery = (site: string) =>
  queryOptions({
    queryKey: siteKey(site, 'settings', 'attendance'),
    queryFn: () => api.get<AttendanceSettings>(`${at(site)}/attendance-settings`),
  })
export const marksEmailQuery = (site: string) =>
  queryOptions({
    queryKey: siteKey(site, 'settings', 'marks-email'),
    queryFn: () => api.get<MarksEmail>(`${at(site)}/marks-email`),
  })
export const reasonsQuery = (site: string, type: ReasonType) =>
  queryOptions({
    queryKey: siteKey(site, 'reasons', type),
    queryFn: () => everyPage<Reason>(`${at(site)}/reasons`, { type }),
  })
export const archivedReasonsQuery = (site: string) =>
  queryOptions({
    queryKey: siteKey(site, 'reasons', 'archived'),
    queryFn: () => everyPage<Reason>(`${at(site)}/reasons`, { archived: true }),
  })
export const schoolDayQuery = (site: string) =>
  queryOptions({
    queryKey: siteKey(site, 'settings', 'school-day'),
    queryFn: () => api.get<SchoolDay>(`${at(site)}/school-day`),
  })
export const dayExceptionsQuery = (site: string) =>
  queryOptions({
    queryKey: siteKey(site, 'settings', 'day-exceptions'),
    queryFn: () => rows(api.get<{ data: DayException[] }>(`${at(site)}/school-day/exceptions`)),
  })
export const closuresQuery = (site: string) =>
  queryOptions({
    queryKey: siteKey(site, 'settings', 'closures'),
    queryFn: () => rows(api.get<{ data: Closure[] }>(`${at(site)}/closures`)),
  })
export const kiosksQuery = (site: string) =>
  queryOptions({
    queryKey: siteKey(site, 'kiosks', 'all'),
    queryFn: () => rows(api.get<{ data: Kiosk[] }>(`${at(site)}/kiosks`)),
  })
export const kioskProblemsQuery = (site: string) =>
  queryOptions({
    queryKey: siteKey(site, 'kiosks', 'problems'),
    queryFn: () => rows(api.get<{ data: KioskProblem[] }>(`${at(site)}/kiosk-problems?state=open&limit=100`)),
  })
