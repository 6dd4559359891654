/** The five steps of the guided set-up; each says what it is for, what was found, and the one thing to do next. */
import { Button } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck, IconRefresh } from '@tabler/icons-react'
import { queryOptions, useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef, useState } from 'react'
import type { Connection, ConnectionTest, ImportRun } from '../../../shared/mis.ts'
import { api } from '../../api.ts'
import { Loading, Problem, Seg } from '../../ui/page.tsx'
import { importLooks, proofLooks } from '../../ui/states.ts'
import { StatePill } from '../../ui/marks.tsx'
import { OrderForm } from '../licence/order-form.tsx'
import { OpenOrder } from '../licence/orders.tsx'
import { offerQuery, ordersQuery } from '../licence/queries.ts'
import { queryClient, schoolDayQuery, siteKey } from '../queries.ts'
import { useSite } from '../site.tsx'
import { AskForAccess, useAccess, WaitingForAccess } from './ask-access.tsx'
import { Connect } from './connect.tsx'
import { CountsTable, isLive } from './tabs.tsx'

type FrameProps = { n: number; title: string; lead: ReactNode; children?: ReactNode; actions: ReactNode }

function Frame({ n, title, lead, children, actions }: FrameProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <>
      <header>
        <p className="num">Step {n} of 5</p>
        <h1 tabIndex={-1} ref={heading}>
          {title}
        </h1>
        <p className="wizard-lead">{lead}</p>
      </header>
      <div className="wizard-body">{children}</div>
      <footer className="wizard-acts">{actions}</footer>
    </>
  )
}

const Back = ({ onClick }: { onClick: () => void }) => (
  <Button variant="subtle" className="wizard-to-back" onClick={onClick}>
    Back
  </Button>
)

export function SchoolStep({ onward }: { onward: () => void }) {
  const { id, site } = useSite()
  const day = useQuery(schoolDayQuery(id)).data
  return (
    <Frame
      n={1}
      title={`This is ${site.name}.`}
      lead="These times decide which arrival is late, and for which session. They can be changed at any time."
      actions={<Button onClick={onward}>Go on</Button>}
    >
      {day && (
        <dl className="kv num">
          <div>
            <dt>School day</dt>
            <dd>
              {day.startsAt} to {day.endsAt}
            </dd>
          </div>
          <div>
            <dt>Morning register</dt>
            <dd>
              opens {day.am.opensAt}, late from {day.am.endsAt}, closes {day.am.closesAt}
            </dd>
          </div>
          <div>
            <dt>Afternoon register</dt>
            <dd>
              opens {day.pm.opensAt}, late from {day.pm.endsAt}, closes {day.pm.closesAt}
            </dd>
          </div>
        </dl>
      )}
      <p>
        <Link to="/sites/$site/settings" params={{ site: id }}>
          Change the school day
        </Link>
      </p>
    </Frame>
  )
}

export function OptionStep({ onward, back }: { onward: () => void; back: () => void }) {
  const { id, site, can } = useSite()
  const { edition, misIntegration } = site.licence
  const buys = can('settings.write') && edition === 'education'
  const orders = useQuery({ ...ordersQuery(id), enabled: buys })
  const offer = useQuery({ ...offerQuery(id), enabled: buys }).data
  const open = orders.data?.find(({ state }) => state === 'ordered')
  const active = misIntegration.state === 'active'
  return (
    <Frame
      n={2}
      title={active ? 'The MIS option is active.' : 'First, the MIS option.'}
      lead={
        edition !== 'education'
          ? 'MIS integration is an option of the Education edition, and this school has another one.'
          : active
            ? 'Pupils and staff can come from the MIS, and late marks can go back.'
            : 'With it pupils and staff come from your MIS, and late marks go back into its register. It runs for twelve months.'
      }
      actions={
        <>
          {active && <Button onClick={onward}>Go on</Button>}
          <Back onClick={back} />
        </>
      }
    >
      {!active && open && (
        <>
          <p>It is ordered. As soon as the order is confirmed and its first day has come, you go on here.</p>
          <OpenOrder order={open} />
        </>
      )}
      {!active &&
        !open &&
        buys &&
        (offer?.refusal ? <p>{offer.refusal.message}</p> : orders.data && <OrderForm />)}
      <p>
        <Link to="/sites/$site/mis/licence" params={{ site: id }}>
          See the licence page
        </Link>
      </p>
    </Frame>
  )
}

const testQuery = (site: string) =>
  queryOptions({
    queryKey: siteKey(site, 'mis-test'),
    staleTime: 60_000,
    queryFn: () => api.post<ConnectionTest>(`/sites/${site}/mis/connection/test`),
  })

const titles: Record<string, string> = {
  'School and token': 'The key is right',
  Students: 'Read pupils',
  Employees: 'Read staff',
  'Attendance codes': 'Read attendance codes',
  'Reading marks': 'Look for marks',
  'Writing marks': 'Write attendance marks',
}

type LinkStepProps = { connection: Connection | null; onward: () => void; back: () => void }

