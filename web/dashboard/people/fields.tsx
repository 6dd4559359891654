/** What is known of a person: the MIS’s own fields locked with the reason, ours each with a pencil. */
import { ActionIcon, Button, TextInput, Tooltip } from '@mantine/core'
import { IconLock, IconPencil } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { PersonKind } from '../../../shared/mis.ts'
import type { Person } from '../../../shared/people.ts'
import { api, Fault } from '../../api.ts'
import { ImportSwitch } from '../../ui/marks.tsx'
import { inWords } from '../../ui/page.tsx'
import { fullDay } from '../../ui/time.ts'
import { queryClient, siteKey } from '../queries.ts'
import { useMisName, useSite } from '../site.tsx'
import { toast, toastFault } from '../toast.tsx'
import { dayNames, daysInWords, fieldWord, isTheirs, kinds } from './words.ts'

export type PersonDetail = Person & { dateOfBirth?: string | null }

type Field = 'forename' | 'surname' | 'email' | 'phone' | 'vehicle' | 'yearGroup' | 'regGroup' | 'workingDays'
const misFields: Record<PersonKind, Field[]> = {
  student: ['forename', 'surname', 'yearGroup', 'regGroup'],
  employee: ['forename', 'surname', 'email'],
}
const ownFields: Record<PersonKind, Field[]> = {
  student: ['email'],
  employee: ['phone', 'vehicle', 'workingDays'],
}

export function Fields({ kind, person }: { kind: PersonKind; person: PersonDetail }) {
  const { can } = useSite()
  const mis = useMisName()
  const theirs = isTheirs(person)
  const may = can('people.write') && person.mergedInto === null
  const lockedWhy = `Comes from ${mis}. Change it there; the next import brings it here.`
  const born = person.dateOfBirth
  return (
    <aside className="person-side">
      {theirs && (
        <section>
          <div className="row between">
            <h2>From {mis}</h2>
            <span className="qq sm row">
              <IconLock size={14} aria-hidden /> Changed only there
            </span>
          </div>
          <dl className="fields">
            {misFields[kind].map((field) => (
              <Locked key={field} label={fieldWord(field)} value={shown(person, field)} why={lockedWhy} />
            ))}
            {born && <Locked label="Date of birth" value={fullDay(born)} why={lockedWhy} />}
          </dl>
        </section>
      )}
      <section>
        <div className="row between">
          <h2>Ours</h2>
          <span className="qq sm">An import never touches these</span>
        </div>
        <dl className="fields">
          {[...(theirs ? [] : misFields[kind]), ...ownFields[kind]].map((field) => (
            <Own key={field} kind={kind} person={person} field={field} may={may} />
          ))}
          {person.misId !== null && <ComesAcross person={person} />}
        </dl>
      </section>
    </aside>
  )
}

function shown(person: Person, field: Field): string | null {
  return field === 'workingDays' ? daysInWords(person.workingDays) : person[field]
}

function Locked({ label, value, why }: { label: string; value: string | null; why: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <span className="grow">{value || <span className="qq">None</span>}</span>
        <Tooltip label={why} multiline w={240} events={{ hover: true, focus: true, touch: true }}>
          <span className="lock" role="img" aria-label={`Locked. ${why}`} tabIndex={0}>
            <IconLock size={16} stroke={1.75} />
          </span>
        </Tooltip>
      </dd>
    </div>
  )
}

function Own({ kind, person, field, may }: { kind: PersonKind; person: Person; field: Field; may: boolean }) {
  const [editing, setEditing] = useState(false)
  const { live } = useSite()
  const label = fieldWord(field)
  if (editing) return <Edit {...{ kind, person, field, label }} onDone={() => setEditing(false)} />
  return (
    <div>
      <dt>{label}</dt>
      <dd>
        <span className="grow">{shown(person, field) || <span className="qq">None</span>}</span>
        {may && (
          <ActionIcon
            variant="subtle"
            color="ink"
            size={32}
            aria-label={`Change ${label.toLowerCase()}`}
            disabled={!live.live}
            onClick={() => setEditing(true)}
          >
            <IconPencil size={16} stroke={1.75} />
          </ActionIcon>
        )}
      </dd>
    </div>
  )
}

type EditProps = { kind: PersonKind; person: Person; field: Field; label: string; onDone: () => void }
const needed = new Set<Field>(['forename', 'surname'])

function Edit({ kind, person, field, label, onDone }: EditProps) {
  const { id } = useSite()
  const [text, setText] = useState(field === 'workingDays' ? '' : (person[field] ?? ''))
  const [days, setDays] = useState<number[]>(person.workingDays ?? [])
  const save = useMutation({
    mutationFn: () => {
      const value = field === 'workingDays' ? (days.length === 0 ? null : days) : text.trim() || null
      return api.patch(`/sites/${id}/${kinds[kind].path}/${person.id}`, {
        [field]: value === null && needed.has(field) ? '' : value,
      })
    },
    async onSuccess() {
      await queryClient.invalidateQueries({ queryKey: siteKey(id, 'people') })
      onDone()
    },
  })
  const said =
    save.error instanceof Fault
      ? (save.error.fields[field] ?? save.error.message)
      : save.error && inWords(save.error)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <div className="field-edit">
      <dt className="hidden">{label}</dt>
      <dd>
        <form noValidate onSubmit={submit} onKeyDown={(event) => event.key === 'Escape' && onDone()}>
          {field === 'workingDays' ? (
            <Days value={days} onChange={setDays} />
          ) : (
            <TextInput
              label={label}
              type={field === 'email' ? 'email' : field === 'phone' ? 'tel' : 'text'}
              autoComplete="off"
              autoFocus
              value={text}
              onChange={(event) => setText(event.currentTarget.value)}
            />
          )}
          {said && (
            <p className="field-said" role="alert">
              {said}
            </p>
          )}
          <div className="row">
            <Button type="submit" size="sm" loading={save.isPending}>
              Save
            </Button>
            <Button size="sm" variant="subtle" onClick={onDone}>
              Leave it
            </Button>
          </div>
        </form>
      </dd>
    </div>
  )
}

function Days({ value, onChange }: { value: number[]; onChange: (days: number[]) => void }) {
  return (
    <div role="group" aria-label="Working days" className="days">
      {dayNames.map((name, i) => {
        const day = i + 1
        const on = value.includes(day)
        return (
          <button
            key={name}
            type="button"
            aria-pressed={on}
            onClick={() => onChange(on ? value.filter((one) => one !== day) : [...value, day])}
          >
            {name}
          </button>
        )
      })}
    </div>
  )
}

function ComesAcross({ person }: { person: Person }) {
  const { id, can, live } = useSite()
  const change = useMutation({
    mutationFn: (importing: boolean) =>
      api.post(`/sites/${id}/mis/people/selection`, { importing, misIds: [person.misId] }),
    async onSuccess(_changed, importing) {
      await queryClient.invalidateQueries({ queryKey: siteKey(id) })
      toast(
        importing
          ? `${person.name} comes across again.`
          : `${person.name} is kept out, and archived. The history is kept.`,
        { undo: () => change.mutate(!importing) },
      )
    },
    onError: toastFault,
  })
  return (
    <div>
      <dt>Comes across</dt>
      <dd>
        <ImportSwitch
          importing={person.importing}
          name={person.name}
          disabled={!can('mis.write') || !live.live || change.isPending}
          onChange={(importing) => change.mutate(importing)}
        />
      </dd>
    </div>
  )
}
