/** The rows of a report; at phone width each is two lines. The name opens the pupil's record. */
import { Link } from '@tanstack/react-router'
import type { Report } from '../../../shared/reports.ts'
import { CodeTile, StatePill } from '../../ui/marks.tsx'
import { markLooks } from '../../ui/states.ts'
import { clock, shortDay } from '../../ui/time.ts'
import { lastFirst } from '../../ui/words.ts'
import { useCodeMeaning, useSite } from '../site.tsx'
import type { ReportRow } from './queries.ts'

type TableProps = { report: Report; rows: ReportRow[]; oneDay: boolean }

export function ReportTable({ report, rows, oneDay }: TableProps) {
  const late = report === 'late-arrivals'
  const sixth = report === 'sixth-form'
  return (
    <table className={`table report ${report}`}>
      <thead>
        <tr>
          <th className="report-when">{oneDay ? 'Time' : 'When'}</th>
          <th>Pupil</th>
          <th className="report-group">Group</th>
          {!sixth && <th className="report-why">Reason</th>}
          {late && <th className="right report-min">Late</th>}
          <th className="report-marks">{sixth ? '' : 'Mark'}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row
            key={'writeBack' in row ? row.writeBack : row.movement}
            row={row}
            late={late}
            oneDay={oneDay}
          />
        ))}
      </tbody>
    </table>
  )
}

function Row({ row, late, oneDay }: { row: ReportRow; late: boolean; oneDay: boolean }) {
  const { id: site, zone, can } = useSite()
  const at = 'happenedAt' in row ? clock(row.happenedAt, zone) : clock(row.owedAt, zone)
  const marks = 'marks' in row ? row.marks : [{ id: row.writeBack, ...row }]
  const minutes = 'minutesLate' in row ? row.minutesLate : null
  return (
    <tr>
      <td className="report-when num nw">{oneDay ? at : `${shortDay(row.date)} ${at}`}</td>
      <td className="report-name">
        {can('people.read') ? (
          <Link
            className="report-link"
            to="/sites/$site/students/$person"
            params={{ site, person: row.person }}
          >
            {lastFirst(row)}
          </Link>
        ) : (
          lastFirst(row)
        )}
      </td>
      <td className="report-group q">{row.regGroup ?? row.yearGroup}</td>
      {!('direction' in row) && (
        <td className="report-why q">
          {row.reason}
          {'expectedBackAt' in row && row.expectedBackAt && (
            <span className="qq sm num"> back by {clock(row.expectedBackAt, zone)}</span>
          )}
        </td>
      )}
      {late && <td className="right num nw report-min">{minutes === null ? '' : `${minutes} min`}</td>}
      <td className="report-marks">
        {'direction' in row && (row.direction === 'in' ? 'In' : 'Out')}
        {marks.map((mark) => (
          <Mark key={mark.id} mark={mark} several={marks.length > 1 || 'writeBack' in row} />
        ))}
      </td>
    </tr>
  )
}

type MarkProps = {
  mark: {
    session: 'AM' | 'PM' | null
    code: string | null
    state: keyof typeof markLooks
  }
  several: boolean
}

function Mark({ mark, several }: MarkProps) {
  const meaning = useCodeMeaning()
  return (
    <span className="row report-mark">
      {several && <span className="q sm report-session">{mark.session}</span>}
      {mark.code && <CodeTile code={mark.code} meaning={meaning(mark.code)} size="little" />}
      <StatePill look={markLooks[mark.state]} about="Mark" />
    </span>
  )
}
