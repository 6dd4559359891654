/** Whom the page of those who come across shows; the choice stands in its address. */
import { Select } from '@mantine/core'
import type { MisPerson, MisPersonState, PersonKind } from '../../../shared/mis.ts'
import { NameField } from '../../ui/name-field.tsx'
import { Seg } from '../../ui/page.tsx'
import { misPersonLooks } from '../../ui/states.ts'
import { folded } from '../../ui/words.ts'
import { groupsIn } from '../people/find.ts'

export type Search = {
  kind?: string
  q?: string
  importing?: string
  year?: string
  group?: string
  state?: string
}
export type Go = (more: { [key in keyof Search]: string | undefined }) => void

export const fits = (row: MisPerson, { q = '', importing = 'all', year, group, state }: Search): boolean =>
  (importing === 'all' || row.importing === (importing === 'yes')) &&
  (year === undefined || row.yearGroup === year) &&
  (group === undefined || row.regGroup === group) &&
  (state === undefined || row.state === state) &&
  (q === '' || folded(row.name).includes(folded(q)))

type FiltersProps = { all: readonly MisPerson[]; search: Search; kind: PersonKind; go: Go }

export function Filters({ all, search, kind, go }: FiltersProps) {
  const { q = '', importing = 'all', year, group, state } = search
  const on = all.filter((row) => row.importing).length
  return (
    <div className="row wrap" style={{ marginBottom: 16 }}>
      <Seg
        label="Who"
        value={kind}
        onChange={(value) => go({ kind: value, year: undefined, group: undefined, state: undefined })}
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
      <NameField value={q} onChange={(text) => go({ q: text || undefined })} />
      {kind === 'student' && (
        <>
          <Select
            w={150}
            aria-label="Year"
            placeholder="Year"
            clearable
            searchable
            data={groupsIn(all, 'yearGroup')}
            value={year ?? null}
            onChange={(value) => go({ year: value ?? undefined, group: undefined })}
          />
          <Select
            w={150}
            aria-label="Group"
            placeholder="Group"
            clearable
            searchable
            data={groupsIn(
              all.filter((row) => year === undefined || row.yearGroup === year),
              'regGroup',
            )}
            value={group ?? null}
            onChange={(value) => go({ group: value ?? undefined })}
          />
        </>
      )}
      <Select
        w={150}
        aria-label="State"
        placeholder="State"
        clearable
        data={stateChoices(all)}
        value={state ?? null}
        onChange={(value) => go({ state: value ?? undefined })}
      />
    </div>
  )
}

/** The states that somebody is in, with how many. */
function stateChoices(rows: readonly MisPerson[]): { value: string; label: string }[] {
  const counts = new Map<MisPersonState, number>()
  for (const { state } of rows) counts.set(state, (counts.get(state) ?? 0) + 1)
  return [...counts].map(([value, n]) => ({ value, label: `${misPersonLooks[value].word} ${n}` }))
}
