/** Marks that a person must decide: what happened, in plain words, and what to do. */
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { WriteBackState } from '../../../shared/attendance.ts'
import { CodeTile, StatePill } from '../../ui/marks.tsx'
import { Empty, Loading, PageHead, Problem, Seg } from '../../ui/page.tsx'
import { markLooks } from '../../ui/states.ts'
import { clock, shortDay } from '../../ui/time.ts'
import { needsYouQuery } from '../queries.ts'
import { useCodeMeaning, useSite } from '../site.tsx'
import type { NeedsYouRow } from '../wire.ts'
import { MarkActions, MarkHistory } from './actions.tsx'

const states = ['conflict', 'refused', 'unconfirmed', 'held'] as const satisfies readonly WriteBackState[]
type Shown = (typeof states)[number] | 'all'

export function MarksPage() {
  const { id } = useSite()
  const { state = 'all', mark } = useSearch({ from: '/sites/$site/marks' })
  const navigate = useNavigate()
  const rows = useQuery(needsYouQuery(id))
  const of = (wanted: Shown) =>
    (rows.data ?? []).filter((row) => wanted === 'all' || row.writeBack.state === wanted)
  const shown = of(state as Shown)
  const go = (search: { state?: string; mark?: string }) =>
    void navigate({ to: '/sites/$site/marks', params: { site: id }, search, replace: true })
  return (
    <>
      <PageHead title="Marks that need you" lead="Everything else goes by itself." />
      {rows.error && <Problem error={rows.error} onRetry={() => void rows.refetch()} />}
      {rows.isPending && <Loading />}
      {rows.data && rows.data.length > 0 && (
        <Seg
          label="Which marks"
          value={state as Shown}
          onChange={(value) => go(value === 'all' ? {} : { state: value })}
          items={[
            { value: 'all' as Shown, label: 'All', count: rows.data.length },
            ...states.map((one) => ({
              value: one as Shown,
              label: markLooks[one].word,
              count: of(one).length,
            })),
          ]}
        />
      )}
      {rows.data?.length === 0 && (
        <Empty title="Nothing needs you">Every mark is in the MIS or on its way.</Empty>
      )}
      <ul className="stack" style={{ marginTop: 20 }}>
        {shown.map((row) => (
          <li key={row.writeBack.id}>
            <Card
              row={row}
              open={mark === row.writeBack.id}
              onToggle={(open) =>
                go({ ...(state === 'all' ? {} : { state }), ...(open ? { mark: row.writeBack.id } : {}) })
              }
            />
          </li>
        ))}
      </ul>
    </>
  )
}

function Card({
  row,
  open,
  onToggle,
}: {
  row: NeedsYouRow
  open: boolean
  onToggle: (open: boolean) => void
}) {
  const { zone } = useSite()
  const meaning = useCodeMeaning()
  const { writeBack: mark, person, movement, reasonName } = row
  return (
    <article className="card stack" aria-label={`${person.name}, ${markLooks[mark.state].word}`}>
      <div className="row between wrap">
        <h2>
          {person.name} <span className="q sm">{person.group}</span>
        </h2>
        <StatePill look={markLooks[mark.state]} />
      </div>
      <div className="row wrap q">
        {mark.code !== null && <CodeTile code={mark.code} meaning={meaning(mark.code)} />}
        <span>
          {shortDay(mark.date)} {mark.session}, {reasonName ?? 'no reason'}, at{' '}
          {clock(movement.happenedAt, zone)}
        </span>
      </div>
      {mark.cause && (
        <p>
          {mark.cause.message} <span className="q">{mark.cause.fix}</span>
        </p>
      )}
      <div className="row between wrap">
        <MarkActions mark={mark} />
        <Button variant="subtle" size="sm" aria-expanded={open} onClick={() => onToggle(!open)}>
          {open ? 'Hide what happened' : 'What happened'}
        </Button>
      </div>
      {open && <MarkHistory mark={mark} />}
    </article>
  )
}
