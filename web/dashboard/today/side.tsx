/** Beside the list: what needs a person, with its buttons; the link to the MIS; the kiosks. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Kiosk } from '../../../shared/kiosks.ts'
import type { ImportRun } from '../../../shared/mis.ts'
import { StatePill } from '../../ui/marks.tsx'
import { importLooks, linkLooks, markLooks } from '../../ui/states.ts'
import { clock, dayInWords, dayOf } from '../../ui/time.ts'
import { count, number } from '../../ui/words.ts'
import { KioskState } from '../kiosks/kiosk-state.tsx'
import { useNow } from '../live.ts'
import { Choices } from '../marks/choices.tsx'
import { whatHappened } from '../marks/words.ts'
import { Notices } from '../notices/notices.tsx'
import { kioskProblemsQuery, needsYouQuery } from '../queries.ts'
import { useCodeMeaning, useMisName, useSite } from '../site.tsx'
import type { NeedsYouRow, Today } from '../wire.ts'
import { owedToday } from './day.ts'
import { Expected } from './expected.tsx'

export function Side({ today }: { today: Today }) {
  return (
    <aside className="side" aria-label="What needs you, the MIS, kiosks">
      <NeedYou />
      <Expected rows={today.expectedBack} />
      <Notices rows={today.notices} />
      <LinkPart today={today} />
      {today.kiosks.length > 0 && <Kiosks kiosks={today.kiosks} />}
    </aside>
  )
}

const mostShown = 3

function NeedYou() {
  const { id: site } = useSite()
  const rows = useQuery(needsYouQuery(site)).data ?? []
  if (rows.length === 0) return null
  return (
    <section className="side-need">
      <h2>
        Marks that need you <span className="count">{rows.length}</span>
      </h2>
      {rows.slice(0, mostShown).map((row) => (
        <NeedCard key={row.writeBack.id} row={row} />
      ))}
      {rows.length > mostShown && (
        <p className="side-more">
          <Link to="/sites/$site/marks" params={{ site }}>
            See all {number(rows.length)}
          </Link>
        </p>
      )}
    </section>
  )
}

function NeedCard({ row: { writeBack: mark, movement, person } }: { row: NeedsYouRow }) {
  const { zone, can } = useSite()
  const mis = useMisName()
  const meaning = useCodeMeaning()
  return (
    <div className="side-card">
      <div className="row between wrap">
        <h3 className="m cut" title={person.name}>
          {person.name}
        </h3>
        <StatePill look={markLooks[mark.state]} about="Mark" />
      </div>
      <p>{whatHappened({ mark, movement, name: person.name, mis, zone }, meaning)}</p>
      {can('attendance.write') && <Choices mark={mark} person={person.name} small quiet />}
    </div>
  )
}

function LinkPart({ today }: { today: Today }) {
  const { id: site, can } = useSite()
  const { connection, counts } = today
  const mayMend = can('mis.read')
  const misPage = (words: string) =>
    mayMend && (
      <Link to="/sites/$site/mis" params={{ site }}>
        {words}
      </Link>
    )
  if (connection === null)
    return (
      <section>
        <h2>MIS link</h2>
        <p className="q">No MIS is linked yet, so every mark is kept here only. {misPage('Link your MIS')}</p>
      </section>
    )
  return (
    <section>
      <h2 className="between">
        {connection.mis} link <StatePill look={linkLooks[connection.state]} about="Link" />
      </h2>
      {connection.state !== 'connected' && (
        <p className="q side-link">
          {connection.mis} isn’t answering us. {count(counts.onTheirWay, 'mark')}{' '}
          {counts.onTheirWay === 1 ? 'is' : 'are'} kept safely here. {misPage('See what to do')}
        </p>
      )}
      <dl className="kv">
        <div>
          <dt>Marks owed today</dt>
          <dd>{number(owedToday(today.movements))}</dd>
        </div>
        <div>
          <dt>In the MIS</dt>
          <dd>{number(counts.inMis)}</dd>
        </div>
        <div>
          <dt>On their way</dt>
          <dd>{number(counts.onTheirWay)}</dd>
        </div>
        <div>
          <dt>People last read</dt>
          <dd>
            <LastImport run={today.lastImport} />
          </dd>
        </div>
        {today.nextImportAt && <Next at={today.nextImportAt} />}
      </dl>
    </section>
  )
}

function LastImport({ run }: { run: ImportRun | null }) {
  const { id: site, zone, can } = useSite()
  const today = dayOf(useNow(), zone)
  if (run === null) return 'not yet'
  const { students, employees } = run.counts
  const problems = students.problems + employees.problems
  const at = run.finishedAt ?? run.startedAt
  const day = at === null ? null : dayOf(at, zone)
  const when =
    at === null || day === null
      ? ''
      : `${day === today ? '' : `${dayInWords(day, today)}, `}${clock(at, zone)}`
  if (run.state === 'done') return `${when}, ${problems === 0 ? 'no problems' : count(problems, 'problem')}`
  const pill = <StatePill look={importLooks[run.state]} />
  if (!can('mis.read')) return pill
  return (
    <Link to="/sites/$site/mis/imports/$run" params={{ site, run: run.id }}>
      {pill}
    </Link>
  )
}

function Next({ at }: { at: string }) {
  const { zone } = useSite()
  const today = dayOf(useNow(), zone)
  const day = dayOf(at, zone)
  return (
    <div>
      <dt>Next by itself</dt>
      <dd>
        {day === today ? '' : `${dayInWords(day, today)}, `}
        {clock(at, zone)}
      </dd>
    </div>
  )
}

function Kiosks({ kiosks }: { kiosks: Kiosk[] }) {
  const { id } = useSite()
  const problems = useQuery(kioskProblemsQuery(id)).data?.length ?? 0
  return (
    <section>
      <h2>Kiosks</h2>
      <dl className="kv">
        {kiosks.map((kiosk) => (
          <div key={kiosk.id}>
            <dt className="cut" title={kiosk.name}>
              {kiosk.name}
            </dt>
            <dd>
              <KioskState kiosk={kiosk} />
            </dd>
          </div>
        ))}
      </dl>
      {problems > 0 && (
        <Link to="/sites/$site/kiosks" params={{ site: id }}>
          {count(problems, 'entry', 'entries')} could not be taken
        </Link>
      )}
    </section>
  )
}
