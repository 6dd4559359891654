/** Who comes across: green does, red does not; the choice holds for every import to come. */
import { Button, Modal } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { MisPerson, PersonKind } from '../../../shared/mis.ts'
import { api } from '../../api.ts'
import { ImportSwitch, StatePill } from '../../ui/marks.tsx'
import { Empty, Loading, PageHead, Problem } from '../../ui/page.tsx'
import { misPersonLooks } from '../../ui/states.ts'
import { count } from '../../ui/words.ts'
import { HelpLink } from '../help/help-link.tsx'
import { misPeopleQuery, queryClient, siteKey } from '../queries.ts'
import { useSite } from '../site.tsx'
import { toast, toastFault } from '../toast.tsx'
import { Filters, fits, type Go, type Search } from './people-filters.tsx'
import { MisTabs } from './tabs.tsx'

const atOnce = 200

type Choice = { importing: boolean; misIds?: string[]; all?: true; kind?: PersonKind }

export function MisPeoplePage() {
  const { id, can } = useSite()
  const search: Search = useSearch({ from: '/sites/$site/mis/people' })
  const { kind: given } = search
  const kind: PersonKind = given === 'employee' ? 'employee' : 'student'
  const navigate = useNavigate()
  const [asking, { open, close }] = useDisclosure(false)
  const [most, setMost] = useState(atOnce)
  const people = useQuery(misPeopleQuery(id, kind))
  const go: Go = (more) => {
    setMost(atOnce)
    void navigate({
      to: '/sites/$site/mis/people',
      params: { site: id },
      search: { ...search, ...more },
      replace: true,
    })
  }
  const choose = useMutation({
    mutationFn: (body: Choice) => api.post<{ changed: number }>(`/sites/${id}/mis/people/selection`, body),
    onSuccess: async ({ changed }, body) => {
      const { misIds, importing: wanted } = body
      const undo = () => choose.mutate({ importing: !wanted, misIds: misIds ?? [] })
      toast(`${changed} switched ${wanted ? 'on' : 'off'}.`, misIds === undefined ? {} : { undo })
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
  const shown = all.filter((row) => fits(row, search))
  const narrowed = shown.length < all.length
  /** Those of these who stand the other way, and back again by Undo. */
  function flip(rows: readonly MisPerson[], wanted: boolean): void {
    const misIds = rows.filter((row) => row.importing !== wanted).map((row) => row.misId)
    if (misIds.length > 0) choose.mutate({ importing: wanted, misIds })
  }
  const these = count(
    shown.length,
    kind === 'student' ? 'student' : 'member of staff',
    kind === 'student' ? 'students' : 'members of staff',
  )
  return (
    <>
      <PageHead
        title="Who comes across"
        lead="Green is imported. Red is not: it archives the person at once, and green brings the same one back."
        actions={
          can('mis.write') &&
          shown.length > 0 && (
            <>
              <Button variant="default" disabled={choose.isPending} onClick={open}>
                {narrowed ? `None of these ${shown.length}` : 'None of them'}
              </Button>
              <Button
                variant="default"
                disabled={choose.isPending}
                onClick={() =>
                  narrowed ? flip(shown, true) : choose.mutate({ importing: true, all: true, kind })
                }
              >
                {narrowed ? `All of these ${shown.length}` : 'All of them'}
              </Button>
            </>
          )
        }
      />
      <MisTabs />
      {asking && (
        <KeepOut
          title={
            narrowed
              ? `Keep out ${these}?`
              : kind === 'student'
                ? 'Keep out every student?'
                : 'Keep out all staff?'
          }
          alsoLater={!narrowed}
          onClose={close}
          onKeepOut={() =>
            narrowed ? flip(shown, false) : choose.mutate({ importing: false, all: true, kind })
          }
        />
      )}
      <Filters all={all} search={search} kind={kind} go={go} />
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
            onSwitch={(wanted) => flip([row], wanted)}
            onMatch={(person) => match.mutate({ misId: row.misId, person })}
          />
        ))}
      </ul>
      {shown.length > most && (
        <div className="row wrap" style={{ marginTop: 12 }}>
          <Button variant="default" onClick={() => setMost(most + atOnce)}>
            Show more
          </Button>
          <span className="q num">
            {most} of {shown.length}
          </span>
        </div>
      )}
    </>
  )
}

type KeepOutProps = { title: string; alsoLater: boolean; onClose: () => void; onKeepOut: () => void }

function KeepOut({ title, alsoLater, onClose, onKeepOut }: KeepOutProps) {
  return (
    <Modal opened onClose={onClose} title={title}>
      <div className="stack">
        <p>
          They are archived at once{alsoLater ? ', and those who come later are kept out too' : ''}. Green
          brings the same ones back.
        </p>
        <div className="row">
          <Button
            variant="default"
            data-danger
            onClick={() => {
              onClose()
              onKeepOut()
            }}
          >
            Keep them out
          </Button>
          <Button variant="subtle" onClick={onClose}>
            Leave it
          </Button>
        </div>
      </div>
    </Modal>
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
