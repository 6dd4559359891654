/** The directory: students and staff, found by name, with what the book holds of each. */
import { Button, Drawer, Modal, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { PersonKind } from '../../../shared/mis.ts'
import type { Person } from '../../../shared/people.ts'
import { api, Fault } from '../../api.ts'
import { StatePill } from '../../ui/marks.tsx'
import { NameField } from '../../ui/name-field.tsx'
import { Empty, Loading, PageHead, Problem, Seg } from '../../ui/page.tsx'
import { markLooks } from '../../ui/states.ts'
import { clock, shortDay } from '../../ui/time.ts'
import { count, folded, lastFirst } from '../../ui/words.ts'
import { movementsOfPerson, peopleQuery, queryClient, siteKey } from '../queries.ts'
import { useSite } from '../site.tsx'
import { toast, toastFault } from '../toast.tsx'

const most = 200
const words = {
  student: { title: 'Students', one: 'student', path: 'students', route: '/sites/$site/students' },
  employee: { title: 'Staff', one: 'member of staff', path: 'employees', route: '/sites/$site/staff' },
} as const

export const StudentsPage = () => <People kind="student" />
export const StaffPage = () => <People kind="employee" />

function People({ kind }: { kind: PersonKind }) {
  const { id, can } = useSite()
  const { route, title, one } = words[kind]
  const search = useSearch({ from: route })
  const navigate = useNavigate()
  const state = search.state === 'archived' ? 'archived' : 'active'
  const people = useQuery(peopleQuery(id, kind, state))
  const [adding, { open, close }] = useDisclosure(false)
  const go = (more: { q?: string; state?: string; person?: string }) =>
    void navigate({ to: route, params: { site: id }, search: { ...search, ...more }, replace: true })
  const q = search.q ?? ''
  const all = people.data ?? []
  const shown = all.filter(
    (row) => q === '' || folded(`${row.name} ${row.surname} ${row.forename}`).includes(folded(q)),
  )
  return (
    <>
      <PageHead
        title={title}
        lead={people.data && count(all.length, one, kind === 'student' ? 'students' : 'members of staff')}
        actions={
          can('people.write') && (
            <Button leftSection={<IconPlus size={16} />} variant="default" onClick={open}>
              Add by hand
            </Button>
          )
        }
      />
      <div className="row wrap" style={{ marginBottom: 16 }}>
        <Seg
          label="Who"
          value={state}
          onChange={(value) => go({ state: value })}
          items={[
            { value: 'active' as 'active' | 'archived', label: 'Here' },
            { value: 'archived' as 'active' | 'archived', label: 'Archived' },
          ]}
        />
        <NameField value={q} onChange={(text) => go({ q: text })} />
      </div>
      {people.isPending && <Loading />}
      {people.error && <Problem error={people.error} onRetry={() => void people.refetch()} />}
      {people.data && shown.length === 0 && (
        <Empty title={q === '' ? `No ${one} here` : 'Nobody of that name'}>
          {q === '' && state === 'active'
            ? 'They come from the MIS by themselves once it is linked.'
            : 'Check the letters.'}
        </Empty>
      )}
      {shown.length > 0 && (
        <table className="table">
          <thead>
            <tr>
              <th>Name</th>
              <th>{kind === 'student' ? 'Group' : 'Email'}</th>
              <th>From</th>
            </tr>
          </thead>
          <tbody>
            {shown.slice(0, most).map((row) => (
              <tr key={row.id}>
                <td>
                  <button type="button" className="link" onClick={() => go({ person: row.id })}>
                    {lastFirst(row)}
                  </button>
                </td>
                <td className="q">
                  {kind === 'student' ? [row.yearGroup, row.regGroup].filter(Boolean).join(', ') : row.email}
                </td>
                <td className="q">{row.misId === null ? 'By hand' : 'MIS'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {shown.length > most && (
        <p className="q">
          The first {most} of {shown.length}. Type a name to find one.
        </p>
      )}
      {adding && <Add kind={kind} onClose={close} />}
      {search.person !== undefined && (
        <PersonPanel
          kind={kind}
          person={all.find((row) => row.id === search.person)}
          onClose={() => go({ person: '' })}
        />
      )}
    </>
  )
}

function Add({ kind, onClose }: { kind: PersonKind; onClose: () => void }) {
  const { id } = useSite()
  const [given, setGiven] = useState({ forename: '', surname: '', regGroup: '', email: '' })
  const [fault, setFault] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const errors = fault instanceof Fault ? fault.fields : {}
  const field = (name: keyof typeof given) => ({
    value: given[name],
    error: errors[name],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget
      setGiven((before) => ({ ...before, [name]: value }))
    },
  })
  async function add(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    try {
      const extra =
        kind === 'student'
          ? { regGroup: given.regGroup.trim() || null }
          : { email: given.email.trim() || null }
      await api.post(`/sites/${id}/${words[kind].path}`, {
        forename: given.forename,
        surname: given.surname,
        ...extra,
      })
      toast('Added.')
      await queryClient.invalidateQueries({ queryKey: siteKey(id, 'people') })
      onClose()
    } catch (error) {
      setFault(error)
      setBusy(false)
    }
  }
  return (
    <Modal opened onClose={onClose} title={kind === 'student' ? 'Add a student' : 'Add a member of staff'}>
      <form className="form" onSubmit={(event) => void add(event)}>
        {fault !== null && Object.keys(errors).length === 0 && <Problem error={fault} />}
        <TextInput label="Forename" {...field('forename')} />
        <TextInput label="Surname" {...field('surname')} />
        {kind === 'student' ? (
          <TextInput label="Group" {...field('regGroup')} />
        ) : (
          <TextInput label="Email" type="email" {...field('email')} />
        )}
        {kind === 'student' && (
          <p className="q sm">
            Until the student is in the MIS too, their marks wait and go by themselves afterwards.
          </p>
        )}
        <Button type="submit" loading={busy}>
          Add
        </Button>
      </form>
    </Modal>
  )
}

function PersonPanel({
  kind,
  person,
  onClose,
}: {
  kind: PersonKind
  person: Person | undefined
  onClose: () => void
}) {
  const { id, zone, can } = useSite()
  const movements = useQuery({
    ...movementsOfPerson(id, person?.id ?? ''),
    enabled: person !== undefined && can('attendance.read'),
  })
  const change = useMutation({
    mutationFn: (verb: 'archive' | 'restore') =>
      api.post(`/sites/${id}/${words[kind].path}/${person!.id}/${verb}`),
    onSuccess: async () => {
      toast('Done.')
      await queryClient.invalidateQueries({ queryKey: siteKey(id, 'people') })
      onClose()
    },
    onError: toastFault,
  })
  return (
    <Drawer opened onClose={onClose} title={person?.name ?? 'Not in this list'}>
      {person === undefined ? (
        <Empty title="Not here">Look among the archived ones.</Empty>
      ) : (
        <div className="stack">
          <dl className="kv">
            {[
              ['Year', person.yearGroup],
              ['Group', person.regGroup],
              ['Email', person.email],
              ['Comes from', person.misId === null ? 'By hand' : 'MIS'],
            ]
              .filter(([, value]) => value)
              .map(([label, value]) => (
                <div key={label}>
                  <dt>{label}</dt>
                  <dd>{value}</dd>
                </div>
              ))}
          </dl>
          <h2>Movements</h2>
          {movements.data?.length === 0 && <p className="q">None yet.</p>}
          <dl className="kv">
            {(movements.data ?? []).map((row) => (
              <div key={row.id}>
                <dt className="num">
                  {shortDay(row.date)}, {clock(row.happenedAt, zone)} {row.void ? '(taken out)' : ''}
                </dt>
                <dd>
                  {row.reasonText ?? row.type}{' '}
                  {row.writeBacks[0] && <StatePill look={markLooks[row.writeBacks[0].state]} about="Mark" />}
                </dd>
              </div>
            ))}
          </dl>
          {can('people.write') && (
            <div className="row">
              <Button
                variant="default"
                loading={change.isPending}
                onClick={() => change.mutate(person.state === 'active' ? 'archive' : 'restore')}
              >
                {person.state === 'active' ? 'Archive' : 'Restore'}
              </Button>
            </div>
          )}
        </div>
      )}
    </Drawer>
  )
}
