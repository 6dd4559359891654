/** *Send a test mark*: one mark for a pupil whom the office chooses; what comes of it proves what this MIS takes. */
import { Button, Modal, SegmentedControl } from '@mantine/core'
import { useDebouncedValue, useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { WriteBack } from '../../../shared/attendance.ts'
import type { Person } from '../../../shared/people.ts'
import type { Session } from '../../../shared/values.ts'
import { api } from '../../api.ts'
import { StatePill } from '../../ui/marks.tsx'
import { Problem } from '../../ui/page.tsx'
import { PickList } from '../../ui/pick-list.tsx'
import { markLooks } from '../../ui/states.ts'
import { clock } from '../../ui/time.ts'
import { Choices } from '../marks/choices.tsx'
import { findPeopleQuery, markQuery } from '../queries.ts'
import { useSite } from '../site.tsx'

export function TestMark({ mis }: { mis: string }) {
  const [open, dialog] = useDisclosure()
  return (
    <>
      <Button variant="default" onClick={dialog.open}>
        Send a test mark
      </Button>
      <Modal opened={open} onClose={dialog.close} title="Send a test mark" size="lg">
        <TestMarkForm mis={mis} />
      </Modal>
    </>
  )
}

function TestMarkForm({ mis }: { mis: string }) {
  const { id } = useSite()
  const [pupil, setPupil] = useState<Person | null>(null)
  const [session, setSession] = useState<Session>('PM')
  const send = useMutation({
    mutationFn: (student: string) => api.post<WriteBack>(`/sites/${id}/mis/test-mark`, { student, session }),
  })
  if (send.data) return <Outcome first={send.data} name={pupil?.name ?? ''} mis={mis} />
  return (
    <div className="stack">
      <p>
        One mark, L with one minute late and a comment, goes into today’s register for a pupil you choose.
        Choose somebody with no mark in that session yet. Once it is seen, we know what {mis} takes, and the
        mark is taken back as far as {mis} allows.
      </p>
      {send.error && <Problem error={send.error} />}
      <Pupil chosen={pupil} onPick={setPupil} />
      <SegmentedControl
        aria-label="Session"
        value={session}
        onChange={(value) => setSession(value as Session)}
        data={[
          { value: 'AM', label: 'Morning' },
          { value: 'PM', label: 'Afternoon' },
        ]}
      />
      <div className="row">
        <Button
          disabled={pupil === null}
          loading={send.isPending}
          onClick={() => pupil && send.mutate(pupil.id)}
        >
          Send it
        </Button>
      </div>
    </div>
  )
}

function Pupil({ chosen, onPick }: { chosen: Person | null; onPick: (pupil: Person | null) => void }) {
  const { id } = useSite()
  const [text, setText] = useState('')
  const [asked] = useDebouncedValue(text.trim(), 200)
  const input = useRef<HTMLInputElement>(null)
  const found = useQuery(findPeopleQuery(id, 'student', asked))
  if (chosen !== null)
    return (
      <p className="row wrap">
        <strong>{chosen.name}</strong> <span className="q">{chosen.regGroup}</span>
        <Button variant="default" size="sm" onClick={() => onPick(null)}>
          Change
        </Button>
      </p>
    )
  return (
    <PickList
      label="Pupil"
      placeholder="Name"
      inputRef={input}
      items={(asked === '' ? [] : (found.data ?? [])).filter(
        (one) => one.state === 'active' && one.misId !== null,
      )}
      text={text}
      onText={setText}
      onPick={onPick}
      keyOf={(person) => person.id}
      show={(person) => (
        <>
          {person.name} <span className="q">{person.regGroup}</span>
        </>
      )}
      none={asked === '' ? 'Type a name.' : 'Nobody of that name is in the MIS.'}
      busy={found.isFetching}
    />
  )
}

function Outcome({ first, name, mis }: { first: WriteBack; name: string; mis: string }) {
  const { id, zone } = useSite()
  const { data: mark = first } = useQuery({ ...markQuery(id, first.id), refetchInterval: 2000 })
  return (
    <div className="stack" aria-live="polite">
      <p className="row wrap">
        <StatePill look={markLooks[mark.state]} about="Test mark" />
        <span>
          {mark.code} for {name}, {mark.session}.
        </span>
      </p>
      <p>{said(mark, mis)}</p>
      <ol className="q">
        {mark.history.map((event) => (
          <li key={event.at + event.to} className="num">
            {clock(event.at, zone)} {event.note}
          </li>
        ))}
      </ol>
      {mark.needsPerson && <Choices mark={mark} person={name} />}
    </div>
  )
}

function said(mark: WriteBack, mis: string): string {
  switch (mark.state) {
    case 'confirmed':
      return `${mis} shows it, so it takes marks from us. What else came with it is on the page behind this. The mark is taken back now; where nothing stood before it, ${mis} has no way to clear it from here, and it waits under “Marks that need you”.`
    case 'refused':
    case 'conflict':
    case 'unconfirmed':
    case 'held':
      return `${mark.cause?.message ?? ''} ${mark.cause?.fix ?? ''}`.trim()
    default:
      return `On its way to ${mis}. This takes a few seconds; you may close this and look at the page later.`
  }
}
