/** One mark at its own address: as it stands, what happened to it, and the pupil's other late arrivals this year. */
import { Button } from '@mantine/core'
import { IconPrinter } from '@tabler/icons-react'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import type { Movement } from '../../../shared/attendance.ts'
import type { Person } from '../../../shared/people.ts'
import { Ledger, LedgerRow } from '../../ui/ledger.tsx'
import { CodeTile } from '../../ui/marks.tsx'
import { Loading, PageHead, Problem } from '../../ui/page.tsx'
import { dayOf, longDay, shortDay } from '../../ui/time.ts'
import { count } from '../../ui/words.ts'
import { useNow } from '../live.ts'
import { movementQuery, personQuery } from '../queries.ts'
import { reportQuery, totalsQuery } from '../reports/queries.ts'
import { daysOf } from '../reports/ranges.ts'
import { useCodeMeaning, useSite } from '../site.tsx'
import { Correct } from './correct.tsx'
import { MarkHistory } from './history.tsx'
import './marks.css'
import { SlipCard, WhatNow } from './panel.tsx'

export function MarkPage() {
  const { id: site } = useSite()
  const { movement: id } = useParams({ from: '/sites/$site/marks/$movement' })
  const movement = useQuery(movementQuery(site, id))
  const person = useQuery({
    ...personQuery(site, 'student', movement.data?.person ?? ''),
    enabled: movement.data !== undefined,
  })
  const error = movement.error ?? person.error
  if (error)
    return (
      <>
        <PageHead title="One mark" />
        <Problem
          title="This mark could not be read."
          error={error}
          onRetry={() => void Promise.all([movement.refetch(), person.refetch()])}
        />
      </>
    )
  if (!movement.data || !person.data) return <Loading rows={10} />
  return <Mark movement={movement.data} person={person.data} />
}

const halves = { AM: 'morning', PM: 'afternoon' }

function titleOf(movement: Movement, person: Person): string {
  const first = person.forename || person.name
  const day = longDay(movement.date).split(' ')[0] ?? ''
  const sessions = [...new Set(movement.writeBacks.flatMap(({ session }) => session ?? []))]
  const half = sessions.length === 1 ? ` ${halves[sessions[0]!]}` : ''
  return `${first}’s ${sessions.length > 1 ? 'marks' : 'mark'} for ${day}${half}`
}

function Mark({ movement, person }: { movement: Movement; person: Person }) {
  const { id: site, zone, can } = useSite()
  const navigate = useNavigate()
  const named = { id: person.id, name: person.name, group: person.regGroup ?? person.yearGroup }
  const go = (to: string | null) =>
    void (to === null
      ? navigate({ to: '/sites/$site/students/$person', params: { site, person: person.id } })
      : navigate({ to: '/sites/$site/marks/$movement', params: { site, movement: to } }))
  return (
    <>
      <PageHead
        title={titleOf(movement, person)}
        crumbs={[
          <Link key="students" to="/sites/$site/students" params={{ site }}>
            Students
          </Link>,
          <Link key="person" to="/sites/$site/students/$person" params={{ site, person: person.id }}>
            {person.name}
          </Link>,
          `${shortDay(movement.date)}${movement.session ? ` ${movement.session}` : ''}`,
        ]}
        actions={
          <Button variant="default" px={9} aria-label="Print" onClick={() => window.print()}>
            <IconPrinter size={18} />
          </Button>
        }
      />
      <div className="mark-page">
        <div className="stack">
          <SlipCard movement={movement} person={named} />
          <WhatNow movement={movement} person={named} />
          <ThisYear person={person} but={movement.id} />
        </div>
        <div className="stack">
          <section>
            <h2>What happened to it</h2>
            <MarkHistory movement={movement} zone={zone} />
          </section>
          {can('movements.write') && movement.correctedBy === null && !movement.void && (
            <Correct movement={movement} name={person.name} onMoved={go} />
          )}
          {movement.correctedBy && (
            <p className="note">
              <span>
                This was put right later.{' '}
                <Link to="/sites/$site/marks/$movement" params={{ site, movement: movement.correctedBy }}>
                  See what stands now
                </Link>
              </span>
            </p>
          )}
        </div>
      </div>
    </>
  )
}

const most = 5

/** The pupil's late arrivals this school year, newest first. */
function ThisYear({ person, but }: { person: Person; but: string }) {
  const { id: site, zone } = useSite()
  const meaning = useCodeMeaning()
  const asked = { ...daysOf('year', dayOf(useNow(), zone)), person: person.id }
  const rows = useInfiniteQuery(reportQuery(site, 'late-arrivals', asked)).data?.pages[0]?.data ?? []
  const totals = useQuery(totalsQuery(site, 'late-arrivals', asked)).data
  if (totals === undefined || totals.rows === 0) return null
  return (
    <section>
      <h2>{person.forename || person.name} this school year</h2>
      <p className="q num">
        Late {totals.rows === 1 ? 'once' : `${totals.rows} times`}, {count(totals.minutesLate ?? 0, 'minute')}{' '}
        in all.
      </p>
      <Ledger days>
        {rows.slice(0, most).map((row) => (
          <LedgerRow key={row.date + ('movement' in row ? row.movement : '')} time={shortDay(row.date)}>
            <span className="row between">
              <span className={row.movement === but ? 'm cut' : 'cut'}>{row.reason ?? 'No reason'}</span>
              <span className="row num nw">
                {'minutesLate' in row && row.minutesLate !== null && `${row.minutesLate} min`}
                {'marks' in row && row.marks[0]?.code && (
                  <CodeTile code={row.marks[0].code} meaning={meaning(row.marks[0].code)} />
                )}
              </span>
            </span>
          </LedgerRow>
        ))}
      </Ledger>
      {totals.rows > most && (
        <p className="sm">
          <Link
            to="/sites/$site/reports"
            params={{ site }}
            search={{ from: asked.from, to: asked.to, person: person.id }}
          >
            See all {totals.rows}
          </Link>
        </p>
      )}
    </section>
  )
}
