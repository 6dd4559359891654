/** Two records of one person: find the other, see both, say which is kept. */
import { Button, Modal } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import type { PersonKind } from '../../../shared/mis.ts'
import type { Person } from '../../../shared/people.ts'
import { api } from '../../api.ts'
import { StatePill } from '../../ui/marks.tsx'
import { Problem } from '../../ui/page.tsx'
import { PickList } from '../../ui/pick-list.tsx'
import { folded, lastFirst } from '../../ui/words.ts'
import { findPeopleQuery, queryClient, siteKey } from '../queries.ts'
import { useMisName } from '../site.tsx'
import { toast } from '../toast.tsx'
import { archivedLook, daysInWords, fieldWord, groupsOf, kinds, sourceLook } from './words.ts'

type MergeProps = { kind: PersonKind; person: Person; site: string; onClose: () => void }

export function MergePeople({ kind, person, site, onClose }: MergeProps) {
  const [other, setOther] = useState<Person | null>(null)
  return (
    <Modal opened onClose={onClose} size={680} title={`Same person as ${person.name}`}>
      {other === null ? (
        <Find kind={kind} person={person} site={site} onPick={setOther} />
      ) : (
        <Decide
          kind={kind}
          pair={[person, other]}
          site={site}
          onClose={onClose}
          onBack={() => setOther(null)}
        />
      )}
    </Modal>
  )
}

type FindProps = { kind: PersonKind; person: Person; site: string; onPick: (person: Person) => void }

function Find({ kind, person, site, onPick }: FindProps) {
  const mis = useMisName()
  const input = useRef<HTMLInputElement>(null)
  const [text, setText] = useState(person.surname || person.forename)
  const [asked] = useDebouncedValue(text.trim(), 150)
  const found = useQuery(findPeopleQuery(site, kind, asked))
  // Enter takes the first: that is to be the one of the same forename.
  const first = folded(person.forename).split(/[\s-]/)[0]!
  const isNamesake = (one: Person) => Number(folded(one.forename).startsWith(first))
  const others = (found.data ?? [])
    .filter((one) => one.id !== person.id)
    .toSorted((a, b) => isNamesake(b) - isNamesake(a))
  return (
    <div className="stack merge-find">
      <p className="q">
        Find the other record of this {kinds[kind].one}. Both histories are kept under one of them.
      </p>
      <PickList
        label="The other record"
        placeholder="Name"
        inputRef={input}
        items={others}
        text={text}
        onText={setText}
        onPick={onPick}
        keyOf={(one) => one.id}
        busy={found.isFetching}
        error={found.error ? 'The list could not be read. Try again in a moment.' : undefined}
        none={asked === '' ? 'Type a name.' : 'Nobody else of that name.'}
        show={(one) => (
          <>
            <span className="grow cut">
              <span className="m">{lastFirst(one)}</span>{' '}
              <span className="qq">{kind === 'student' ? groupsOf(one) : one.email}</span>
            </span>
            {one.state === 'archived' && <StatePill look={archivedLook} />}
            <StatePill look={sourceLook(one, mis)} />
          </>
        )}
      />
    </div>
  )
}

type DecideProps = {
  kind: PersonKind
  pair: [Person, Person]
  site: string
  onClose: () => void
  onBack: () => void
}

function Decide({ kind, pair, site, onClose, onBack }: DecideProps) {
  const navigate = useNavigate()
  const [viewed, found] = pair
  // The record with the link to the MIS is the one that goes on by itself.
  const [keep, setKeep] = useState(viewed.misId === null && found.misId !== null ? found.id : viewed.id)
  const kept = keep === viewed.id ? viewed : found
  const given = keep === viewed.id ? found : viewed
  const merge = useMutation({
    mutationFn: () =>
      api.post<Person>(`/sites/${site}/${kinds[kind].path}/${given.id}/merge`, { into: kept.id }),
    async onSuccess(person) {
      await queryClient.invalidateQueries({ queryKey: siteKey(site) })
      toast(`${person.name} is one record now.`)
      onClose()
      await navigate({ to: kinds[kind].record, params: { site, person: person.id } })
    },
  })
  return (
    <div className="stack">
      <div className="merge-pair" role="radiogroup" aria-label="Which record is kept">
        {pair.map((person) => (
          <Side key={person.id} kind={kind} person={person} kept={keep === person.id} onKeep={setKeep} />
        ))}
      </div>
      {folded(viewed.name) !== folded(found.name) && (
        <p className="note amber">
          The names differ: {viewed.name} and {found.name}. Make sure that they are one person.
        </p>
      )}
      <p className="q">
        The kept record gets the movements, marks and import changes of both, and the link to the MIS if
        either has one. What it does not know is filled in from the other, which is archived and points to it.
        This can’t be undone.
      </p>
      {merge.error && <Problem title="Nothing has changed." error={merge.error} />}
      <div className="row wrap">
        <Button loading={merge.isPending} onClick={() => merge.mutate()}>
          Make them one record
        </Button>
        <Button variant="subtle" onClick={onBack}>
          Choose another
        </Button>
      </div>
    </div>
  )
}

type SideProps = { kind: PersonKind; person: Person; kept: boolean; onKeep: (id: string) => void }

function Side({ kind, person, kept, onKeep }: SideProps) {
  const mis = useMisName()
  const rows =
    kind === 'student'
      ? [
          ['yearGroup', person.yearGroup],
          ['regGroup', person.regGroup],
          ['email', person.email],
        ]
      : [
          ['email', person.email],
          ['phone', person.phone],
          ['vehicle', person.vehicle],
          ['workingDays', daysInWords(person.workingDays)],
        ]
  return (
    <button
      type="button"
      role="radio"
      aria-checked={kept}
      className="merge-side"
      onClick={() => onKeep(person.id)}
    >
      <span className="row between">
        <span className="merge-keep">{kept ? 'Kept' : 'Goes into the other'}</span>
        <span className="merge-dot" aria-hidden />
      </span>
      <b className="merge-name">{person.name}</b>
      <span className="row wrap">
        <StatePill look={sourceLook(person, mis)} />
        {person.state === 'archived' && <StatePill look={archivedLook} />}
      </span>
      {rows.map(
        ([field, value]) =>
          value && (
            <span key={field} className="merge-row">
              <span className="qq">{fieldWord(field!)}</span> <span>{value}</span>
            </span>
          ),
      )}
    </button>
  )
}
