import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Ledger, LedgerRow } from '../../ui/ledger.tsx'
import { StatePill } from '../../ui/marks.tsx'
import { Empty, Loading, PageHead, Problem } from '../../ui/page.tsx'
import { importLooks } from '../../ui/states.ts'
import { clock, dayOf, shortDay } from '../../ui/time.ts'
import { importsQuery } from '../queries.ts'
import { useSite } from '../site.tsx'
import { MisTabs, triggerWords } from './tabs.tsx'

export function HistoryPage() {
  const { id, zone } = useSite()
  const runs = useQuery(importsQuery(id))
  const navigate = useNavigate()
  return (
    <>
      <PageHead title="Import history" lead="Each reading of the MIS, and what it did." />
      <MisTabs />
      {runs.isPending && <Loading />}
      {runs.error && <Problem error={runs.error} onRetry={() => void runs.refetch()} />}
      {runs.data?.length === 0 && <Empty title="No import yet">Press Import now on the Link page.</Empty>}
      <Ledger days label="Imports">
        {(runs.data ?? []).map((run) => (
          <LedgerRow
            key={run.id}
            time={run.startedAt ? shortDay(dayOf(run.startedAt, zone)) : ''}
            onOpen={() =>
              void navigate({ to: '/sites/$site/mis/imports/$run', params: { site: id, run: run.id } })
            }
          >
            <span className="row between wrap">
              <span>
                <b>
                  {triggerWords[run.trigger]}
                  {run.preview ? ', preview' : ''}, {run.startedAt ? clock(run.startedAt, zone) : 'waiting'}.
                </b>{' '}
                <span className="q">
                  {run.cause?.message ??
                    `${run.counts.students.joiners + run.counts.employees.joiners} joined, ${run.counts.students.changed + run.counts.employees.changed} changed, ${run.counts.students.leavers + run.counts.employees.leavers} left`}
                </span>
              </span>
              <StatePill look={importLooks[run.state]} />
            </span>
          </LedgerRow>
        ))}
      </Ledger>
    </>
  )
}
