/** The day at a glance: who came late, where each mark is, what needs somebody. It is live; nobody reloads. */
import { Button } from '@mantine/core'
import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { DayStrip } from '../../ui/day-strip.tsx'
import { CodeTile, StatePill } from '../../ui/marks.tsx'
import { Ledger, LedgerRow } from '../../ui/ledger.tsx'
import { Empty, Loading, PageHead, Problem } from '../../ui/page.tsx'
import { linkLooks, markLooks } from '../../ui/states.ts'
import { ago, clock, dayAndClock, longDay, minuteOf, minutesOf } from '../../ui/time.ts'
import { count } from '../../ui/words.ts'
import { MarkActions } from '../marks/actions.tsx'
import { serverNow, useNow } from '../live.ts'
import { needsYouQuery, todayQuery } from '../queries.ts'
import { useCodeMeaning, useSite } from '../site.tsx'
import type { Today, TodayRow } from '../wire.ts'
import { AddMovement } from './add.tsx'
import { MovementPanel } from './panel.tsx'

export function TodayPage() {
  const { id, zone, can } = useSite()
  const today = useQuery(todayQuery(id))
  const now = useNow()
  const { mark } = useSearch({ from: '/sites/$site/today' })
  const navigate = useNavigate()
  const [adding, { open, close }] = useDisclosure(false)
  useHotkeys(can('movements.write') ? [['l', open]] : [])
  const show = (movement: string | undefined) =>
    void navigate({
      to: '/sites/$site/today',
      params: { site: id },
      search: movement === undefined ? {} : { mark: movement },
      replace: true,
    })
  const { data } = today
  return (
    <>
      <PageHead
        title="Today"
        lead={data ? `${longDay(data.date)}, ${clock(now, zone)}` : undefined}
        actions={
          can('movements.write') && (
            <Button
              leftSection={<IconPlus size={16} />}
              onClick={open}
              rightSection={<span className="kbd">L</span>}
            >
              Add a late pupil
            </Button>
          )
        }
      />
      {today.error && <Problem error={today.error} onRetry={() => void today.refetch()} />}
      {!data && !today.error && <Loading rows={12} />}
      {data && (
        <div className="two">
          <div>
            <Figures today={data} />
            <Strip today={data} now={now} />
            <Movements rows={data.movements} onOpen={show} />
          </div>
          <Aside today={data} />
        </div>
      )}
      {adding && <AddMovement onClose={close} />}
      {mark !== undefined && data && (
        <MovementPanel
          row={data.movements.find((row) => row.movement.id === mark)}
          onClose={() => show(undefined)}
        />
      )}
    </>
  )
}

function Figures({ today: { counts } }: { today: Today }) {
  return (
    <div className="figures">
      <div>
        <span className="m">Here now</span>
        <div className="figure">{counts.hereNow}</div>
        <p className="q sm">
          {count(counts.students, 'pupil')} through reception, {counts.employees} staff. The registers hold
          the other pupils.
        </p>
      </div>
      <div>
        <span className="m">Late today</span>
        <div className="figure">{counts.lateToday}</div>
        <p className="q sm">
          {counts.lateBeforeClose} before the register closed, {counts.lateAfterClose} after
        </p>
      </div>
      <div>
        <span className="m">Need you</span>
        <div className="figure">{counts.needYou}</div>
        <p className="q sm">
          {counts.inMis} in the MIS, {counts.onTheirWay} on their way
        </p>
      </div>
    </div>
  )
}

/** The session at hand as a strip: each dot a late pupil, and the line where L becomes U. */
function Strip({ today, now }: { today: Today; now: number }) {
  const { zone } = useSite()
  const { session, schoolDay } = today
  const late = today.movements.filter(
    ({ movement }) => movement.type === 'late-arrival' && movement.session === session,
  )
  if (session === null || late.length === 0) return null
  const register = session === 'AM' ? schoolDay.am : schoolDay.pm
  const until = session === 'AM' ? (schoolDay.lunchStartsAt ?? schoolDay.pm.opensAt) : schoolDay.endsAt
  return (
    <DayStrip
      times={{
        opensAt: minutesOf(register.opensAt),
        endsAt: minutesOf(register.endsAt),
        closesAt: minutesOf(register.closesAt),
        until: minutesOf(until),
      }}
      dots={late.map(({ movement }) => minuteOf(movement.happenedAt, zone))}
      now={minuteOf(now, zone)}
    />
  )
}

const newestFirst = (a: TodayRow, b: TodayRow) => b.movement.happenedAt.localeCompare(a.movement.happenedAt)

