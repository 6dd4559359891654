/** Sixth formers come and go: a name, In or Out, and the next. Nothing of it goes to the MIS. */
import { Button } from '@mantine/core'
import { IconDoorEnter, IconDoorExit, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import type { Person } from '../../../shared/people.ts'
import { isSixthForm } from '../../../shared/sixth-form.ts'
import { Problem } from '../../ui/page.tsx'
import { movedAt } from '../marks/words.ts'
import { useSite } from '../site.tsx'
import type { Today } from '../wire.ts'
import { newEntry, useEnter } from './adding.ts'
import { type Added, JustAdded } from './just-added.tsx'
import { NamePick } from './name-pick.tsx'

const sixthFormer = ({ yearGroup }: Person) => isSixthForm(yearGroup)
const leaves = new Set(['check-out', 'early-leave', 'offsite'])

export function SixthForm({ today }: { today: Today | undefined }) {
  const { zone, live } = useSite()
  const enter = useEnter()
  const [person, setPerson] = useState<Person | null>(null)
  const [added, setAdded] = useState<Added[]>([])
  const last =
    person === null
      ? undefined
      : (added.find((one) => one.person.id === person.id)?.movement ??
        today?.movements.find(({ movement }) => movement.person === person.id)?.movement)
  const isIn = last !== undefined && !leaves.has(last.type)
  function go(type: 'check-in' | 'check-out', who: Person) {
    const nothing = { reason: null, note: null, expectedBackAt: null, happenedAt: null }
    enter.mutate(newEntry({ type, person: who.id, ...nothing }), {
      onSuccess: (movement) => {
        setAdded((before) => [{ movement, person: who }, ...before])
        setPerson(null)
      },
    })
  }
  return (
    <div className="stack add">
      <p className="q sm">In and out as often as they like. Nothing of this goes to the MIS.</p>
      {enter.error && <Problem error={enter.error} title="Not entered." />}
      {person === null ? (
        <NamePick
          today={today}
          among={sixthFormer}
          none="No sixth former has a name like that."
          onPick={setPerson}
        />
      ) : (
        <>
          <div className="picked">
            <span className="grow">
              <b>{person.name}</b> <span className="q">{person.regGroup ?? person.yearGroup}</span>
              {last && <span className="q sm num">, {movedAt(last, zone)}</span>}
            </span>
            <Button
              size="sm"
              variant="subtle"
              leftSection={<IconX size={16} />}
              onClick={() => setPerson(null)}
              aria-label={`Change ${person.name}`}
            >
              Change
            </Button>
          </div>
          <div className="row">
            {(['check-in', 'check-out'] as const).map((type) => (
              <Button
                key={type}
                variant={(type === 'check-out') === isIn ? 'filled' : 'default'}
                autoFocus={(type === 'check-out') === isIn}
                leftSection={type === 'check-in' ? <IconDoorEnter size={18} /> : <IconDoorExit size={18} />}
                disabled={!live.live}
                loading={enter.isPending && enter.variables.type === type}
                onClick={() => go(type, person)}
              >
                {type === 'check-in' ? 'In' : 'Out'}
              </Button>
            ))}
          </div>
        </>
      )}
      <JustAdded
        added={added}
        onGone={(id) => setAdded((before) => before.filter(({ movement }) => movement.id !== id))}
      />
    </div>
  )
}
