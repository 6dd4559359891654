/** What each MIS lets us read and write, with footnotes; to be read before buying. */
import type { MisHelp } from '../../../shared/licences.ts'
import { StatePill } from '../../ui/marks.tsx'
import { proofLooks } from '../../ui/states.ts'

const columns = [
  ['read', 'Read people'],
  ['sessionMark', 'Write a mark'],
  ['minutesLate', 'Write minutes late'],
  ['comment', 'Write a comment'],
] as const

/** `ours`: the MIS of this school, in small letters. */
export function MisTable({ table, ours }: { table: MisHelp; ours?: string | undefined }) {
  const notes = table.data.filter(({ note }) => note !== '')
  return (
    <>
      <div className="scroll" tabIndex={0} role="group" aria-label="What each MIS takes">
        <table className="table">
          <thead>
            <tr>
              <th>MIS</th>
              {columns.map(([key, label]) => (
                <th key={key}>{label}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.data.map((row) => {
              const footnote = notes.indexOf(row) + 1
              return (
                <tr key={row.name}>
                  <th scope="row">
                    {row.name}
                    {footnote > 0 && (
                      <sup>
                        <a href={`#mis-note-${footnote}`} aria-label={`Note ${footnote}`}>
                          {footnote}
                        </a>
                      </sup>
                    )}
                    {row.name.toLowerCase() === ours && <span className="q"> yours</span>}
                  </th>
                  {columns.map(([key]) => (
                    <td key={key}>
                      <StatePill look={proofLooks[row[key].value]} />
                    </td>
                  ))}
                </tr>
              )
            })}
          </tbody>
        </table>
      </div>
      <ol className="notes sm">
        {notes.map((row, i) => (
          <li key={row.name} id={`mis-note-${i + 1}`}>
            <b>{row.name}.</b> {row.note}
          </li>
        ))}
      </ol>
      <Sources table={table} />
    </>
  )
}

function Sources({ table }: { table: MisHelp }) {
  return (
    <details className="sm">
      <summary>Where this is known from</summary>
      <p className="q">
        Nobody publishes such a table. These are statements of others, last read in{' '}
        {new Date(`${table.data[0]?.read.asOf}-01T12:00:00Z`).toLocaleDateString('en-GB', {
          month: 'long',
          year: 'numeric',
        })}
        .
      </p>
      <dl className="kv">
        {table.sources.map(({ key, text }) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd className="break">{text}</dd>
          </div>
        ))}
        {table.data.map((row) => (
          <div key={row.name}>
            <dt>{row.name}</dt>
            <dd>{columns.map(([column, label]) => `${label}: ${row[column].source}`).join('; ')}</dd>
          </div>
        ))}
      </dl>
    </details>
  )
}
