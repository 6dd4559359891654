/**
 * The side panel of the desk: name, reason, Enter, and it stays open for the next. A late bus is one reason and many
 * names: there the reason comes first and stays.
 */
import { Button, Drawer, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Reason } from '../../../shared/attendance.ts'
import type { Person } from '../../../shared/people.ts'
import { CodeTile } from '../../ui/marks.tsx'
import { inWords, Problem, Seg } from '../../ui/page.tsx'
import { PickList } from '../../ui/pick-list.tsx'
import { clock, dayOf, instantOf } from '../../ui/time.ts'
import { folded } from '../../ui/words.ts'
import { useNow } from '../live.ts'
import { reasonsQuery } from '../queries.ts'
import { useSite } from '../site.tsx'
import type { Today } from '../wire.ts'
import {
  type Adding,
  addings,
  addingWords,
  type Entry,
  newEntry,
  typeOf,
  useEnter,
  type WithReason,
} from './adding.ts'
import { type Added, JustAdded } from './just-added.tsx'
import { NamePick, useFocus } from './name-pick.tsx'
import { SixthForm } from './sixth-form.tsx'

type AddPanelProps = {
  /** Null: closed. */
  adding: Adding | null
  today: Today | undefined
  onAdding: (adding: Adding | null) => void
}

export function AddPanel({ adding, today, onAdding }: AddPanelProps) {
  const { site } = useSite()
  return (
    <Drawer
      opened={adding !== null}
      onClose={() => onAdding(null)}
      title={adding === null ? '' : addingWords[adding].title}
    >
      {adding !== null && (
        <>
          <Seg
            label="What happens"
            value={adding}
            onChange={onAdding}
            items={addings
              .filter((value) => value !== 'sixth-form' || site.phase !== 'primary')
              .map((value) => ({ value, label: addingWords[value].tab }))}
          />
          {adding === 'sixth-form' ? (
            <SixthForm today={today} />
          ) : (
            <AddForm key={adding} adding={adding} today={today} />
          )}
        </>
      )}
    </Drawer>
  )
}

function AddForm({ adding, today }: { adding: WithReason; today: Today | undefined }) {
  const { zone } = useSite()
  const enter = useEnter()
  const [person, setPerson] = useState<Person | null>(null)
  const [reason, setReason] = useState<Reason | null>(null)
  const [time, setTime] = useState<string | null>(null)
  const [note, setNote] = useState('')
  const [back, setBack] = useState('')
  const [added, setAdded] = useState<Added[]>([])
  const bus = adding === 'late-bus'
  const day = today?.date ?? dayOf(Date.now(), zone)

  function send(entry: Entry, who: Person) {
    enter.mutate(entry, {
      onSuccess: (movement) => {
        setAdded((before) => [{ movement, person: who }, ...before])
        setPerson(null)
        setNote('')
        setBack('')
      },
    })
  }
  function save(who: Person, why: Reason | null) {
    if (enter.isPending) return
    setPerson(who)
    const happenedAt = time === null ? null : instantOf(day, time, zone)
    const said = { person: who.id, reason: why?.id ?? null, note: note.trim() || null }
    const expectedBackAt = adding === 'early-leave' && back !== '' ? instantOf(day, back, zone) : null
    send(newEntry({ type: typeOf(adding), ...said, happenedAt, expectedBackAt }), who)
  }
  const failed = enter.isError ? enter.variables : null
  return (
    <div className="stack add">
      <When time={time} onTime={setTime} />
      {adding === 'early-leave' && (
        <TextInput
          label="Back at"
          type="time"
          description="Leave it empty if they are not coming back today."
          value={back}
          onChange={(event) => setBack(event.currentTarget.value)}
        />
      )}
      {adding === 'early-leave' && (
        <TextInput
          label="Note"
          description="Who collects, or anything else the office should know."
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          maxLength={1000}
        />
      )}
      {bus && reason && <Picked label="Reason" words={reason.name} onChange={() => setReason(null)} />}
      {person && (!bus || failed) && (
        <Picked
          label="Name"
          words={person.name}
          aside={person.regGroup}
          onChange={() => {
            enter.reset()
            setPerson(null)
          }}
        />
      )}
      {failed && person ? (
        <Problem error={enter.error} title="Not entered." onRetry={() => send(failed, person)} />
      ) : (bus ? reason === null : person !== null) ? (
        <ReasonPick
          adding={adding}
          onPick={(why) => (bus || person === null ? setReason(why) : save(person, why))}
        />
      ) : (
        <NamePick today={today} onPick={(who) => (bus ? save(who, reason) : setPerson(who))} />
      )}
      <JustAdded
        added={added}
        onGone={(id) => setAdded((before) => before.filter(({ movement }) => movement.id !== id))}
      />
    </div>
  )
}

function Picked({ label, words, aside, onChange }: PickedProps) {
  return (
    <div className="picked">
      <span className="grow">
        <span className="qq sm">{label}</span>
        <br />
        <b>{words}</b> {aside && <span className="q">{aside}</span>}
      </span>
      <Button
        size="sm"
        variant="subtle"
        leftSection={<IconX size={16} />}
        onClick={onChange}
        aria-label={`Change ${words}`}
      >
        Change
      </Button>
    </div>
  )
}
type PickedProps = { label: string; words: string; aside?: string | null; onChange: () => void }

/** Now, until somebody says otherwise. */
function When({ time, onTime }: { time: string | null; onTime: (time: string | null) => void }) {
  const { zone } = useSite()
  const now = clock(useNow(), zone)
  return (
    <div className="when">
      <TextInput
        label="Time"
        type="time"
        value={time ?? now}
        onChange={(event) => onTime(event.currentTarget.value || null)}
      />
      {time !== null && (
        <Button variant="subtle" onClick={() => onTime(null)}>
          Now
        </Button>
      )}
    </div>
  )
}

const withoutReason = 'No reason'

function ReasonPick({ adding, onPick }: { adding: WithReason; onPick: (reason: Reason | null) => void }) {
  const { id: site } = useSite()
  const [text, setText] = useState('')
  const ref = useFocus()
  const reasons = useQuery(reasonsQuery(site, typeOf(adding)))
  const mayBeNone = adding === 'return'
  // What the kiosk offers comes first: Enter must take the likely reason, and never a rare code by its letter.
  const offered = (reasons.data ?? []).filter((reason) => reason.state !== 'archived')
  const likely = offered.toSorted((a, b) => Number(b.publicScreen) - Number(a.publicScreen))
  const all: (Reason | null)[] = [...(mayBeNone ? [null] : []), ...likely]
  const nameOf = (reason: Reason | null) => reason?.name ?? withoutReason
  return (
    <PickList
      label="Reason"
      placeholder="Type, or choose with the arrows"
      inputRef={ref}
      items={all.filter((reason) => folded(nameOf(reason)).includes(folded(text.trim())))}
      text={text}
      onText={setText}
      onPick={onPick}
      keyOf={(reason) => reason?.id ?? ''}
      show={(reason) => <ReasonLine name={nameOf(reason)} code={reason?.code ?? null} />}
      busy={reasons.isPending}
      error={reasons.isError ? inWords(reasons.error) : undefined}
      none={
        reasons.isPending
          ? 'Reading the reasons…'
          : text === ''
            ? 'No reasons yet. They come with the first import, or from Settings.'
            : 'No reason like that.'
      }
    />
  )
}

function ReasonLine({ name, code }: { name: string; code: string | null }) {
  return (
    <>
      <span className="grow">{name}</span>
      {code && <CodeTile code={code} size="little" />}
    </>
  )
}
