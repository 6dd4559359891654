/** One movement and its mark: the slip, what can be done, what happened, and putting a mistake right. */
import { Drawer } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Movement, WriteBack } from '../../../shared/attendance.ts'
import { CodeTile, StatePill } from '../../ui/marks.tsx'
import { Loading, Problem } from '../../ui/page.tsx'
import { markLooks } from '../../ui/states.ts'
import { clock, dayOf, longDay } from '../../ui/time.ts'
import { count } from '../../ui/words.ts'
import { movementQuery, personQuery } from '../queries.ts'
import { useCodeMeaning, useMisName, useSite } from '../site.tsx'
import { Choices } from './choices.tsx'
import { Correct } from './correct.tsx'
import { MarkHistory } from './history.tsx'
import './marks.css'
import { beneath, isOwed, markOf, movementWords, whatHappened } from './words.ts'

type Named = { id: string; name: string; group: string | null }
type PanelProps = {
  /** Null: closed. */
  movement: string | null
  /** Who it is, where the page knows already. */
  person?: Named | undefined
  onClose: () => void
  /** After a correction: the movement that took this one's place, or null for none. */
  onMoved: (movement: string | null) => void
}

export function MovementPanel({ movement: id, person, onClose, onMoved }: PanelProps) {
  return (
    <Drawer opened={id !== null} onClose={onClose} size={540} title={person?.name ?? 'One mark'}>
      {id !== null && <Opened key={id} id={id} person={person} onMoved={onMoved} />}
    </Drawer>
  )
}

type OpenedProps = { id: string; person: Named | undefined; onMoved: (movement: string | null) => void }

function Opened({ id, person, onMoved }: OpenedProps) {
  const { id: site } = useSite()
  const movement = useQuery(movementQuery(site, id))
  if (movement.error)
    return (
      <Problem
        title="This mark could not be read."
        error={movement.error}
        onRetry={() => void movement.refetch()}
      />
    )
  if (movement.data === undefined) return <Loading rows={8} />
  return person ? (
    <Slip movement={movement.data} person={person} onMoved={onMoved} />
  ) : (
    <FoundSlip movement={movement.data} onMoved={onMoved} />
  )
}

type SlipProps = { movement: Movement; person: Named; onMoved: (movement: string | null) => void }

function FoundSlip({ movement, onMoved }: Omit<SlipProps, 'person'>) {
  const { id: site } = useSite()
  const found = useQuery(personQuery(site, 'student', movement.person))
  if (found.isPending) return <Loading rows={8} />
  const { name = 'Somebody', regGroup = null, yearGroup = null } = found.data ?? {}
  return (
    <Slip
      movement={movement}
      person={{ id: movement.person, name, group: regGroup ?? yearGroup }}
      onMoved={onMoved}
    />
  )
}

function Slip({ movement, person, onMoved }: SlipProps) {
  const { id: site, zone, can } = useSite()
  return (
    <div className="stack panel">
      <SlipCard movement={movement} person={person} />
      <WhatNow movement={movement} person={person} />
      <section>
        <h2>What happened</h2>
        <MarkHistory movement={movement} zone={zone} />
        <p className="sm">
          <Link to="/sites/$site/marks/$movement" params={{ site, movement: movement.id }}>
            Open as a page, to print or share
          </Link>
        </p>
      </section>
      {can('movements.write') && movement.correctedBy === null && !movement.void && (
        <Correct movement={movement} name={person.name} onMoved={onMoved} />
      )}
    </div>
  )
}

type CardProps = { movement: Movement; person: Named }

/** The mark as it stands, and what was said when it was entered. */
export function SlipCard({ movement, person }: CardProps) {
  const { zone } = useSite()
  const mis = useMisName()
  const meaning = useCodeMeaning()
  const mark = markOf(movement)
  const shown = mark !== undefined && mark.code !== null && isOwed(mark) ? mark.code : null
  const after = mark && beneath(mark, mis, zone)
  return (
    <section className="slip">
      <div className="slip-head">
        {shown && <CodeTile code={shown} meaning={meaning(shown)} size="big" />}
        <div className="grow">
          <p className="slip-title">{(shown && meaning(shown)) ?? movementWords[movement.type]}</p>
          {mark && (
            <p className="row wrap">
              <StatePill look={markLooks[mark.state]} about="Mark" />
              {after && <span className="q sm num">{after}</span>}
            </p>
          )}
        </div>
      </div>
      <SlipRows
        movement={movement}
        person={person}
        receipt={mark?.receipt ?? null}
        comment={mark?.comment ?? null}
      />
    </section>
  )
}

/** Where a person must decide: what is the matter, and the buttons. */
export function WhatNow({ movement, person }: CardProps) {
  const { zone, can } = useSite()
  const mis = useMisName()
  const meaning = useCodeMeaning()
  const mark = markOf(movement)
  if (!mark?.needsPerson) return null
  return (
    <section className="stack">
      <p className="q">{whatHappened({ mark, movement, name: person.name, mis, zone }, meaning)}</p>
      {can('attendance.write') && <Choices mark={mark} person={person.name} />}
    </section>
  )
}

type SlipRowsProps = { movement: Movement; person: Named; receipt: string | null; comment: string | null }

function SlipRows({ movement, person, receipt, comment }: SlipRowsProps) {
  const { id: site, zone, can } = useSite()
  const late = movement.minutesLate === null ? '' : `, ${count(movement.minutesLate, 'minute')} late`
  const rows: [string, string | null][] = [
    ['Session', `${longDay(movement.date)}${movement.session ? `, ${movement.session}` : ''}`],
    [movementWords[movement.type], `${clock(movement.happenedAt, zone)}${late}`],
    ['Reason', movement.reasonText],
    ['Expected back', movement.expectedBackAt && clock(movement.expectedBackAt, zone)],
    ['Note', movement.note],
    ...(movement.writeBacks.length > 1 ? movement.writeBacks.map(markLine) : []),
    ['Comment sent', comment],
    ['Wonde receipt', receipt],
  ]
  const lateWritten = Date.parse(movement.receivedAt) - Date.parse(movement.happenedAt) > 120_000
  if (lateWritten)
    rows.splice(2, 0, ['Written down', `${clock(movement.receivedAt, zone)}${onDay(movement, zone)}`])
  return (
    <dl className="kv">
      <div>
        <dt>Pupil</dt>
        <dd>
          {can('people.read') ? (
            <Link to="/sites/$site/students/$person" params={{ site, person: person.id }}>
              {person.name}
            </Link>
          ) : (
            person.name
          )}
          {person.group && `, ${person.group}`}
        </dd>
      </div>
      {rows.map(
        ([name, value]) =>
          value && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  )
}

/** Of a movement with two marks each has its line. */
const markLine = ({ session, code, state }: WriteBack): [string, string] => [
  session === 'AM' ? 'Morning mark' : 'Afternoon mark',
  [code, markLooks[state].word].filter(Boolean).join(', '),
]

const onDay = (movement: Movement, zone: string) => {
  const day = dayOf(movement.receivedAt, zone)
  return day === movement.date ? '' : `, ${longDay(day)}`
}