export function LinkStep({ connection, onward, back }: LinkStepProps) {
  const access = useAccess()
  const [way, setWay] = useState<'key' | 'ask'>('key')
  if (connection === null && access !== null)
    return (
      <Frame
        n={3}
        title="Waiting for your school."
        lead="Wonde was asked for access. Nothing is read before your school says yes."
        actions={<Back onClick={back} />}
      >
        <WaitingForAccess access={access} />
      </Frame>
    )
  if (connection === null || connection.state === 'unauthorised' || connection.state === 'revoked')
    return (
      <Frame
        n={3}
        title={connection === null ? 'Link your school.' : `${connection.mis} no longer lets us in.`}
        lead="Two things from your Wonde portal: the school’s id and the key made for this book. The key is tried on your school before anything is kept."
        actions={<Back onClick={back} />}
      >
        {connection === null && (
          <Seg
            label="How to link"
            value={way}
            onChange={setWay}
            items={[
              { value: 'key', label: 'I have a key' },
              { value: 'ask', label: 'Ask Wonde for access' },
            ]}
          />
        )}
        {connection === null && way === 'ask' ? (
          <AskForAccess />
        ) : (
          <Connect
            {...(connection && { provider: connection.provider, schoolId: connection.schoolId })}
            key={connection?.state}
          />
        )}
      </Frame>
    )
  return <TestedLink connection={connection} onward={onward} back={back} />
}

function TestedLink({ connection, onward, back }: LinkStepProps & { connection: Connection }) {
  const { id } = useSite()
  const { mis } = connection
  const test = useQuery(testQuery(id))
  const found = test.data?.data ?? []
  const bad = found.filter(({ ok }) => !ok)
  const blocking = bad.filter(({ what }) => what !== 'Reading marks' && what !== 'Writing marks')
  const preview = useMutation({
    mutationFn: () => api.post<ImportRun>(`/sites/${id}/mis/imports`, { preview: true }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: siteKey(id, 'imports') })
      onward()
    },
  })
  const title = test.isPending
    ? `Trying the link to ${mis}…`
    : bad.length === 0
      ? `Linked to ${mis}.`
      : blocking.length === 0
        ? 'Linked. One thing to know.'
        : 'Almost linked. Something to switch on.'
  const next = blocking.length > 0 ? null : bad.length > 0 ? 'Go on without it' : 'Go on'
  return (
    <Frame
      n={3}
      title={title}
      lead={
        test.isPending
          ? 'Each thing the book needs is tried.'
          : `We tried each thing the book needs from ${mis}. ${found.length - bad.length} of ${found.length} work.`
      }
      actions={
        <>
          <Button
            variant={blocking.length > 0 ? 'filled' : 'default'}
            leftSection={<IconRefresh size={16} />}
            loading={test.isFetching}
            onClick={() => void test.refetch()}
          >
            Test again
          </Button>
          {!test.isPending && next && (
            <Button loading={preview.isPending} onClick={() => preview.mutate()}>
              {next}
            </Button>
          )}
          <Back onClick={back} />
        </>
      }
    >
      {test.isPending && <Loading rows={6} label="Trying the link" />}
      {test.error && <Problem error={test.error} onRetry={() => void test.refetch()} />}
      {preview.error && <Problem error={preview.error} title="Not read." />}
      <ul className="tried" aria-label="What was tried">
        {found.map((finding) => (
          <li key={finding.what}>
            {finding.ok ? (
              <IconCircleCheck className="good" aria-hidden />
            ) : (
              <IconAlertTriangle className="off" aria-hidden />
            )}
            <span className="grow">
              <b>{titles[finding.what] ?? finding.what}</b>
              <br />
              {finding.message}
              {finding.ok && finding.fix && ` ${finding.fix}`}
              {!finding.ok && finding.fix && <HowToMend fix={finding.fix} />}
            </span>
            <span className={finding.ok ? 'good' : 'off chip'}>{finding.ok ? 'Works' : 'Not yet'}</span>
          </li>
        ))}
      </ul>
    </Frame>
  )
}

/** What the school's own portal can mend is told step by step. */
function HowToMend({ fix }: { fix: string }) {
  const inPortal = /^In the school’s Wonde portal, (approve .*)$/.exec(fix)?.[1]
  if (inPortal === undefined) return <span className="mend">{fix}</span>
  return (
    <span className="mend">
      <b>To switch it on</b>
      <ol>
        <li>Sign in to your Wonde portal as the school’s administrator.</li>
        <li>Find e-Reception Book among your approved apps.</li>
        <li>{`${inPortal.charAt(0).toUpperCase()}${inPortal.slice(1)}`} Save, then test again here.</li>
      </ol>
    </span>
  )
}

type RunStepProps = { connection: Connection; runs: readonly ImportRun[]; back: () => void }

const abilities: [key: keyof Connection['capabilities'], label: string][] = [
  ['read', 'Pupils, staff and groups come across'],
  ['sessionMark', 'Late and leaving marks go back'],
  ['minutesLate', 'with the minutes late'],
  ['comment', 'with a comment'],
]

