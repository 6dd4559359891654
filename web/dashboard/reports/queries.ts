import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query'
import type {
  EarlyRow,
  LateRow,
  MarkRow,
  Report,
  ReportTotals,
  SixthFormRow,
} from '../../../shared/reports.ts'
import { api, type Page } from '../../api.ts'
import { siteKey } from '../queries.ts'

export type ReportRow = LateRow | EarlyRow | SixthFormRow | MarkRow
/** What is asked of a report, as the server takes it. */
export type Asked = { from: string; to: string } & Partial<
  Record<'yearGroup' | 'regGroup' | 'person' | 'reason' | 'state', string>
>

const path = (site: string, report: Report) => `/sites/${site}/reports/${report}`

export const reportQuery = (site: string, report: Report, asked: Asked) =>
  infiniteQueryOptions({
    queryKey: siteKey(site, 'reports', report, asked),
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam }) =>
      api.get<Page<ReportRow>>(path(site, report), { ...asked, limit: 100, cursor: pageParam }),
    getNextPageParam: (page) => page.meta.next ?? undefined,
  })
export const totalsQuery = (site: string, report: Report, asked: Asked) =>
  queryOptions({
    queryKey: siteKey(site, 'reports', report, 'totals', asked),
    queryFn: () => api.get<ReportTotals>(`${path(site, report)}/totals`, asked),
    placeholderData: keepPreviousData,
  })

export function fileAddress(
  site: string,
  report: Report,
  asked: Asked & { format: string; reasons: string },
) {
  return `/api/v1${path(site, report)}/file?${new URLSearchParams(asked).toString()}`
}
