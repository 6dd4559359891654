/** What a list would do, or did: line by line, with the cause where a line is not taken as it is. */
import { Button } from '@mantine/core'
import { IconCheck, IconMinus, IconPencil, IconUserPlus, IconX } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { ListReply, ListRow } from '../../../shared/people.ts'
import { StatePill } from '../../ui/marks.tsx'
import { Empty, Seg } from '../../ui/page.tsx'
import type { Look } from '../../ui/states.ts'
import { count, listed, number } from '../../ui/words.ts'
import { useSite } from '../site.tsx'
import { Changes } from './history.tsx'

const looks: Record<ListRow['result'], Look> = {
  new: { word: 'New', tone: 'blue', icon: IconUserPlus },
  changed: { word: 'Changed', tone: 'violet', icon: IconPencil },
  unchanged: { word: 'As it is', tone: 'grey', icon: IconMinus },
  refused: { word: 'Not taken', tone: 'red', icon: IconX, fill: true },
}
const results = ['refused', 'new', 'changed', 'unchanged'] as const
type Shown = 'all' | ListRow['result']
const perPage = 100

type ReviewProps = { reply: ListReply; saved: boolean; saving: boolean; onSave: () => void }

export function Review({ reply: { rows, counts, ignoredColumns }, saved, saving, onSave }: ReviewProps) {
  const { live } = useSite()
  const [shown, setShown] = useState<Shown>('all')
  const [most, setMost] = useState(perPage)
  const some = rows.filter((row) => shown === 'all' || row.result === shown)
  const does = [
    counts.new > 0 && `${number(counts.new)} new`,
    counts.changed > 0 && `${number(counts.changed)} changed`,
  ].filter((word) => word !== false)
  if (rows.length === 0)
    return <Empty title="The list holds nobody">There is no line under the heads. Nothing was stored.</Empty>
  return (
    <section className="stack">
      {!saved && (
        <div className="row between wrap review-head">
          <h2>
            {does.length === 0
              ? 'This list changes nothing'
              : `Saving would store ${listed(does)}. Nothing is stored yet.`}
          </h2>
          {does.length > 0 && (
            <Button
              leftSection={<IconCheck size={16} />}
              disabled={!live.live}
              loading={saving}
              onClick={onSave}
            >
              Save {listed(does)}
            </Button>
          )}
        </div>
      )}
      {ignoredColumns.length > 0 && (
        <p className="q sm">
          Not used here: {count(ignoredColumns.length, 'column')} called {listed(ignoredColumns)}.
        </p>
      )}
      <Seg
        label="Which lines"
        value={shown}
        onChange={(value) => {
          setShown(value)
          setMost(perPage)
        }}
        items={[
          { value: 'all' as Shown, label: 'All', count: rows.length },
          ...results.map((result) => ({
            value: result as Shown,
            label: looks[result].word,
            count: counts[result],
          })),
        ]}
      />
      {some.length === 0 && <Empty title="No line like that" />}
      {some.length > 0 && (
        <table className="table review">
          <thead>
            <tr>
              <th className="right">Line</th>
              <th>Name</th>
              <th>Result</th>
              <th>What and why</th>
            </tr>
          </thead>
          <tbody>
            {some.slice(0, most).map((row) => (
              <Line key={row.line} row={row} />
            ))}
          </tbody>
        </table>
      )}
      {some.length > most && (
        <Button variant="default" onClick={() => setMost(most + 500)}>
          Show {number(Math.min(500, some.length - most))} more of {number(some.length - most)}
        </Button>
      )}
    </section>
  )
}

function Line({ row }: { row: ListRow }) {
  const { id } = useSite()
  return (
    <tr>
      <td className="right num qq">{row.line}</td>
      <td className="review-name">
        {row.person === null ? (
          row.name || <span className="qq">no name</span>
        ) : (
          <Link
            to="/sites/$site/staff/$person"
            params={{ site: id, person: row.person }}
            className="people-link"
          >
            {row.name}
          </Link>
        )}
      </td>
      <td className="nw">
        <StatePill look={looks[row.result]} />
      </td>
      <td className="review-why">
        {row.fields.length > 0 && <Changes fields={row.fields} />}
        {row.cause && (
          <p className={row.result === 'refused' ? undefined : 'q'}>
            {row.cause.message} {row.cause.fix}
          </p>
        )}
      </td>
    </tr>
  )
}
