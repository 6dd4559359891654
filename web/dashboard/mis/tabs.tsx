/** The pages about the MIS, and what they have in common. */
import type { ImportRun, KindCounts } from '../../../shared/mis.ts'
import { Tabs } from '../tabs.tsx'

export const MisTabs = () => (
  <Tabs
    label="MIS"
    items={[
      { to: '/sites/$site/mis', label: 'Link' },
      { to: '/sites/$site/mis/people', label: 'Who comes across' },
      { to: '/sites/$site/mis/imports', label: 'Import history' },
      { to: '/sites/$site/mis/settings', label: 'Settings' },
      { to: '/sites/$site/mis/licence', label: 'Licence' },
    ]}
  />
)

const columns: [keyof KindCounts, string][] = [
  ['joiners', 'Joined'],
  ['changed', 'Changed'],
  ['returned', 'Came back'],
  ['leavers', 'Left'],
  ['mayMatch', 'May match'],
  ['problems', 'Problems'],
  ['excluded', 'Kept out'],
  ['unchanged', 'Unchanged'],
]

export function CountsTable({ counts }: { counts: ImportRun['counts'] }) {
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label="Counts">
      <table className="table num">
        <thead>
          <tr>
            <th>
              <span className="hidden">Who</span>
            </th>
            {columns.map(([key, label]) => (
              <th key={key} className="right">
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {(['students', 'employees'] as const).map((kind) => (
            <tr key={kind}>
              <th scope="row">{kind === 'students' ? 'Pupils' : 'Staff'}</th>
              {columns.map(([key]) => (
                <td key={key} className={counts[kind][key] === 0 ? 'right zero' : 'right m'}>
                  {counts[kind][key].toLocaleString('en-GB')}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

export const triggerWords: Record<ImportRun['trigger'], string> = {
  manual: 'By hand',
  nightly: 'Nightly',
  api: 'By a program',
}
export const isLive = (run: ImportRun | undefined) => run?.state === 'queued' || run?.state === 'running'

/** Who leaves is the MIS's word, and is put right there: said where an import shows leavers or was stopped by them. */
export function LeaversHint({ run }: { run: ImportRun }) {
  const left = run.counts.students.leavers + run.counts.employees.leavers
  if (left === 0 && run.cause?.code !== 'import.brake') return null
  return (
    <p className="q">
      Who has left is decided in the MIS: a pupil by a leaving date or by being off the roll, a member of
      staff by an end date and no longer being active. If somebody stands here wrongly, put that right in the
      MIS and import again.
    </p>
  )
}