const sections = [
  { type: 'late-arrival', title: 'Late' },
  { type: 'early-leave', title: 'Left early' },
  { type: 'return', title: 'Came back' },
] as const

function Movements({ rows, onOpen }: { rows: TodayRow[]; onOpen: (id: string) => void }) {
  const { live } = useSite()
  const known = sections.map((section) => ({
    ...section,
    rows: rows.filter((row) => row.movement.type === section.type).sort(newestFirst),
  }))
  if (known.every((section) => section.rows.length === 0))
    return (
      <Empty title="Nobody has come late today">
        The first one shows here the moment it is tapped at a kiosk.
      </Empty>
    )
  return known
    .filter((section) => section.rows.length > 0)
    .map((section, i) => (
      <section key={section.type}>
        <div className="row between">
          <h2>
            {section.title} <span className="q num">{section.rows.length}</span>
          </h2>
          {i === 0 && (
            <span className={`st ${live.live ? 'green' : 'amber'}`} role="status">
              {live.live ? 'Live' : 'Not live'}
            </span>
          )}
        </div>
        <Ledger label={section.title}>
          {section.rows.map((row) => (
            <Row key={row.movement.id} row={row} onOpen={() => onOpen(row.movement.id)} />
          ))}
        </Ledger>
      </section>
    ))
}

function Row({ row, onOpen }: { row: TodayRow; onOpen: () => void }) {
  const { zone } = useSite()
  const meaning = useCodeMeaning()
  const { movement, person, reasonName } = row
  const mark = movement.writeBacks[0]
  return (
    <LedgerRow time={clock(movement.happenedAt, zone)} onOpen={onOpen}>
      <span className="move">
        <span className="m cut">{person.name}</span>
        <span className="q cut">{person.group}</span>
        <span className="q cut">{reasonName}</span>
        <span>{mark?.code && <CodeTile code={mark.code} meaning={meaning(mark.code)} />}</span>
        <span className="q num">{movement.minutesLate === null ? '' : `${movement.minutesLate} min`}</span>
        <span>{mark && <StatePill look={markLooks[mark.state]} about="Mark" />}</span>
      </span>
    </LedgerRow>
  )
}

function Aside({ today }: { today: Today }) {
  const { id, zone } = useSite()
  const needs = useQuery(needsYouQuery(id)).data ?? []
  const { connection, lastImport } = today
  return (
    <aside>
      {needs.length > 0 && (
        <section>
          <h2>
            Marks that need you <span className="count">{needs.length}</span>
          </h2>
          <ul>
            {needs.slice(0, 4).map((row) => (
              <li
                key={row.writeBack.id}
                className="stack"
                style={{ padding: '12px 0', borderBottom: '1px solid var(--line)' }}
              >
                <div className="row between wrap">
                  <b>{row.person.name}</b>
                  <StatePill look={markLooks[row.writeBack.state]} />
                </div>
                <p className="q sm">{row.writeBack.cause?.message}</p>
                <MarkActions mark={row.writeBack} />
              </li>
            ))}
          </ul>
          {needs.length > 4 && (
            <Link to="/sites/$site/marks" params={{ site: id }}>
              See all {needs.length}
            </Link>
          )}
        </section>
      )}
      <section>
        <div className="row between">
          <h2>{connection?.mis ?? 'MIS'} link</h2>
          {connection ? (
            <StatePill look={linkLooks[connection.state]} />
          ) : (
            <Link to="/sites/$site/mis" params={{ site: id }}>
              Link it
            </Link>
          )}
        </div>
        <dl className="kv">
          <div>
            <dt>In the MIS</dt>
            <dd>{today.counts.inMis}</dd>
          </div>
          <div>
            <dt>On their way</dt>
            <dd>{today.counts.onTheirWay}</dd>
          </div>
          <div>
            <dt>People last read</dt>
            <dd>
              {lastImport?.finishedAt ? dayAndClock(lastImport.finishedAt, zone, serverNow()) : 'not yet'}
            </dd>
          </div>
        </dl>
      </section>
      <section>
        <h2>Kiosks</h2>
        {today.kiosks.length === 0 && <p className="q">None yet.</p>}
        <dl className="kv">
          {today.kiosks.map((kiosk) => (
            <div key={kiosk.id}>
              <dt>{kiosk.name}</dt>
              <dd>
                {kiosk.lastSeenAt ? `Seen ${ago(kiosk.lastSeenAt, zone, serverNow())}` : 'Waits to be paired'}
              </dd>
            </div>
          ))}
        </dl>
      </section>
    </aside>
  )
}
