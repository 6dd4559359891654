/** From the desk: who, why, when. Enter takes the first of each list. */
import { Button, Modal, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { Reason, ReasonType } from '../../../shared/attendance.ts'
import type { Person } from '../../../shared/people.ts'
import { api, newId } from '../../api.ts'
import { Seg } from '../../ui/page.tsx'
import { PickList } from '../../ui/pick-list.tsx'
import { clock, dayOf, instantOf } from '../../ui/time.ts'
import { folded } from '../../ui/words.ts'
import { serverNow } from '../live.ts'
import { queryClient, reasonsQuery, siteKey, studentSearch } from '../queries.ts'
import { useSite } from '../site.tsx'
import { toast, toastFault } from '../toast.tsx'

const types: { value: ReasonType; label: string }[] = [
  { value: 'late-arrival', label: 'Late' },
  { value: 'early-leave', label: 'Leaving early' },
  { value: 'return', label: 'Back' },
]

export function AddMovement({ onClose }: { onClose: () => void }) {
  const { id, zone } = useSite()
  const [type, setType] = useState<ReasonType>('late-arrival')
  const [name, setName] = useState('')
  const [asked] = useDebouncedValue(name, 120)
  const [person, setPerson] = useState<Person | null>(null)
  const [why, setWhy] = useState('')
  const [time, setTime] = useState(clock(serverNow(), zone))
  const [busy, setBusy] = useState(false)
  // One id for this window: pressed twice, or sent again after a lost answer, it is one movement.
  const movementId = useRef(newId())
  const nameRef = useRef<HTMLInputElement>(null)
  const reasonRef = useRef<HTMLInputElement>(null)
  const found = useQuery(studentSearch(id, asked.trim()))
  const reasons = useQuery(reasonsQuery(id, type)).data ?? []
  useEffect(() => {
    ;(person === null ? nameRef : reasonRef).current?.focus()
  }, [person])

  async function save(reason: Reason | null) {
    if (person === null || busy) return
    setBusy(true)
    try {
      const today = dayOf(serverNow(), zone)
      const now = new Date(serverNow()).toISOString()
      const happenedAt = time === clock(serverNow(), zone) ? now : instantOf(today, time, zone)
      await api.post(`/sites/${id}/movements`, {
        id: movementId.current,
        type,
        person: person.id,
        reason: reason?.id ?? null,
        happenedAt,
      })
      toast(`${person.name} is in the book.`)
      await queryClient.invalidateQueries({ queryKey: siteKey(id) })
      onClose()
    } catch (error) {
      toastFault(error)
      movementId.current = newId()
      setBusy(false)
    }
  }
  // What the kiosk offers comes first: Enter must take the likely reason, and never a rare code by its letter.
  const shown = reasons
    .filter((reason) => reason.state !== 'archived' && folded(reason.name).includes(folded(why)))
    .sort((a, b) => Number(b.publicScreen) - Number(a.publicScreen))
  return (
    <Modal opened onClose={onClose} title="Add to the book" size="lg">
      <div className="stack">
        <Seg label="What happened" value={type} onChange={setType} items={types} />
        {person === null ? (
          <PickList
            label="Who?"
            placeholder="Name"
            inputRef={nameRef}
            text={name}
            onText={setName}
            items={name.trim() === '' ? [] : (found.data ?? [])}
            keyOf={(one) => one.id}
            show={(one) => `${one.name}${one.regGroup ? `, ${one.regGroup}` : ''}`}
            onPick={setPerson}
            busy={found.isFetching}
            none={name.trim() === '' ? 'Type a name.' : 'Nobody of that name.'}
          />
        ) : (
          <>
            <div className="row between">
              <b>
                {person.name}
                {person.regGroup ? `, ${person.regGroup}` : ''}
              </b>
              <Button variant="subtle" size="sm" onClick={() => setPerson(null)}>
                Somebody else
              </Button>
            </div>
            <TextInput
              label="At"
              type="time"
              value={time}
              onChange={(event) => setTime(event.currentTarget.value)}
            />
            <PickList
              label="Why?"
              placeholder="Reason"
              inputRef={reasonRef}
              text={why}
              onText={setWhy}
              items={shown}
              keyOf={(one) => one.id}
              show={(one) => `${one.name}${one.code ? ` (${one.code})` : ''}`}
              onPick={(reason) => void save(reason)}
              none="No such reason."
            />
            {type === 'return' && (
              <Button variant="default" onClick={() => void save(null)} loading={busy}>
                Without a reason
              </Button>
            )}
          </>
        )}
      </div>
    </Modal>
  )
}
