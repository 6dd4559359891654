/** The MIS page: the link in plain words, what this MIS does for the school, Import now, and the last import. */
import { Button } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Capabilities, Connection, ConnectionTest, ImportRun } from '../../../shared/mis.ts'
import { api } from '../../api.ts'
import { StatePill } from '../../ui/marks.tsx'
import { Empty, Loading, PageHead, Problem } from '../../ui/page.tsx'
import { importLooks, linkLooks, proofLooks } from '../../ui/states.ts'
import { dayAndClock } from '../../ui/time.ts'
import { HelpLink } from '../help/help-link.tsx'
import { Support } from '../help/support.tsx'
import { serverNow } from '../live.ts'
import { connectionQuery, importsQuery, queryClient, scheduleQuery, siteKey } from '../queries.ts'
import { useSite } from '../site.tsx'
import { toastFault } from '../toast.tsx'
import { Connect } from './connect.tsx'
import { CountsTable, isLive, LeaversHint, MisTabs } from './tabs.tsx'
import { TestMark } from './test-mark.tsx'

export function LinkPage() {
  const { id, site, can } = useSite()
  const connection = useQuery(connectionQuery(id))
  const imports = useQuery({ ...importsQuery(id), enabled: Boolean(connection.data) })
  const start = useMutation({
    mutationFn: (preview: boolean) => api.post<ImportRun>(`/sites/${id}/mis/imports`, { preview }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: siteKey(id, 'imports') }),
    onError: toastFault,
  })
  const run = imports.data?.[0]
  const busy = isLive(run) || start.isPending
  const linked = connection.data
  const active = site.licence.misIntegration.state === 'active'
  return (
    <>
      <PageHead
        title="MIS"
        lead={
          linked
            ? `${site.name}’s people come from ${linked.mis}. Late and leaving marks go back to it.`
            : 'Not linked yet'
        }
        actions={
          linked &&
          active &&
          can('mis.write') && (
            <>
              <Button variant="default" disabled={busy} onClick={() => start.mutate(true)}>
                Preview
              </Button>
              <Button
                leftSection={<IconRefresh size={16} />}
                disabled={busy}
                onClick={() => start.mutate(false)}
              >
                Import now
              </Button>
            </>
          )
        }
      />
      <MisTabs />
      {connection.isPending && <Loading />}
      {connection.error && <Problem error={connection.error} onRetry={() => void connection.refetch()} />}
      {linked === null && !active && <WithoutOption />}
      {linked === null &&
        active &&
        (can('mis.write') ? (
          <>
            <p className="row wrap">
              <Button component={Link} to={`/sites/${id}/mis/set-up`}>
                Set up step by step
              </Button>
              <span className="q">or, with the school’s id and token at hand:</span>
            </p>
            <Connect />
          </>
        ) : (
          <Empty title="No MIS is linked">An administrator of the school can link it here.</Empty>
        ))}
      {linked && (
        <div className="two">
          <div>
            <LinkState connection={linked} />
            <Can connection={linked} />
            {run && !isLive(run) && <LastImport run={run} />}
          </div>
          <Beside run={run} />
        </div>
      )}
    </>
  )
}

/** Nothing to press that would only be refused: what the option is and how to go on. */
function WithoutOption() {
  const { id, can } = useSite()
  return (
    <div className="two">
      <Empty
        title="The MIS option comes first"
        action={
          can('settings.write') && (
            <>
              <Button component={Link} to={`/sites/${id}/mis/set-up`}>
                Set up step by step
              </Button>
              <Button component={Link} to={`/sites/${id}/mis/licence`} variant="default">
                Licence and price
              </Button>
            </>
          )
        }
      >
        The school’s MIS is linked once MIS integration is active. Until then people are added by hand or from
        a list, and marks are entered in the MIS by hand.
      </Empty>
      <Support />
    </div>
  )
}

