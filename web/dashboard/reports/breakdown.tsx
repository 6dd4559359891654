/** Where the rows of a report fall: by pupil, reason, group and day. A name narrows the report to it. */
import type { ReactNode } from 'react'
import { markWords, type ReportTotals } from '../../../shared/reports.ts'
import { longDay, shortDay } from '../../ui/time.ts'
import { count, number } from '../../ui/words.ts'
import type { Go, ReportSearch } from './reports.tsx'

type Line = { key: string; name: string; rows: number; more?: string; onChoose?: (() => void) | undefined }
const most = 8

export function Breakdown({ totals, search, go }: { totals: ReportTotals; search: ReportSearch; go: Go }) {
  const { byState, byStudent, byReason, byYearGroup, byRegGroup, byDay } = totals
  const often = byStudent.filter(({ rows }) => rows > 1)
  const groups = (lines: ReportTotals['byReason'], none: string, choose: (name: string) => void): Line[] =>
    lines.map(({ name, rows }) => ({
      ...{ key: name ?? '', name: name ?? none, rows },
      onChoose: name === null ? undefined : () => choose(name),
    }))
  return (
    <aside className="side report-side">
      {byState && (
        <Bars
          title="What became of them"
          lines={byState.map(({ state, rows }) => ({
            ...{ key: state, name: markWords[state], rows },
            onChoose: () => go({ state }),
          }))}
        />
      )}
      {search.person === undefined && (
        <Bars
          title="Most often"
          lines={often.map((row) => ({
            ...{ key: row.person, name: row.name, rows: row.rows },
            ...(row.minutesLate ? { more: count(row.minutesLate, 'minute') } : {}),
            onChoose: () => go({ person: row.person }),
          }))}
        />
      )}
      {search.reason === undefined && (
        <Bars title="By reason" lines={groups(byReason, 'No reason', (reason) => go({ reason }))} />
      )}
      {search.year === undefined && search.group === undefined && (
        <Bars title="By year" lines={groups(byYearGroup, 'No year', (year) => go({ year }))} />
      )}
      {search.group === undefined && (
        <Bars title="By group" lines={groups(byRegGroup, 'No group', (group) => go({ group }))} />
      )}
      {byDay.length > 1 && (
        <Bars
          title="By day"
          lines={byDay.map(({ date, rows }) => ({
            ...{ key: date, name: `${longDay(date).slice(0, 3)} ${shortDay(date)}`, rows },
            onChoose: () => go({ from: date, to: date }),
          }))}
          last
        />
      )}
    </aside>
  )
}

type BarsProps = { title: string; lines: Line[]; last?: boolean }

/** `last`: of a long list the end is shown and not the beginning. */
function Bars({ title, lines, last }: BarsProps): ReactNode {
  if (lines.length === 0) return null
  const longest = Math.max(...lines.map(({ rows }) => rows))
  const shown = last ? lines.slice(-most) : lines.slice(0, most)
  const left = lines.length - shown.length
  return (
    <section className="bars-of">
      <h2>{title}</h2>
      <ul>
        {shown.map(({ key, name, rows, more, onChoose }) => (
          <li key={key} className="bar-of">
            <span className="bar-fill" style={{ width: `${(rows / longest) * 100}%` }} aria-hidden />
            {onChoose ? (
              <button type="button" className="cut grow" onClick={onChoose} title={`Only ${name}`}>
                {name}
              </button>
            ) : (
              <span className="cut grow">{name}</span>
            )}
            <span className="num nw">
              {more && <span className="qq sm">{more} · </span>}
              {number(rows)}
            </span>
          </li>
        ))}
      </ul>
      {left > 0 && (
        <p className="qq sm">
          and {number(left)} {last ? 'days before' : 'more'}
        </p>
      )}
    </section>
  )
}
