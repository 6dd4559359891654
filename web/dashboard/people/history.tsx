/** What happened: movements with their marks along the margin line, and what imports and merges did to the record. */
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { Movement } from '../../../shared/attendance.ts'
import type { PersonKind } from '../../../shared/mis.ts'
import type { Person, PersonHistory } from '../../../shared/people.ts'
import { Ledger, LedgerRow } from '../../ui/ledger.tsx'
import { CodeTile, StatePill } from '../../ui/marks.tsx'
import { Loading, Problem } from '../../ui/page.tsx'
import { markLooks } from '../../ui/states.ts'
import { clock, dayAndClock, shortDay } from '../../ui/time.ts'
import { changeWords } from '../../ui/words.ts'
import { serverNow } from '../live.ts'
import { MovementPanel } from '../marks/panel.tsx'
import { markOf, movementWords } from '../marks/words.ts'
import { movementsOfPerson, personHistoryQuery } from '../queries.ts'
import { useCodeMeaning, useSite } from '../site.tsx'
import { fieldWord } from './words.ts'

const first = 12

export function MovementsOf({ person }: { person: Person }) {
  const { id } = useSite()
  const movements = useQuery(movementsOfPerson(id, person.id))
  const [all, setAll] = useState(false)
  const [open, setOpen] = useState<string | null>(null)
  const rows = (movements.data ?? []).filter((row) => row.correctedBy === null && !row.void)
  const group = person.regGroup ?? person.yearGroup
  return (
    <section>
      <div className="row between">
        <h2>Movements</h2>
        {rows.length > first && (
          <Button variant="subtle" size="sm" onClick={() => setAll(!all)}>
            {all ? 'Show fewer' : `Show all ${rows.length}`}
          </Button>
        )}
      </div>
      {movements.isPending && <Loading rows={4} />}
      {movements.error && (
        <Problem
          title="The movements could not be read."
          error={movements.error}
          onRetry={() => void movements.refetch()}
        />
      )}
      {movements.data && rows.length === 0 && (
        <p className="q person-none">
          {person.kind === 'student'
            ? 'None yet. Late arrivals, leaving early and coming back will stand here.'
            : 'None yet. Checking in and out will stand here.'}
        </p>
      )}
      {rows.length > 0 && (
        <Ledger days label={`Movements of ${person.name}`}>
          {(all ? rows : rows.slice(0, first)).map((row) => (
            <MovementOf key={row.id} movement={row} onOpen={() => setOpen(row.id)} />
          ))}
        </Ledger>
      )}
      <MovementPanel
        movement={open}
        person={{ id: person.id, name: person.name, group }}
        onClose={() => setOpen(null)}
        onMoved={setOpen}
      />
    </section>
  )
}

function MovementOf({ movement, onOpen }: { movement: Movement; onOpen: () => void }) {
  const { zone } = useSite()
  const meaning = useCodeMeaning()
  const mark = markOf(movement)
  const late = movement.minutesLate === null ? null : `${movement.minutesLate} min`
  const why = [movement.reasonText ?? movementWords[movement.type], late].filter(Boolean).join(', ')
  return (
    <LedgerRow time={shortDay(movement.date)} onOpen={onOpen}>
      <span className="pm">
        <b className="nw num">
          {[movement.session, clock(movement.happenedAt, zone)].filter(Boolean).join(', ')}
        </b>
        <span className="q cut" title={why}>
          {why}
        </span>
        <span className="pm-code">
          {mark?.code && <CodeTile code={mark.code} meaning={meaning(mark.code)} />}
        </span>
        <span className="pm-state">{mark && <StatePill look={markLooks[mark.state]} about="Mark" />}</span>
      </span>
    </LedgerRow>
  )
}

type Line = { at: string; line: React.ReactNode }

export function ImportsOf({ kind, person }: { kind: PersonKind; person: Person }) {
  const { id, zone } = useSite()
  const history = useQuery(personHistoryQuery(id, kind, person.id))
  if (history.isPending) return <Loading rows={2} />
  if (history.error)
    return (
      <Problem
        title="What imports did could not be read."
        error={history.error}
        onRetry={() => void history.refetch()}
      />
    )
  const { imports, merged } = history.data
  const lines: Line[] = [
    ...imports.map((row) => ({ at: row.at ?? '', line: <Imported row={row} site={id} /> })),
    ...merged.map((row) => ({
      at: row.at,
      line: (
        <>
          <b>Merged</b> with another record of {row.name}, by {row.by}
        </>
      ),
    })),
  ].toSorted((a, b) => b.at.localeCompare(a.at))
  if (lines.length === 0) return null
  return (
    <section>
      <h2>What imports changed</h2>
      <ul className="person-imports">
        {lines.map(({ at, line }, i) => (
          <li key={i}>
            <span className="grow">{line}</span>
            <span className="qq sm nw num">{at && dayAndClock(at, zone, serverNow())}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Imported({ row, site }: { row: PersonHistory['imports'][number]; site: string }) {
  const { can } = useSite()
  return (
    <>
      {can('mis.read') ? (
        <Link to="/sites/$site/mis/imports/$run" params={{ site, run: row.run }}>
          {changeWords[row.change]}
        </Link>
      ) : (
        <b>{changeWords[row.change]}</b>
      )}
      {row.undone && <span className="q">, undone since</span>}
      {row.fields.length > 0 && <Changes fields={row.fields} />}
    </>
  )
}

type Fields = { field: string; from: string | null; to: string | null }[]

/** "Surname: Lee → Low", the old one struck through. */
export function Changes({ fields }: { fields: Fields }) {
  return (
    <ul className="changes">
      {fields.map(({ field, from, to }) => (
        <li key={field}>
          {fieldWord(field)}: {from && <del>{from}</del>} {from && <span aria-label="is now">→ </span>}
          <span className="m">{to ?? 'none'}</span>
        </li>
      ))}
    </ul>
  )
}
