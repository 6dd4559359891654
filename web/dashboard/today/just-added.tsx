/** What was entered since the panel opened, with each one's mark as it goes, and Undo. */
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { Movement } from '../../../shared/attendance.ts'
import type { Person } from '../../../shared/people.ts'
import { Ledger, LedgerRow } from '../../ui/ledger.tsx'
import { StatePill } from '../../ui/marks.tsx'
import { markLooks } from '../../ui/states.ts'
import { clock } from '../../ui/time.ts'
import { useVoid } from '../marks/correct.tsx'
import { markOf } from '../marks/words.ts'
import { todayQuery } from '../queries.ts'
import { useSite } from '../site.tsx'

export type Added = { movement: Movement; person: Person }
type JustAddedProps = { added: Added[]; onGone: (movement: string) => void }

export function JustAdded({ added, onGone }: JustAddedProps) {
  const { id: site, zone } = useSite()
  const today = useQuery(todayQuery(site)).data
  const takeOut = useVoid()
  const last = added[0]
  return (
    <>
      <p className="hidden" role="status">
        {last && `${last.person.name} is entered, ${clock(last.movement.happenedAt, zone)}.`}
      </p>
      {last && (
        <section>
          <h3>Just entered</h3>
          <Ledger label="Just entered">
            {added.map(({ movement, person }) => {
              const now =
                today?.movements.find((row) => row.movement.id === movement.id)?.movement ?? movement
              const mark = markOf(now)
              return (
                <LedgerRow key={movement.id} time={clock(movement.happenedAt, zone)}>
                  <span className="row">
                    <span className="grow">
                      <span className="m">{person.name}</span>
                      <br />
                      {mark && <StatePill look={markLooks[mark.state]} about="Mark" />}
                    </span>
                    <Button
                      size="sm"
                      variant="default"
                      loading={takeOut.isPending && takeOut.variables.movement.id === movement.id}
                      onClick={() =>
                        takeOut.mutate(
                          { movement: now, name: person.name },
                          { onSuccess: () => onGone(movement.id) },
                        )
                      }
                    >
                      Undo<span className="hidden"> {person.name}</span>
                    </Button>
                  </span>
                </LedgerRow>
              )
            })}
          </Ledger>
        </section>
      )}
    </>
  )
}