export function PreviewStep({ connection, runs, onward, back }: RunStepProps & { onward: () => void }) {
  const { id } = useSite()
  const { mis, capabilities } = connection
  const run = runs[0]
  const again = useMutation({
    mutationFn: () => api.post<ImportRun>(`/sites/${id}/mis/imports`, { preview: true }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: siteKey(id, 'imports') }),
  })
  const live = isLive(run)
  const ready = run?.state === 'held'
  const came = runs.some(({ state }) => state === 'done')
  const title = ready
    ? 'This is who would come across.'
    : live || !run
      ? `Reading ${mis}…`
      : came
        ? 'These people came across.'
        : 'Not read.'
  return (
    <Frame
      n={4}
      title={title}
      lead={
        ready
          ? 'A preview: nobody is in the book yet. Whoever should stay out can be left out before or after the import.'
          : came
            ? 'They are in the book, and are read again every night.'
            : 'Nothing changes until everything has been read and you say so.'
      }
      actions={
        <>
          {(ready || came) && <Button onClick={onward}>{ready ? 'Go on to the import' : 'Go on'}</Button>}
          {!live && !ready && !came && (
            <Button loading={again.isPending} onClick={() => again.mutate()}>
              Read again
            </Button>
          )}
          <Back onClick={back} />
        </>
      }
    >
      {again.error && <Problem error={again.error} title="Not read." />}
      <Progress run={run} />
      {run && !live && <CountsTable counts={run.counts} />}
      {ready && (
        <p>
          <Link to="/sites/$site/mis/people" params={{ site: id }}>
            Choose who comes across
          </Link>{' '}
          ·{' '}
          <Link to="/sites/$site/mis/imports/$run" params={{ site: id, run: run.id }}>
            See everybody
          </Link>
        </p>
      )}
      <h2 className="wizard-part">What {mis} does for you</h2>
      <dl className="kv">
        {abilities.map(([key, label]) => (
          <div key={key}>
            <dt>{label}</dt>
            <dd>
              <StatePill look={proofLooks[capabilities[key]]} />
            </dd>
          </div>
        ))}
      </dl>
    </Frame>
  )
}

function Progress({ run }: { run: ImportRun | undefined }) {
  if (!run) return null
  return (
    <div className="stack" role="status">
      <p className="row wrap">
        <StatePill look={importLooks[run.state]} />
        {isLive(run) && (
          <span className="num">
            {run.progress.step}: {run.progress.read.toLocaleString('en-GB')} read
          </span>
        )}
      </p>
      {run.cause && run.state !== 'held' && (
        <p>
          {run.cause.message} <span className="q">{run.cause.fix}</span>
        </p>
      )}
    </div>
  )
}

/** How many would be in the book after the import. */
const coming = ({ joiners, changed, returned, unchanged }: ImportRun['counts']['students']) =>
  joiners + changed + returned + unchanged

export function FirstStep({ connection, runs, back }: RunStepProps) {
  const { id } = useSite()
  const run = runs[0]
  const done = runs.find(({ state }) => state === 'done')
  const start = useMutation({
    mutationFn: () =>
      run?.state === 'held'
        ? api.post<ImportRun>(`/sites/${id}/mis/imports/${run.id}/apply`)
        : api.post<ImportRun>(`/sites/${id}/mis/imports`, {}),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: siteKey(id) }),
  })
  if (done)
    return (
      <Frame
        n={5}
        title="The book is set up."
        lead={`${coming(done.counts.students).toLocaleString('en-GB')} pupils and ${coming(done.counts.employees).toLocaleString('en-GB')} staff are in. From now on ${connection.mis} is read every night by itself.`}
        actions={
          <>
            <Button component={Link} to={`/sites/${id}/today`}>
              Open Today
            </Button>
            <Button component={Link} to={`/sites/${id}/kiosks`} variant="default">
              Add a kiosk
            </Button>
          </>
        }
      >
        <CountsTable counts={done.counts} />
        {connection.capabilities.sessionMark !== 'no' && (
          <p className="q">
            A test mark on the MIS page proves that marks arrive, before the first pupil is late.
          </p>
        )}
      </Frame>
    )
  const live = isLive(run)
  const held = run?.state === 'held' ? run : undefined
  return (
    <Frame
      n={5}
      title={live ? 'Importing…' : 'Ready for the first import.'}
      lead={
        live
          ? 'You can leave this page; it goes on by itself.'
          : held
            ? `${coming(held.counts.students).toLocaleString('en-GB')} pupils and ${coming(held.counts.employees).toLocaleString('en-GB')} staff come into the book. It can be undone afterwards.`
            : `Everybody whom ${connection.mis} offers comes into the book. It can be undone afterwards.`
      }
      actions={
        <>
          {!live && (
            <Button loading={start.isPending} onClick={() => start.mutate()}>
              Import now
            </Button>
          )}
          <Back onClick={back} />
        </>
      }
    >
      {start.error && <Problem error={start.error} title="Nothing has changed." />}
      <Progress run={run} />
    </Frame>
  )
}
