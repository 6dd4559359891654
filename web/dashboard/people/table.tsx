/** The people of one page: a table, and at phone width rows of two lines. The name opens the record. */
import { Checkbox } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { PersonKind } from '../../../shared/mis.ts'
import type { Person } from '../../../shared/people.ts'
import { StatePill } from '../../ui/marks.tsx'
import { lastFirst } from '../../ui/words.ts'
import { useMisName, useSite } from '../site.tsx'
import { kinds, sourceLook } from './words.ts'

type TableProps = {
  kind: PersonKind
  rows: Person[]
  chosen: ReadonlySet<string>
  onChoose: (ids: string[], on: boolean) => void
}

export function PeopleTable({ kind, rows, chosen, onChoose }: TableProps) {
  const { can } = useSite()
  const mayChoose = can('people.write')
  const ids = rows.map(({ id }) => id)
  const some = ids.filter((id) => chosen.has(id)).length
  const heads = kind === 'student' ? ['Year', 'Group'] : ['Email', 'Phone', 'Vehicle']
  return (
    <table className={`table people ${kind}`}>
      <thead>
        <tr>
          {mayChoose && (
            <th className="people-box">
              <Checkbox
                size="sm"
                aria-label="Choose everybody on this page"
                checked={some === ids.length}
                indeterminate={some > 0 && some < ids.length}
                onChange={(event) => onChoose(ids, event.currentTarget.checked)}
              />
            </th>
          )}
          <th>Name</th>
          {heads.map((head) => (
            <th key={head}>{head}</th>
          ))}
          <th>Comes from</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((person) => (
          <Row
            key={person.id}
            kind={kind}
            person={person}
            chosen={chosen.has(person.id)}
            {...{ mayChoose, onChoose }}
          />
        ))}
      </tbody>
    </table>
  )
}

type RowProps = {
  kind: PersonKind
  person: Person
  chosen: boolean
  mayChoose: boolean
  onChoose: TableProps['onChoose']
}

function Row({ kind, person, chosen, mayChoose, onChoose }: RowProps) {
  const { id } = useSite()
  const mis = useMisName()
  const more =
    kind === 'student' ? [person.yearGroup, person.regGroup] : [person.email, person.phone, person.vehicle]
  return (
    <tr className={chosen ? 'chosen' : undefined}>
      {mayChoose && (
        <td className="people-box">
          <Checkbox
            size="sm"
            aria-label={`Choose ${person.name}`}
            checked={chosen}
            onChange={(event) => onChoose([person.id], event.currentTarget.checked)}
          />
        </td>
      )}
      <td className="people-name cut">
        <Link
          to={kinds[kind].record}
          params={{ site: id, person: person.id }}
          className="people-link"
          title={person.name}
        >
          {lastFirst(person)}
        </Link>
      </td>
      {more.map((text, i) => (
        <td key={i} className="q cut people-more" title={text ?? undefined}>
          {text}
        </td>
      ))}
      <td className="people-from">
        <StatePill look={sourceLook(person, mis)} />
      </td>
    </tr>
  )
}
