/** Reports: late arrivals, early leaves, and marks with their fate. What is asked stands in the address. */
import { Button, Menu, Switch } from '@mantine/core'
import { IconDownload, IconPrinter } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { WriteBackState } from '../../../shared/attendance.ts'
import { markWords, type Report, type ReportTotals } from '../../../shared/reports.ts'
import { Empty, Loading, PageHead, Problem, Seg } from '../../ui/page.tsx'
import { dayOf } from '../../ui/time.ts'
import { count, number } from '../../ui/words.ts'
import { useNow } from '../live.ts'
import { useMisName, useSite } from '../site.tsx'
import { Filters } from './filters.tsx'
import { type Asked, fileAddress, reportQuery, totalsQuery } from './queries.ts'
import { rangeInWords } from './ranges.ts'
import './reports.css'
import { Breakdown } from './breakdown.tsx'
import { ReportTable } from './table.tsx'

export type ReportSearch = {
  report?: string
  from?: string
  to?: string
  year?: string
  group?: string
  reason?: string
  person?: string
  state?: string
}
export type Go = (change: { [K in keyof ReportSearch]?: string | undefined }) => void

const reports: { value: Report; label: string; title: string }[] = [
  { value: 'late-arrivals', label: 'Late arrivals', title: 'Late arrivals' },
  { value: 'early-leaves', label: 'Leaving early', title: 'Leaving early' },
  { value: 'sixth-form', label: 'Sixth form', title: 'Sixth form in and out' },
  { value: 'marks', label: 'Marks', title: 'Marks and what became of them' },
]
/** More than this is for a file: nobody reads it on paper. */
const mostPrinted = 2000

export function ReportsPage() {
  const { id, site, zone } = useSite()
  const search: ReportSearch = useSearch({ from: '/sites/$site/reports' })
  const navigate = useNavigate({ from: '/sites/$site/reports' })
  const today = dayOf(useNow(), zone)
  const { value: report, title } = reports.find(({ value }) => value === search.report) ?? reports[0]!
  const asked = askedOf(search, report, today)
  const go: Go = (change) =>
    void navigate({ search: { ...search, ...change } as ReportSearch, replace: true })
  const list = useInfiniteQuery(reportQuery(id, report, asked))
  const totals = useQuery(totalsQuery(id, report, asked))
  const rows = list.data?.pages.flatMap((page) => page.data) ?? []
  async function print() {
    let more = list.hasNextPage
    for (let pages = 1; more && pages * 100 < mostPrinted; pages++)
      more = (await list.fetchNextPage()).hasNextPage
    requestAnimationFrame(() => window.print())
  }
  return (
    <>
      <PageHead
        title="Reports"
        lead={
          <>
            <span className="print-only">{title}, </span>
            {rangeInWords(asked)}
          </>
        }
        actions={
          <Actions report={report} asked={asked} onPrint={() => void print()} empty={rows.length === 0} />
        }
      />
      <div className="no-print report-kind">
        <Seg
          label="Which report"
          value={report}
          onChange={(value) =>
            go({ report: value === 'late-arrivals' ? undefined : value, reason: undefined, state: undefined })
          }
          items={reports.filter(({ value }) => value !== 'sixth-form' || site.phase !== 'primary')}
        />
      </div>
      <Filters report={report} search={search} days={asked} today={today} go={go} />
      {totals.data && totals.data.rows > 0 && <Sums report={report} totals={totals.data} />}
      {(list.error ?? totals.error) && (
        <Problem
          title="This report could not be read."
          error={list.error ?? totals.error}
          onRetry={() => void Promise.all([list.refetch(), totals.refetch()])}
        />
      )}
      {list.isPending && <Loading rows={10} />}
      {list.data && rows.length === 0 && <Nothing report={report} search={search} go={go} />}
      {rows.length > 0 && (
        <div className="cols report-cols">
          <div className="cols-main">
            <ReportTable report={report} rows={rows} oneDay={asked.from === asked.to} />
            <footer className="row between wrap report-foot num">
              <span className="q">
                {number(rows.length)} of {number(totals.data?.rows ?? rows.length)}
                {list.hasNextPage && <span className="print-only">. The file has them all.</span>}
              </span>
              {list.hasNextPage && (
                <Button
                  className="no-print"
                  variant="default"
                  loading={list.isFetchingNextPage}
                  onClick={() => void list.fetchNextPage()}
                >
                  Show 100 more
                </Button>
              )}
            </footer>
          </div>
          {totals.data && <Breakdown totals={totals.data} search={search} go={go} />}
        </div>
      )}
    </>
  )
}

const given = <T extends Record<string, string | undefined>>(values: T) =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))

