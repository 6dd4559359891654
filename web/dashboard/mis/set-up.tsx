/**
 * The guided set-up, from nothing to the first import. Where it goes on follows from what is true of the school, so that
 * leaving and coming back costs nothing; `step` in the address only looks back.
 */
import './set-up.css'
import { IconCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type ReactNode, useEffect } from 'react'
import type { Connection, ImportRun } from '../../../shared/mis.ts'
import type { Site } from '../../../shared/sites.ts'
import { Crest } from '../../ui/crest.tsx'
import { Empty, Loading, Problem } from '../../ui/page.tsx'
import { fullDay } from '../../ui/time.ts'
import { connectionQuery, importsQuery, schoolDayQuery } from '../queries.ts'
import { useSite } from '../site.tsx'
import { FirstStep, LinkStep, OptionStep, PreviewStep, SchoolStep } from './set-up-steps.tsx'

export type StepNumber = 1 | 2 | 3 | 4 | 5

/** The first thing that is not done. The school has a day and a phase from its first moment. */
export function stepOf(site: Site, connection: Connection | null, runs: readonly ImportRun[]): StepNumber {
  if (site.licence.misIntegration.state !== 'active') return 2
  if (connection === null || connection.state === 'unauthorised' || connection.state === 'revoked') return 3
  if (runs.some((run) => run.state === 'done' || (!run.preview && run.state === 'running'))) return 5
  return runs.length === 0 ? 3 : 4
}

const phases: Record<Site['phase'], string> = {
  primary: 'Primary',
  secondary: 'Secondary',
  'all-through': 'All-through',
}

export function SetUpPage() {
  const { id, site, can } = useSite()
  const { step: asked } = useSearch({ from: '/sites/$site/mis/set-up' })
  const navigate = useNavigate()
  const active = site.licence.misIntegration.state === 'active'
  const connection = useQuery(connectionQuery(id))
  const imports = useQuery({ ...importsQuery(id), enabled: Boolean(connection.data) })
  const day = useQuery(schoolDayQuery(id)).data
  useEffect(() => {
    document.title = 'Set-up · e-Reception Book'
  }, [])
  const ready = connection.data === null || (connection.data !== undefined && imports.data !== undefined)
  const runs = connection.data ? (imports.data ?? []) : []
  const reached = ready ? stepOf(site, connection.data ?? null, runs) : null
  // Forward by a button only where everything before is done; the import itself may follow a preview.
  const furthest = reached === 4 ? 5 : reached === 3 && connection.data ? 4 : reached
  const wanted = Number(asked)
  const step =
    reached !== null && wanted >= 1 && wanted <= furthest! ? (wanted as StepNumber) : (reached ?? null)
  const go = (next: StepNumber | null) =>
    void navigate({
      to: '/sites/$site/mis/set-up',
      params: { site: id },
      search: next === null ? {} : { step: String(next) },
    })
  const mis = connection.data?.mis ?? 'your MIS'
  const { endsOn } = site.licence.misIntegration
  const steps: [title: string, beneath: string][] = [
    ['Your school', day ? `${phases[site.phase]}, ${day.startsAt} to ${day.endsAt}` : phases[site.phase]],
    ['MIS option', active && endsOn ? `Active until ${fullDay(endsOn)}` : ''],
    [`Link to ${mis}`, connection.data ? connection.data.schoolName : ''],
    ['Who comes across', ''],
    ['First import', ''],
  ]
  const done = runs.some((run) => run.state === 'done')
  return (
    <div className="wizard">
      <div className="wizard-rail">
        <p className="wizard-school">
          <Crest phase={site.phase} /> <b>{site.name}</b>
        </p>
        <ol aria-label="Steps of the set-up">
          {steps.map(([title, beneath], i) => {
            const number = (i + 1) as StepNumber
            const past = reached !== null && (number < reached || (number === 5 && done))
            return (
              <li
                key={title}
                className={past ? 'past' : number === step ? 'now' : ''}
                aria-current={number === step ? 'step' : undefined}
              >
                <span className="dot num" aria-hidden>
                  {past ? <IconCheck size={16} stroke={2.25} /> : number}
                </span>
                <span>
                  {past && number !== step ? (
                    <button type="button" className="wizard-back" onClick={() => go(number)}>
                      {title}
                    </button>
                  ) : (
                    <b>{title}</b>
                  )}
                  {past && <span className="hidden"> (done)</span>}
                  {beneath && <small className="num">{beneath}</small>}
                </span>
              </li>
            )
          })}
        </ol>
        <p className="wizard-stop">
          You can stop here and go on later. Nothing is imported until step 5.{' '}
          <Link to="/sites/$site/mis" params={{ site: id }}>
            Stop here for now
          </Link>
        </p>
      </div>
      <div className="wizard-page">
        {!can('mis.write') ? (
          <Empty title="An administrator sets this up">
            Linking the MIS is for whoever administers this school’s book.
          </Empty>
        ) : connection.error ? (
          <Problem error={connection.error} onRetry={() => void connection.refetch()} />
        ) : step === null ? (
          <Loading />
        ) : (
          <Steps step={step} connection={connection.data ?? null} runs={runs} go={go} />
        )}
      </div>
    </div>
  )
}

type StepsProps = {
  step: StepNumber
  connection: Connection | null
  runs: readonly ImportRun[]
  go: (step: StepNumber | null) => void
}

function Steps({ step, connection, runs, go }: StepsProps): ReactNode {
  if (step === 1) return <SchoolStep onward={() => go(null)} />
  if (step === 2) return <OptionStep onward={() => go(null)} back={() => go(1)} />
  if (step === 3 || connection === null)
    return <LinkStep connection={connection} onward={() => go(4)} back={() => go(2)} />
  if (step === 4)
    return <PreviewStep connection={connection} runs={runs} onward={() => go(5)} back={() => go(3)} />
  return <FirstStep connection={connection} runs={runs} back={() => go(4)} />
}
