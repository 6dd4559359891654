/** One day of marks that need a person. */
import { Button, Checkbox } from '@mantine/core'
import { IconArrowsExchange } from '@tabler/icons-react'
import { CodeTile, StatePill } from '../../ui/marks.tsx'
import { markLooks } from '../../ui/states.ts'
import { clock } from '../../ui/time.ts'
import { useCodeMeaning, useMisName, useSite } from '../site.tsx'
import type { NeedsYouRow } from '../wire.ts'
import { useSettle } from './act.ts'
import { Choices } from './choices.tsx'
import { type CauseGroup, type DayGroup, sharedChoices } from './groups.ts'
import { movedAt, theirCode, whatHappened } from './words.ts'

type NeedDayProps = {
  day: DayGroup
  chosen: ReadonlySet<string>
  onChoose: (ids: string[], on: boolean) => void
  onOpen: (movement: string) => void
}

export function NeedDay({ day, ...rest }: NeedDayProps) {
  return (
    <section className="grp" aria-label={day.title}>
      <div className="grp-head">
        <h2>{day.title}</h2>
        <span className="qq num">{day.count}</span>
      </div>
      {day.causes.map((group) => (
        <Cause key={group.code} group={group} word={day.word} {...rest} />
      ))}
    </section>
  )
}

/** Several with the same trouble: said once, with a button for all of them. */
function Cause({ group, word, ...rest }: Omit<NeedDayProps, 'day'> & { group: CauseGroup; word: string }) {
  const shared = group.rows.length > 1
  return (
    <>
      {shared && <CauseHead group={group} onChoose={rest.onChoose} />}
      <ul>
        {group.rows.map((row) => (
          <NeedRow key={row.writeBack.id} row={row} word={word} told={shared} {...rest} />
        ))}
      </ul>
    </>
  )
}

function CauseHead({ group, onChoose }: { group: CauseGroup; onChoose: NeedDayProps['onChoose'] }) {
  const { can, live } = useSite()
  const settle = useSettle()
  const marks = group.rows.map(({ writeBack }) => writeBack)
  const ids = marks.map(({ id }) => id)
  const state = marks[0]!.state
  const fix = sharedChoices(marks).find(({ primary }) => primary)
  return (
    <div className="cause-head">
      <StatePill look={markLooks[state]} word={`${markLooks[state].word}, ${marks.length}`} />
      <p>{marks[0]!.cause && `${marks[0]!.cause.message} ${marks[0]!.cause.fix}`}</p>
      {can('attendance.write') && (
        <div className="choices">
          <Button size="sm" variant="subtle" onClick={() => onChoose(ids, true)}>
            Choose all {ids.length}
          </Button>
          {fix && (
            <Button
              size="sm"
              disabled={!live.live}
              loading={settle.isPending}
              onClick={() => settle.mutate({ marks: ids, act: fix.act })}
            >
              {fix.many}, all {ids.length}
            </Button>
          )}
        </div>
      )}
    </div>
  )
}

type NeedRowProps = Omit<NeedDayProps, 'day'> & { row: NeedsYouRow; word: string; told: boolean }

function NeedRow({ row, word, told, chosen, onChoose, onOpen }: NeedRowProps) {
  const { writeBack: mark, movement, person } = row
  const { zone, can } = useSite()
  const mis = useMisName()
  const meaning = useCodeMeaning()
  const mayAct = can('attendance.write')
  const isChosen = chosen.has(mark.id)
  const when = [person.group, `${word} ${mark.session ?? ''}`.trim(), movedAt(movement, zone)]
  const sayAll = !told || mark.state === 'conflict' || mark.state === 'refused'
  return (
    <li className={isChosen ? 'need chosen' : 'need'}>
      <span className="need-box">
        {mayAct && (
          <Checkbox
            size="sm"
            aria-label={`Choose ${person.name}`}
            checked={isChosen}
            onChange={(event) => onChoose([mark.id], event.currentTarget.checked)}
          />
        )}
      </span>
      {mark.code === null ? <span /> : <CodeTile code={mark.code} meaning={meaning(mark.code)} />}
      <div className="need-main">
        <div className="need-who">
          {movement === null ? (
            <span className="name">{person.name}</span>
          ) : (
            <button type="button" className="name" onClick={() => onOpen(movement.id)}>
              {person.name}
            </button>
          )}
          <span className="qq sm num">{when.filter(Boolean).join(', ')}</span>
        </div>
        <StatePill look={markLooks[mark.state]} about="Mark" />
        {sayAll && <p>{whatHappened({ mark, movement, name: person.name, mis, zone }, meaning)}</p>}
        <Versus row={row} />
      </div>
      {mayAct && <Choices mark={mark} person={person.name} small quiet={told} />}
    </li>
  )
}

/** Theirs and ours side by side, where we know theirs. */
function Versus({ row: { writeBack: mark, movement, reasonName } }: { row: NeedsYouRow }) {
  const { zone } = useSite()
  const mis = useMisName()
  const meaning = useCodeMeaning()
  const theirs = theirCode(mark)
  if (theirs === null || mark.code === null) return null
  return (
    <div className="vs num">
      <span>
        <CodeTile code={theirs} meaning={meaning(theirs)} /> In {mis}
      </span>
      <IconArrowsExchange size={18} aria-label="against" />
      <span>
        <CodeTile code={mark.code} meaning={meaning(mark.code)} /> Ours
        {reasonName && `, ${reasonName.toLowerCase()}`}
        {movement && ` at ${clock(movement.happenedAt, zone)}`}
      </span>
    </div>
  )
}