const isDay = (text: string | undefined): text is string => /^\d{4}-\d\d-\d\d$/.test(text ?? '')

function askedOf(search: ReportSearch, report: Report, today: string): Asked {
  const from = isDay(search.from) ? search.from : today
  const to = isDay(search.to) ? search.to : today
  return {
    ...{ from, to: to < from ? from : to },
    ...given({
      yearGroup: search.year,
      regGroup: search.group,
      person: search.person,
      reason: search.reason,
      state:
        report === 'marks' && search.state && Object.hasOwn(markWords, search.state)
          ? search.state
          : undefined,
    }),
  }
}

type ActionsProps = { report: Report; asked: Asked; empty: boolean; onPrint: () => void }

function Actions({ report, asked, empty, onPrint }: ActionsProps) {
  const { id } = useSite()
  const [reasons, setReasons] = useState(false)
  const file = (format: 'csv' | 'xlsx') =>
    fileAddress(id, report, { ...asked, format, reasons: String(reasons) })
  return (
    <>
      <Button variant="default" leftSection={<IconPrinter size={16} />} disabled={empty} onClick={onPrint}>
        Print
      </Button>
      <Menu position="bottom-end" closeOnItemClick={false}>
        <Menu.Target>
          <Button leftSection={<IconDownload size={16} />} disabled={empty}>
            Download
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item component="a" href={file('xlsx')} download>
            Excel workbook
          </Menu.Item>
          <Menu.Item component="a" href={file('csv')} download>
            CSV
          </Menu.Item>
          <Menu.Divider />
          <div className="report-with">
            <Switch
              label="With reasons"
              description="They can say something about a child’s health or family."
              checked={reasons}
              onChange={(event) => setReasons(event.currentTarget.checked)}
            />
          </div>
        </Menu.Dropdown>
      </Menu>
    </>
  )
}

const counted: Record<Report, string> = {
  'late-arrivals': 'Late arrivals',
  'early-leaves': 'Left early',
  'sixth-form': 'In and out',
  marks: 'Marks',
}

/** The three numbers that are asked for first. */
function Sums({ report, totals }: { report: Report; totals: ReportTotals }) {
  const mis = useMisName()
  const { rows, students, minutesLate, beforeClose, afterClose } = totals
  const inState = (...states: WriteBackState[]) =>
    (totals.byState ?? [])
      .filter(({ state }) => states.includes(state))
      .reduce((sum, one) => sum + one.rows, 0)
  const most = totals.byStudent[0]
  const each = most && most.rows > 1 ? `${most.name} most often, ${number(most.rows)} times` : ''
  const days = count(totals.byDay.length, 'day')
  return (
    <dl className="band">
      <div>
        <dt>{counted[report]}</dt>
        <dd className="band-n">{number(rows)}</dd>
        <dd className="band-words">
          {report === 'late-arrivals'
            ? `${number(beforeClose ?? 0)} before the register closed, ${number(afterClose ?? 0)} after`
            : rows > 0 && `on ${days}`}
        </dd>
      </div>
      <div>
        <dt>Pupils</dt>
        <dd className="band-n">{number(students)}</dd>
        <dd className="band-words">{each}</dd>
      </div>
      {report === 'late-arrivals' && (
        <div>
          <dt>Minutes late</dt>
          <dd className="band-n">{number(minutesLate ?? 0)}</dd>
          <dd className="band-words">
            {rows > 0 && `${number(Math.round((minutesLate ?? 0) / rows))} each time, on average`}
          </dd>
        </div>
      )}
      {report === 'marks' && (
        <div>
          <dt>In {mis}</dt>
          <dd className="band-n">{number(inState('confirmed'))}</dd>
          <dd className="band-words">
            {number(inState('waiting', 'sending', 'sent'))} on their way,{' '}
            {number(inState('unconfirmed', 'refused', 'conflict', 'held'))} need somebody
          </dd>
        </div>
      )}
    </dl>
  )
}

const none: Record<Report, string> = {
  'late-arrivals': 'Nobody came late',
  'early-leaves': 'Nobody left early',
  'sixth-form': 'No sixth former came or went',
  marks: 'No marks',
}

function Nothing({ report, search, go }: { report: Report; search: ReportSearch; go: Go }) {
  const narrow = search.year ?? search.group ?? search.reason ?? search.person ?? search.state
  const clear = { year: undefined, group: undefined, reason: undefined, person: undefined, state: undefined }
  return (
    <Empty
      title={`${none[report]} in these days`}
      action={
        narrow && (
          <Button variant="default" onClick={() => go(clear)}>
            Clear the filters
          </Button>
        )
      }
    >
      {narrow
        ? 'Nobody like this; others may have.'
        : 'Choose a longer time, such as this week or this month.'}
    </Empty>
  )
}
