/** The directory: students and staff, found as one types, chosen and archived or restored together. */
import { Button, Menu, Select, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus, IconSearch, IconTrash, IconUpload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { PersonKind } from '../../../shared/mis.ts'
import type { Person } from '../../../shared/people.ts'
import { useChosen } from '../../ui/chosen.ts'
import { MoreMenu } from '../../ui/more-menu.tsx'
import { Empty, Loading, PageHead, Problem, Seg } from '../../ui/page.tsx'
import { count, number } from '../../ui/words.ts'
import { peopleQuery } from '../queries.ts'
import { searchField } from '../shell/keys.ts'
import { useMisName, useSite } from '../site.tsx'
import { AddPerson } from './add.tsx'
import { Dock } from './bulk.tsx'
import { groupsIn, narrowed } from './find.ts'
import { RemoveImported } from './remove.tsx'
import { PeopleTable } from './table.tsx'
import './people.css'
import { kinds } from './words.ts'

export const StudentsPage = () => <People kind="student" />
export const StaffPage = () => <People kind="employee" />

type State = 'active' | 'archived'
type Search = { q?: string; year?: string; group?: string; from?: string; state?: string; page?: string }
const perPage = 50

function People({ kind }: { kind: PersonKind }) {
  const { id } = useSite()
  const { list, title, one, many } = kinds[kind]
  const search: Search = useSearch({ from: list })
  const navigate = useNavigate()
  const state: State = search.state === 'archived' ? 'archived' : 'active'
  const people = useQuery(peopleQuery(id, kind, state))
  const [adding, { open, close }] = useDisclosure(false)
  const [removing, { open: openRemove, close: closeRemove }] = useDisclosure(false)
  const go = (change: { [K in keyof Search]?: string | undefined }) =>
    void navigate({
      to: list,
      params: { site: id },
      search: { ...search, page: undefined, ...change } as Search,
      replace: true,
    })
  return (
    <>
      <PageHead
        title={title}
        lead={
          people.data && `${count(people.data.length, one, many)}${state === 'archived' ? ', archived' : ''}`
        }
        actions={<Actions kind={kind} onAdd={open} onRemove={openRemove} />}
      />
      <Filters kind={kind} people={people.data ?? []} search={search} state={state} go={go} />
      {people.isPending && <Loading rows={12} />}
      {people.error && (
        <Problem
          title="The list could not be read."
          error={people.error}
          onRetry={() => void people.refetch()}
        />
      )}
      {people.data && (
        <Listed
          key={`${kind} ${state}`}
          kind={kind}
          people={people.data}
          search={search}
          state={state}
          go={go}
        />
      )}
      {adding && <AddPerson kind={kind} onClose={close} />}
      {removing && <RemoveImported onClose={closeRemove} />}
    </>
  )
}

function Actions({ kind, onAdd, onRemove }: { kind: PersonKind; onAdd: () => void; onRemove: () => void }) {
  const { id, can, live } = useSite()
  if (!can('people.write')) return null
  return (
    <>
      {kind === 'employee' && (
        <Button
          component={Link}
          to="/sites/$site/staff/list"
          params={{ site: id } as never}
          variant="default"
          leftSection={<IconUpload size={16} />}
        >
          Upload a list
        </Button>
      )}
      <Button variant="default" leftSection={<IconPlus size={16} />} disabled={!live.live} onClick={onAdd}>
        Add by hand
      </Button>
      {kind === 'employee' && (
        <MoreMenu>
          <Menu.Item leftSection={<IconTrash size={16} />} color="red" onClick={onRemove}>
            Remove all imported staff…
          </Menu.Item>
        </MoreMenu>
      )}
    </>
  )
}

type Go = (change: { [K in keyof Search]?: string | undefined }) => void
type FiltersProps = { kind: PersonKind; people: Person[]; search: Search; state: State; go: Go }

function Filters({ kind, people, search, state, go }: FiltersProps) {
  const mis = useMisName()
  const years = groupsIn(people, 'yearGroup')
  const groups = groupsIn(
    people.filter((person) => search.year === undefined || person.yearGroup === search.year),
    'regGroup',
  )
  const sources = [
    { value: 'mis', label: `From ${mis}` },
    { value: 'kept-out', label: 'Not importing' },
    { value: 'hand', label: 'By hand' },
  ]
  const narrow = search.q || search.year || search.group || search.from
  return (
    <div className="row wrap people-filters">
      <Seg
        label="Which"
        value={state}
        onChange={(value) => go({ state: value === 'active' ? undefined : value })}
        items={[
          { value: 'active' as State, label: 'Here' },
          { value: 'archived' as State, label: 'Archived' },
        ]}
      />
      <TextInput
        {...searchField}
        className="people-search"
        aria-label="Search"
        placeholder={kind === 'student' ? 'Name' : 'Name, email, phone or vehicle'}
        leftSection={<IconSearch size={16} />}
        value={search.q ?? ''}
        onChange={(event) => go({ q: event.currentTarget.value || undefined })}
      />
      {years.length > 0 && (
        <Choice
          label="Year"
          value={search.year}
          data={years}
          onChange={(year) => go({ year, group: undefined })}
        />
      )}
      {groups.length > 0 && (
        <Choice label="Group" value={search.group} data={groups} onChange={(group) => go({ group })} />
      )}
      <Choice label="Comes from" value={search.from} data={sources} onChange={(from) => go({ from })} />
      {narrow && (
        <Button
          variant="subtle"
          onClick={() => go({ q: undefined, year: undefined, group: undefined, from: undefined })}
        >
          Clear
        </Button>
      )}
    </div>
  )
}

type ChoiceProps = {
  label: string
  value: string | undefined
  data: (string | { value: string; label: string })[]
  onChange: (value: string | undefined) => void
}

function Choice({ label, value, data, onChange }: ChoiceProps) {
  return (
    <Select
      className="people-choice"
      aria-label={label}
      placeholder={label}
      value={value ?? null}
      data={data}
      clearable
      clearButtonProps={{ 'aria-label': `Any ${label.toLowerCase()}` }}
      onChange={(chosen) => onChange(chosen ?? undefined)}
    />
  )
}

function Listed({ kind, people, search, state, go }: FiltersProps) {
  const { chosen, choose, chooseNone } = useChosen()
  const shown = narrowed(people, search)
  const pages = Math.max(1, Math.ceil(shown.length / perPage))
  const page = Math.min(pages, Math.max(1, Number(search.page) || 1))
  const from = (page - 1) * perPage
  const rows = shown.slice(from, from + perPage)
  const picked = people.filter((person) => chosen.has(person.id))
  if (shown.length === 0) return <Nobody kind={kind} state={state} narrow={people.length > 0} />
  const allOfPage = rows.every((row) => chosen.has(row.id)) && shown.length > rows.length
  return (
    <>
      {allOfPage && picked.length < shown.length && (
        <p className="people-all num">
          {rows.length} on this page chosen.{' '}
          <button
            type="button"
            className="link"
            onClick={() =>
              choose(
                shown.map(({ id }) => id),
                true,
              )
            }
          >
            Choose all {number(shown.length)}
          </button>
        </p>
      )}
      <PeopleTable kind={kind} rows={rows} chosen={chosen} onChoose={choose} />
      <footer className="row between wrap people-foot num">
        <span className="q">
          {number(from + 1)}–{number(from + rows.length)} of {number(shown.length)}
        </span>
        {pages > 1 && (
          <span className="row">
            <Button
              variant="default"
              disabled={page === 1}
              onClick={() => go({ page: page > 2 ? String(page - 1) : undefined })}
            >
              Back
            </Button>
            <Button
              variant="default"
              disabled={page === pages}
              onClick={() => go({ page: String(page + 1) })}
            >
              Next {Math.min(perPage, shown.length - from - rows.length)}
            </Button>
          </span>
        )}
      </footer>
      <Dock kind={kind} people={picked} state={state} all={people.length} onDone={chooseNone} />
    </>
  )
}

function Nobody({ kind, state, narrow }: { kind: PersonKind; state: State; narrow: boolean }) {
  const { many } = kinds[kind]
  if (narrow) return <Empty title="Nobody like that">Check the letters, or clear the filters.</Empty>
  if (state === 'archived')
    return (
      <Empty title="Nobody is archived">
        Who leaves, or is switched off, is kept here with their history.
      </Empty>
    )
  return (
    <Empty title={`No ${many} yet`}>
      They come from the MIS by themselves once it is linked
      {kind === 'employee' ? ', or from a list of your own.' : '.'}
    </Empty>
  )
}
