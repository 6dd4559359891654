import { z } from 'zod'
import * as wire from '../../shared/reports.ts'
import { pageOf } from '../../shared/values.ts'
import type { App } from '../app.ts'
import { audit } from '../core/audit.ts'
import { actorKey } from '../core/http/actor.ts'
import { type Call, type Router, route } from '../core/http/route.ts'
import { getSite, todayAt } from '../sites/sites.ts'
import { csvOf, type FileOptions, xlsxOf } from './files.ts'
import { earlyRows, lateRows, markRows, rangeOf, sixthFormRows, totalsOf } from './reports.ts'

const tag = 'Reports'
const access = 'attendance.read'
const method = 'GET'

type Words = {
  from?: string | undefined
  to?: string | undefined
  limit?: number
  cursor?: string | undefined
}
/** The filters of a query without the words about paging. */
function asked<Q extends Words & { limit: number }>({ limit, cursor, ...filter }: Q) {
  return { paging: { limit, cursor }, filter }
}

const kinds = [
  { report: 'late-arrivals', what: 'Late arrivals', row: wire.lateRow, read: lateRows },
  { report: 'early-leaves', what: 'Early leaves', row: wire.earlyRow, read: earlyRows },
  {
    report: 'sixth-form',
    what: 'Comings and goings of the sixth form',
    row: wire.sixthFormRow,
    read: sixthFormRows,
  },
] as const

export function reportRoutes(app: App, router: Router): void {
  const path = '/sites/:site/reports'
  for (const { report, what, row, read } of kinds) {
    route(router, {
      ...{ method, access, tag, path: `${path}/${report}` },
      summary: `${what} of a range of days, newest first`,
      query: wire.movementReportQuery,
      reply: pageOf(row as z.ZodType),
      handle: ({ siteId, query }) => read(app, siteId, asked(query)),
    })
    route(router, {
      ...{ method, access, tag, path: `${path}/${report}/totals` },
      summary: `${what} of a range of days: how many, by day, group, reason and pupil`,
      query: wire.movementTotalsQuery,
      reply: wire.reportTotals,
      handle: ({ siteId, query }) => totalsOf(app, siteId, report, query),
    })
    route(router, {
      ...{ method, access, tag, path: `${path}/${report}/file` },
      summary: `${what} of a range of days as CSV or XLSX`,
      query: wire.movementFileQuery,
      reply: z.any(),
      handle: (call) =>
        file(app, call, report, (filter, paging) => read(app, call.siteId, { filter, paging })),
    })
  }
  route(router, {
    ...{ method, access, tag, path: `${path}/marks` },
    summary: 'Marks of a range of days and what became of them, newest first',
    query: wire.markReportQuery,
    reply: pageOf(wire.markRow),
    handle: ({ siteId, query }) => markRows(app, siteId, asked(query)),
  })
  route(router, {
    ...{ method, access, tag, path: `${path}/marks/totals` },
    summary: 'Marks of a range of days: how many, by what became of them, day, group, reason and pupil',
    query: wire.markTotalsQuery,
    reply: wire.reportTotals,
    handle: ({ siteId, query }) => totalsOf(app, siteId, 'marks', query),
  })
  route(router, {
    ...{ method, access, tag, path: `${path}/marks/file` },
    summary: 'Marks of a range of days as CSV or XLSX',
    query: wire.markFileQuery,
    reply: z.any(),
    handle: (call) =>
      file(app, call, 'marks', (filter, paging) => markRows(app, call.siteId, { filter, paging })),
  })
}

const pageOfFile = 2000
const types = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}

type FileQuery = wire.ReportFilter & { format: 'csv' | 'xlsx'; reasons: 'true' | 'false' }
type ReadPage = (
  filter: wire.ReportFilter,
  paging: { limit: number; cursor: string | undefined },
) => ReturnType<FileOptions['read']>

/** The file, and a line of the audit log that says who took what out. */
async function file(app: App, call: Call<FileQuery, undefined>, report: wire.Report, read: ReadPage) {
  const { format, reasons, ...given } = call.query
  const { siteId, reply } = call
  const site = await app.db.read(siteId, (db) => getSite(db, siteId))
  const now = app.clock.now()
  const range = rangeOf(given, todayAt(site, now))
  const filter = { ...given, ...range }
  // Before the answer begins: a filter that cannot be is told as one.
  await read(filter, { limit: 1, cursor: undefined })
  await app.db.write(siteId, (tx) =>
    audit(tx, {
      ...{ at: now, actor: actorKey(call.actor), action: 'report.file', subject: report },
      detail: { ...filter, format, reasons: reasons === 'true' },
    }),
  )
  void reply
    .type(types[format])
    .header(
      'content-disposition',
      `attachment; filename="${report} ${range.from}${range.to === range.from ? '' : ` to ${range.to}`}.${format}"`,
    )
    .header('cache-control', 'no-store')
  const options: FileOptions = {
    ...{ report, timeZone: site.time_zone, reasons: reasons === 'true' },
    read: (cursor) => read(filter, { limit: pageOfFile, cursor }),
  }
  return format === 'csv' ? csvOf(options) : xlsxOf(options)
}
