/** One movement on the list of the day, with its mark beside it. The whole row opens it. */
import { LedgerRow } from '../../ui/ledger.tsx'
import { CodeTile, StatePill } from '../../ui/marks.tsx'
import { markLooks } from '../../ui/states.ts'
import { clock } from '../../ui/time.ts'
import { useNow } from '../live.ts'
import { markOf, movementWords } from '../marks/words.ts'
import { useCodeMeaning, useSite } from '../site.tsx'
import type { TodayRow } from '../wire.ts'

/** A row that has just come slides in once. */
const freshMs = 10_000

export function MovementRow({ row, onOpen }: { row: TodayRow; onOpen: () => void }) {
  const { movement, person, reasonName } = row
  const { zone } = useSite()
  const meaning = useCodeMeaning()
  const mark = markOf(movement)
  const code = movement.type === 'late-arrival' ? mark?.code : undefined
  const fresh = useNow() - Date.parse(movement.receivedAt) < freshMs
  const reasoned = [reasonName, movement.note].filter(Boolean).join(', ')
  const other = movement.type === 'check-in' || movement.type === 'check-out' || movement.type === 'offsite'
  const words = other ? movementWords[movement.type] : reasoned
  return (
    <LedgerRow
      time={clock(movement.happenedAt, zone)}
      onOpen={onOpen}
      className={fresh ? 'mv-li fresh' : 'mv-li'}
    >
      <span className="mv">
        <span className="mv-name cut m" title={person.name}>
          {person.name}
        </span>
        <span className="mv-group qq nw">{person.group}</span>
        <span className={code ? 'mv-why q cut' : 'mv-why wide q cut'} title={words}>
          {words}
        </span>
        {code && <CodeTile code={code} meaning={meaning(code)} />}
        {code && (
          <span className="mv-late q nw">
            {movement.minutesLate !== null && `${movement.minutesLate} min`}
          </span>
        )}
        <span className="mv-state">{mark && <StatePill look={markLooks[mark.state]} about="Mark" />}</span>
      </span>
    </LedgerRow>
  )
}