function LinkState({ connection }: { connection: Connection }) {
  const { id, site, zone, can } = useSite()
  const active = site.licence.misIntegration.state === 'active'
  const test = useMutation({
    mutationFn: () => api.post<ConnectionTest>(`/sites/${id}/mis/connection/test`),
    onError: toastFault,
  })
  return (
    <section className="stack">
      <div className="row between wrap">
        <span className="row wrap">
          <StatePill look={linkLooks[connection.state]} />
          <span className="q">
            {connection.schoolName}, {connection.mis}, school {connection.schoolId}.{' '}
            {connection.checkedAt && `Checked ${dayAndClock(connection.checkedAt, zone, serverNow())}.`}
          </span>
        </span>
        {active && can('mis.write') && (
          <Button variant="default" loading={test.isPending} onClick={() => test.mutate()}>
            Test the link
          </Button>
        )}
      </div>
      {test.data && (
        <dl className="kv" aria-label="What the test found">
          {test.data.data.map((finding) => (
            <div key={finding.what}>
              <dt>{finding.what}</dt>
              <dd>
                <StatePill look={proofLooks[finding.ok ? 'yes' : 'no']} /> {finding.message}{' '}
                {finding.fix && <span className="q">{finding.fix}</span>}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  )
}

const abilities: [keyof Capabilities, string, string][] = [
  ['read', 'Read people', 'Pupils, staff, groups and codes come across each night.'],
  [
    'sessionMark',
    'Write a mark',
    'Late and leaving marks go into the register, and are looked for afterwards.',
  ],
  ['minutesLate', 'Write minutes late', 'Counted from the end of registration.'],
  ['comment', 'Write a comment', 'Such as “Traffic, arrived 09:14”.'],
]

function Can({ connection }: { connection: Connection }) {
  const { capabilities, mis, takesTests } = connection
  const { site, can } = useSite()
  const active = site.licence.misIntegration.state === 'active'
  return (
    <section>
      <div className="row between wrap">
        <h2>What {mis} does for you</h2>
        {active && takesTests && can('mis.write') && <TestMark mis={mis} />}
      </div>
      <p className="q">Not every MIS takes everything. This is what yours takes.</p>
      <table className="table">
        <thead>
          <tr>
            <th>We can</th>
            <th>
              <span className="hidden">Whether</span>
            </th>
            <th>What that means here</th>
          </tr>
        </thead>
        <tbody>
          {abilities.map(([key, label, meaning]) => (
            <tr key={key}>
              <th scope="row">{label}</th>
              <td>
                <StatePill look={proofLooks[capabilities[key]]} />
              </td>
              <td>{meaning}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function LastImport({ run }: { run: ImportRun }) {
  const { id, zone } = useSite()
  return (
    <section className="stack">
      <div className="row between wrap">
        <h2>Last import</h2>
        <Link to="/sites/$site/mis/imports/$run" params={{ site: id, run: run.id }}>
          See every change
        </Link>
      </div>
      <p className="row wrap">
        <StatePill look={importLooks[run.state]} />
        <span className="q">{run.finishedAt && dayAndClock(run.finishedAt, zone, serverNow())}</span>
      </p>
      {run.cause && (
        <p>
          {run.cause.message} <span className="q">{run.cause.fix}</span>
        </p>
      )}
      <LeaversHint run={run} />
      <CountsTable counts={run.counts} />
    </section>
  )
}

function Beside({ run }: { run: ImportRun | undefined }) {
  const { id } = useSite()
  const schedule = useQuery(scheduleQuery(id)).data
  return (
    <aside className="stack">
      {isLive(run) && (
        <section className="card stack" role="status" aria-label="Importing">
          <h2>Importing now</h2>
          <p>
            {run!.progress.step}: <span className="num m">{run!.progress.read.toLocaleString('en-GB')}</span>{' '}
            read
          </p>
          <p className="q sm">Nothing changes until everything has been read. You can leave this page.</p>
        </section>
      )}
      <section>
        <h2>Every night by itself</h2>
        <p className="q">{schedule ? `Within half an hour after ${schedule.at}.` : ''}</p>
        <HelpLink about="how-often">How often people are imported</HelpLink>
        <HelpLink about="how-quickly">How quickly marks stand in the MIS</HelpLink>
      </section>
      <Support />
    </aside>
  )
}
