/** Who comes across: green does, red does not; the choice holds for every import to come. */
import { Button, Modal } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { MisPerson, PersonKind } from '../../../shared/mis.ts'
import { api } from '../../api.ts'
import { ImportSwitch, StatePill } from '../../ui/marks.tsx'
import { NameField } from '../../ui/name-field.tsx'
import { Empty, Loading, PageHead, Problem, Seg } from '../../ui/page.tsx'
import { misPersonLooks } from '../../ui/states.ts'
import { folded } from '../../ui/words.ts'
import { HelpLink } from '../help/help-link.tsx'
import { misPeopleQuery, queryClient, siteKey } from '../queries.ts'
import { useSite } from '../site.tsx'
import { toast, toastFault } from '../toast.tsx'
import { MisTabs } from './tabs.tsx'

const most = 200

export function MisPeoplePage() {
  const { id, can } = useSite()
  const { kind: given, q = '', importing = 'all' } = useSearch({ from: '/sites/$site/mis/people' })
  const kind: PersonKind = given === 'employee' ? 'employee' : 'student'
  const navigate = useNavigate()
  const [asking, { open, close }] = useDisclosure(false)
  const people = useQuery(misPeopleQuery(id, kind))
  const go = (more: { kind?: string; q?: string; importing?: string }) =>
    void navigate({
      to: '/sites/$site/mis/people',
      params: { site: id },
      search: { kind, q, importing, ...more },
      replace: true,
    })
  const choose = useMutation({
    mutationFn: (body: unknown) => api.post<{ changed: number }>(`/sites/${id}/mis/people/selection`, body),
    onSuccess: async ({ changed }) => {
      toast(`${changed} switched.`)
      await queryClient.invalidateQueries({ queryKey: siteKey(id) })
    },
    onError: toastFault,
  })
  const match = useMutation({
    mutationFn: ({ misId, person }: { misId: string; person: string | null }) =>
      api.post(`/sites/${id}/mis/people/${misId}/match`, { person }),
    onSuccess: async () => {
      toast('Settled. The next import follows it.')
      await queryClient.invalidateQueries({ queryKey: siteKey(id) })
    },
    onError: toastFault,
  })
  const all = people.data ?? []
  const shown = all.filter(
    (row) =>
      (importing === 'all' || row.importing === (importing === 'yes')) &&
      (q === '' || folded(row.name).includes(folded(q))),
  )
  const on = all.filter((row) => row.importing).length
  return (
    <>
      <PageHead
        title="Who comes across"
        lead="Green is imported. Red is not: it archives the person at once, and green brings the same one back."
        actions={
          can('mis.write') &&
          all.length > 0 && (
            <>
              <Button variant="default" disabled={choose.isPending} onClick={open}>
                None of them
              </Button>
              <Button
                variant="default"
                disabled={choose.isPending}
                onClick={() => choose.mutate({ importing: true, all: true, kind })}
              >
                All of them
              </Button>
            </>
          )
        }
      />
      <MisTabs />
      <Modal
        opened={asking}
        onClose={close}
        title={kind === 'student' ? 'Keep out every student?' : 'Keep out all staff?'}
      >
        <div className="stack">
          <p>
            They are archived at once, and those who come later are kept out too. Green brings the same ones
            back.
          </p>
          <div className="row">
            <Button
              variant="default"
              data-danger
              onClick={() => {
                close()
                choose.mutate({ importing: false, all: true, kind })
              }}
            >
              Keep them out
            </Button>
            <Button variant="subtle" onClick={close}>
              Leave it
            </Button>
          </div>
        </div>
      </Modal>
      <div className="row wrap" style={{ marginBottom: 16 }}>
        <Seg
          label="Who"
          value={kind}
          onChange={(value) => go({ kind: value })}
          items={[
            { value: 'student' as PersonKind, label: 'Students' },
            { value: 'employee' as PersonKind, label: 'Staff' },
          ]}
        />
        <Seg
          label="Chosen"
          value={importing}
          onChange={(value) => go({ importing: value })}
          items={[
            { value: 'all', label: 'All', count: all.length },
            { value: 'yes', label: 'Importing', count: on },
            { value: 'no', label: 'Not importing', count: all.length - on },
          ]}
        />
        <NameField value={q} onChange={(text) => go({ q: text })} />
      </div>
      <div className="row wrap">
        <HelpLink about={kind === 'student' ? 'pupils-left' : 'staff-left'}>
          {kind === 'student' ? 'A pupil has left and is still here' : 'Somebody has left and is still here'}
        </HelpLink>
        <HelpLink about="keep-one-out">Keeping somebody out</HelpLink>
      </div>
      {people.isPending && <Loading />}
      {people.error && <Problem error={people.error} onRetry={() => void people.refetch()} />}
      {people.data?.length === 0 && (
        <Empty title="The MIS has not been read yet">
          Press Preview on the Link page: it reads everybody and changes nobody.
        </Empty>
      )}
      {all.length > 0 && shown.length === 0 && <Empty title="Nobody like that" />}
      <ul>
        {shown.slice(0, most).map((row) => (
          <Person
            key={row.misId}
            row={row}
            disabled={!can('mis.write') || choose.isPending}
            onSwitch={(wanted) => choose.mutate({ importing: wanted, misIds: [row.misId] })}
            onMatch={(person) => match.mutate({ misId: row.misId, person })}
          />
        ))}
      </ul>
      {shown.length > most && (
        <p className="q">
          The first {most} of {shown.length}. Type a name to find one.
        </p>
      )}
    </>
  )
}

type PersonProps = {
  row: MisPerson
  disabled: boolean
  onSwitch: (importing: boolean) => void
  onMatch: (person: string | null) => void
}

function Person({ row, disabled, onSwitch, onMatch }: PersonProps) {
  return (
    <li className="row between wrap" style={{ padding: '7px 0', borderBottom: '1px solid var(--line)' }}>
      <span className="grow">
        <b>{row.name}</b> <span className="q">{row.regGroup ?? row.yearGroup}</span>
      </span>
      {row.state === 'may-match' && (
        <span className="row">
          <Button size="sm" variant="default" disabled={disabled} onClick={() => onMatch(row.person)}>
            The same person
          </Button>
          <Button size="sm" variant="subtle" disabled={disabled} onClick={() => onMatch(null)}>
            Somebody else
          </Button>
        </span>
      )}
      <StatePill look={misPersonLooks[row.state]} />
      <ImportSwitch importing={row.importing} name={row.name} disabled={disabled} onChange={onSwitch} />
    </li>
  )
}
