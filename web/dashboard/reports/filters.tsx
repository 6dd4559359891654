/** What a report is asked for: its days, year, group, pupil, reason, and of marks what became of them. */
import { Button, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { markWords, type Report } from '../../../shared/reports.ts'
import { Seg } from '../../ui/page.tsx'
import { lastFirst } from '../../ui/words.ts'
import { groupsIn } from '../people/find.ts'
import { peopleQuery } from '../queries.ts'
import { useSite } from '../site.tsx'
import { totalsQuery } from './queries.ts'
import { type Days, daysOf, type Preset, presetOf, presets, presetWords } from './ranges.ts'
import type { Go, ReportSearch } from './reports.tsx'

type FiltersProps = { report: Report; search: ReportSearch; days: Days; today: string; go: Go }

export function Filters({ report, search, days, today, go }: FiltersProps) {
  const { id, can } = useSite()
  const people = useQuery({ ...peopleQuery(id, 'student', 'active'), enabled: can('people.read') }).data ?? []
  const inDays = useQuery(totalsQuery(id, report, { from: days.from, to: days.to })).data
  const years = groupsIn(people, 'yearGroup')
  const groups = groupsIn(
    people.filter((person) => search.year === undefined || person.yearGroup === search.year),
    'regGroup',
  )
  const reasons = (inDays?.byReason ?? []).flatMap(({ name }) => name ?? [])
  const states = (inDays?.byState ?? []).map(({ state }) => ({ value: state, label: markWords[state] }))
  const narrow = search.year ?? search.group ?? search.reason ?? search.person ?? search.state
  const clear = { year: undefined, group: undefined, reason: undefined, person: undefined, state: undefined }
  return (
    <div className="row wrap report-filters no-print">
      <DayFields days={days} today={today} go={go} />
      <div className="report-break" />
      <Choice
        label="Year"
        value={search.year}
        data={years}
        onChange={(year) => go({ year, group: undefined })}
      />
      <Choice label="Group" value={search.group} data={groups} onChange={(group) => go({ group })} />
      <Choice
        label="Pupil"
        value={search.person}
        data={people.map((person) => ({ value: person.id, label: lastFirst(person) }))}
        onChange={(person) => go({ person })}
        wide
      />
      <Choice
        label="Reason"
        value={search.reason}
        data={withChosen(reasons, search.reason)}
        onChange={(reason) => go({ reason })}
        wide
      />
      {report === 'marks' && (
        <Choice
          label="What became of it"
          value={search.state}
          data={states}
          onChange={(state) => go({ state })}
          wide
        />
      )}
      {narrow && (
        <Button variant="subtle" onClick={() => go(clear)}>
          Clear
        </Button>
      )}
    </div>
  )
}

const withChosen = (names: string[], chosen: string | undefined) =>
  chosen === undefined || names.includes(chosen) ? names : [...names, chosen]

function DayFields({ days, today, go }: Pick<FiltersProps, 'days' | 'today' | 'go'>) {
  const shown = presetOf(days, today)
  const choose = (preset: Preset | 'other') => {
    if (preset === 'other') return
    const { from, to } = daysOf(preset, today)
    go(preset === 'today' ? { from: undefined, to: undefined } : { from, to })
  }
  return (
    <>
      <Seg<Preset | 'other'>
        label="Days"
        value={shown ?? 'other'}
        onChange={choose}
        items={presets.map((value) => ({ value, label: presetWords[value] }))}
      />
      <span className="row report-days">
        <TextInput
          type="date"
          aria-label="From"
          value={days.from}
          max={days.to}
          onChange={(event) =>
            event.currentTarget.value && go({ from: event.currentTarget.value, to: days.to })
          }
        />
        <span className="q">to</span>
        <TextInput
          type="date"
          aria-label="To"
          value={days.to}
          min={days.from}
          onChange={(event) =>
            event.currentTarget.value && go({ from: days.from, to: event.currentTarget.value })
          }
        />
      </span>
    </>
  )
}

type ChoiceProps = {
  label: string
  value: string | undefined
  data: (string | { value: string; label: string })[]
  onChange: (value: string | undefined) => void
  wide?: boolean
}

function Choice({ label, value, data, onChange, wide }: ChoiceProps) {
  return (
    <Select
      className={wide ? 'report-choice wide' : 'report-choice'}
      aria-label={label}
      placeholder={label}
      value={value ?? null}
      data={data}
      searchable
      clearable
      limit={200}
      nothingFoundMessage="None"
      clearButtonProps={{ 'aria-label': `Any ${label.toLowerCase()}` }}
      onChange={(chosen) => onChange(chosen ?? undefined)}
    />
  )
}
