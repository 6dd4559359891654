/** One person's record, at an address of its own: what the MIS says, what we keep, and everything that happened. */
import { Button, Menu } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconArchive, IconArrowBackUp, IconArrowMerge } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { PersonKind } from '../../../shared/mis.ts'
import { Fault } from '../../api.ts'
import { StatePill } from '../../ui/marks.tsx'
import { MoreMenu } from '../../ui/more-menu.tsx'
import { Empty, Loading, PageHead, Problem } from '../../ui/page.tsx'
import { initials } from '../../ui/words.ts'
import { personQuery } from '../queries.ts'
import { useMisName, useSite } from '../site.tsx'
import { useArchive } from './bulk.tsx'
import { Fields, type PersonDetail } from './fields.tsx'
import { ImportsOf, MovementsOf } from './history.tsx'
import { MergePeople } from './merge.tsx'
import './people.css'
import { archivedLook, groupsOf, kinds, sourceLook } from './words.ts'

export function StudentPage() {
  const { person } = useParams({ from: '/sites/$site/students/$person' })
  return <Record key={person} kind="student" id={person} />
}
export function EmployeePage() {
  const { person } = useParams({ from: '/sites/$site/staff/$person' })
  return <Record key={person} kind="employee" id={person} />
}

function Record({ kind, id }: { kind: PersonKind; id: string }) {
  const { id: site } = useSite()
  const person = useQuery(personQuery(site, kind, id))
  const back = (
    <Link key="list" to={kinds[kind].list} params={{ site }}>
      {kinds[kind].title}
    </Link>
  )
  if (person.data) return <Loaded kind={kind} person={person.data} back={back} />
  const missing = person.error instanceof Fault && person.error.status === 404
  return (
    <>
      <PageHead title={missing ? 'Nobody is here' : kinds[kind].title} crumbs={[back]} />
      {missing ? (
        <Empty title={`There is no ${kinds[kind].one} at this address`}>
          The address may be old, or a letter of it is missing. {back}
        </Empty>
      ) : person.error ? (
        <Problem
          title="The record could not be read."
          error={person.error}
          onRetry={() => void person.refetch()}
        />
      ) : (
        <Loading rows={8} />
      )}
    </>
  )
}

type LoadedProps = { kind: PersonKind; person: PersonDetail; back: React.ReactNode }

function Loaded({ kind, person, back }: LoadedProps) {
  const { id: site, can } = useSite()
  const mis = useMisName()
  const [merging, { open, close }] = useDisclosure(false)
  const group = person.regGroup ?? person.yearGroup
  const merged = person.mergedInto !== null
  return (
    <>
      <div className="person-head">
        <span className="av person-av" aria-hidden>
          {initials(person.name)}
        </span>
        <div className="grow">
          <PageHead
            title={person.name}
            crumbs={[back, ...(group === null ? [] : [<span key="group">{group}</span>])]}
            lead={
              <span className="row wrap person-lead">
                {kind === 'student' ? groupsOf(person) : person.email}
                {person.state === 'archived' && <StatePill look={archivedLook} />}
                <StatePill look={sourceLook(person, mis)} />
              </span>
            }
            actions={can('people.write') && !merged && <Actions kind={kind} person={person} onMerge={open} />}
          />
        </div>
      </div>
      {merged && <MergedNote kind={kind} into={person.mergedInto!} />}
      <div className="person-cols">
        <div>
          {can('attendance.read') && <MovementsOf person={person} />}
          <ImportsOf kind={kind} person={person} />
        </div>
        <Fields kind={kind} person={person} />
      </div>
      {merging && <MergePeople kind={kind} person={person} site={site} onClose={close} />}
    </>
  )
}

type ActionsProps = { kind: PersonKind; person: PersonDetail; onMerge: () => void }

function Actions({ kind, person, onMerge }: ActionsProps) {
  const { live } = useSite()
  const change = useArchive(kind)
  const verb = person.state === 'active' ? 'archive' : 'restore'
  return (
    <>
      <Button
        variant="default"
        leftSection={verb === 'archive' ? <IconArchive size={16} /> : <IconArrowBackUp size={16} />}
        disabled={!live.live}
        loading={change.isPending}
        onClick={() => change.mutate({ verb, people: [person] })}
      >
        {verb === 'archive' ? 'Archive' : 'Bring back'}
      </Button>
      <MoreMenu>
        <Menu.Item leftSection={<IconArrowMerge size={16} />} disabled={!live.live} onClick={onMerge}>
          Same person as another record…
        </Menu.Item>
      </MoreMenu>
    </>
  )
}

function MergedNote({ kind, into }: { kind: PersonKind; into: string }) {
  const { id: site } = useSite()
  const kept = useQuery(personQuery(site, kind, into)).data
  return (
    <div className="note blue person-merged" role="status">
      <IconArrowMerge aria-hidden />
      <p className="grow">
        This record was merged into{' '}
        <Link to={kinds[kind].record} params={{ site, person: into }}>
          {kept?.name ?? 'another'}
        </Link>
        . Everything that happened stands there.
      </p>
    </div>
  )
}
