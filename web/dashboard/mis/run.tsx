/** One import: what it did or would do, to whom; a held one is applied or discarded here. */
import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import type { ChangeKind, ImportChange } from '../../../shared/mis.ts'
import { api } from '../../api.ts'
import { StatePill } from '../../ui/marks.tsx'
import { Empty, Loading, PageHead, Problem, Seg } from '../../ui/page.tsx'
import { importLooks } from '../../ui/states.ts'
import { dayAndClock } from '../../ui/time.ts'
import { changeWords } from '../../ui/words.ts'
import { HelpLink } from '../help/help-link.tsx'
import { serverNow } from '../live.ts'
import { changesQuery, importQuery, queryClient, siteKey } from '../queries.ts'
import { useSite } from '../site.tsx'
import { toastFault } from '../toast.tsx'
import { CountsTable, isLive, LeaversHint, MisTabs, triggerWords } from './tabs.tsx'

const would: Record<ChangeKind, string> = {
  ...changeWords,
  joiner: 'Would join',
  changed: 'Would change',
  returned: 'Would come back',
  leaver: 'Would leave',
}
const most = 500

export function RunPage() {
  const { id, zone, can } = useSite()
  const { run: runId } = useParams({ from: '/sites/$site/mis/imports/$run' })
  const { change = 'all' } = useSearch({ from: '/sites/$site/mis/imports/$run' })
  const navigate = useNavigate()
  const run = useQuery(importQuery(id, runId))
  const changes = useQuery({
    ...changesQuery(id, runId),
    enabled: run.data !== undefined && !isLive(run.data),
  })
  const decide = useMutation({
    mutationFn: (verb: 'apply' | 'discard' | 'undo') => api.post(`/sites/${id}/mis/imports/${runId}/${verb}`),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: siteKey(id) }),
    onError: toastFault,
  })
  const { data } = run
  const all = changes.data ?? []
  const kinds = (Object.keys(changeWords) as ChangeKind[]).filter((kind) =>
    all.some((row) => row.change === kind),
  )
  const shown = all.filter((row) => change === 'all' || row.change === change)
  const names = data?.state === 'held' ? would : changeWords
  return (
    <>
      <PageHead
        title="Import"
        crumbs={[
          <Link key="history" to="/sites/$site/mis/imports" params={{ site: id }}>
            Import history
          </Link>,
        ]}
        lead={
          data?.startedAt &&
          `${triggerWords[data.trigger]}, ${dayAndClock(data.startedAt, zone, serverNow())}`
        }
        actions={
          data &&
          can('mis.write') && (
            <>
              {data.state === 'held' && (
                <>
                  <Button
                    variant="default"
                    disabled={decide.isPending}
                    onClick={() => decide.mutate('discard')}
                  >
                    Discard
                  </Button>
                  <Button loading={decide.isPending} onClick={() => decide.mutate('apply')}>
                    Apply
                  </Button>
                </>
              )}
              {data.state === 'done' && (
                <Button variant="default" loading={decide.isPending} onClick={() => decide.mutate('undo')}>
                  Undo this import
                </Button>
              )}
            </>
          )
        }
      />
      <MisTabs />
      {run.error && <Problem error={run.error} onRetry={() => void run.refetch()} />}
      {run.isPending && <Loading />}
      {data && (
        <div className="stack">
          <div className="row wrap">
            <StatePill look={importLooks[data.state]} />
            {isLive(data) && (
              <span role="status">
                {data.progress.step}: {data.progress.read.toLocaleString('en-GB')} read
              </span>
            )}
          </div>
          {data.cause && (
            <div className="note amber">
              <span>
                <b>{data.cause.message}</b> {data.cause.fix}
              </span>
            </div>
          )}
          {data.state === 'held' && <HelpLink about="held">Why an import stops and waits</HelpLink>}
          {data.notes.map((note) => (
            <p key={note} className="q">
              {note}
            </p>
          ))}
          <LeaversHint run={data} />
          <CountsTable counts={data.counts} />
          {kinds.length > 0 && (
            <Seg
              label="Which changes"
              value={change}
              onChange={(value) =>
                void navigate({
                  to: '/sites/$site/mis/imports/$run',
                  params: { site: id, run: runId },
                  search: value === 'all' ? {} : { change: value },
                  replace: true,
                })
              }
              items={[
                { value: 'all', label: 'All', count: all.length },
                ...kinds.map((kind) => ({
                  value: kind as string,
                  label: names[kind],
                  count: all.filter((row) => row.change === kind).length,
                })),
              ]}
            />
          )}
          {changes.data?.length === 0 && <Empty title="Nobody is touched by this import" />}
          {shown.length > 0 && <Changes rows={shown.slice(0, most)} names={names} />}
          {shown.length > most && (
            <p className="q">
              The first {most} of {shown.length}. Choose a kind of change to see less.
            </p>
          )}
        </div>
      )}
    </>
  )
}

function Changes({ rows, names }: { rows: ImportChange[]; names: Record<ChangeKind, string> }) {
  return (
    <div className="scroll" tabIndex={0} role="group" aria-label="Changes">
      <table className="table">
        <thead>
          <tr>
            <th>Name</th>
            <th>Who</th>
            <th>What</th>
            <th>How</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, i) => (
            <tr key={i}>
              <td className="m">{row.name || 'No name'}</td>
              <td className="q">{row.kind === 'student' ? 'Pupil' : 'Staff'}</td>
              <td>{names[row.change]}</td>
              <td className="q">
                {row.cause
                  ? `${row.cause.message} ${row.cause.fix}`
                  : row.fields
                      .map((field) => `${field.field}: ${field.from ?? 'none'} → ${field.to ?? 'none'}`)
                      .join('; ')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
