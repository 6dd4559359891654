/** Finding a pupil by a few letters, with what they did last today. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { Movement } from '../../../shared/attendance.ts'
import type { Person } from '../../../shared/people.ts'
import { createFinder } from '../../ui/find.ts'
import { inWords } from '../../ui/page.tsx'
import { PickList } from '../../ui/pick-list.tsx'
import { movedAt } from '../marks/words.ts'
import { peopleQuery } from '../queries.ts'
import { useSite } from '../site.tsx'
import type { Today } from '../wire.ts'

/** The field that waits for typing has the focus as soon as it is there. */
export function useFocus() {
  const ref = useRef<HTMLInputElement>(null)
  useEffect(() => ref.current?.focus(), [])
  return ref
}

type NamePickProps = {
  today: Today | undefined
  onPick: (person: Person) => void
  /** only those; absent: every student */
  among?: (person: Person) => boolean
  none?: string
}

export function NamePick({ today, onPick, among, none = 'Nobody has a name like that.' }: NamePickProps) {
  const { id: site } = useSite()
  const [text, setText] = useState('')
  const ref = useFocus()
  const people = useQuery(peopleQuery(site, 'student', 'active'))
  const find = useMemo(
    () =>
      createFinder(
        (people.data ?? []).filter((person) => among?.(person) ?? true),
        8,
      ),
    [people.data, among],
  )
  const latest = useMemo(
    () => new Map(today?.movements.map(({ movement }) => [movement.person, movement] as const).toReversed()),
    [today],
  )
  const typed = text.trim() !== ''
  return (
    <PickList
      label="Name"
      placeholder="A few letters of either name"
      inputRef={ref}
      items={find(text)}
      text={text}
      onText={setText}
      onPick={(person) => {
        setText('')
        onPick(person)
      }}
      keyOf={(person) => person.id}
      show={(person) => <NameLine person={person} before={latest.get(person.id)} />}
      busy={people.isPending}
      error={people.isError ? inWords(people.error) : undefined}
      none={typed && !people.isPending ? none : 'Type, choose with the arrows, press Enter.'}
    />
  )
}

function NameLine({ person, before }: { person: Person; before: Movement | undefined }) {
  const { zone } = useSite()
  return (
    <>
      <span className="grow cut m">{person.name}</span>
      {before && <span className="qq sm nw num">{movedAt(before, zone)}</span>}
      <span className="q nw">{person.regGroup ?? person.yearGroup}</span>
    </>
  )
}
