/** The live list: the session as a strip, then who came late, who left, who came back. */
import { Button, TextInput } from '@mantine/core'
import { IconSearch, IconX } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { DayStrip } from '../../ui/day-strip.tsx'
import { Ledger } from '../../ui/ledger.tsx'
import { Empty, Seg } from '../../ui/page.tsx'
import { minuteOf } from '../../ui/time.ts'
import { count } from '../../ui/words.ts'
import { useNow } from '../live.ts'
import { searchField } from '../shell/keys.ts'
import { useSite } from '../site.tsx'
import type { Today } from '../wire.ts'
import {
  dotsOf,
  isShown,
  matches,
  type Section,
  sectionsOf,
  sessionShown,
  type Show,
  shows,
  stripTimes,
} from './day.ts'
import { MovementRow } from './row.tsx'
import { useTodaySearch } from './search.ts'

const showWords: Record<Show, string> = {
  all: 'All',
  'need-you': 'Need you',
  'on-their-way': 'On their way',
  'in-the-mis': 'In the MIS',
}

export function Movements({ today }: { today: Today }) {
  const { zone } = useSite()
  const now = useNow()
  const { search, set } = useTodaySearch()
  const show = shows.find((word) => word === search.show) ?? 'all'
  const typed = search.q ?? ''
  const found = today.movements.filter((row) => matches(row, typed))
  const rows = found.filter((row) => isShown(row, show))
  const minute = minuteOf(now, zone)
  const session = sessionShown(today, minute)
  const [first, ...others] = sectionsOf(rows, session)
  const filtered = show !== 'all' || typed !== ''
  return (
    <div className="movements">
      <div className="row between list-head">
        <h2>{first?.title}</h2>
        <Liveness />
      </div>
      <News total={today.counts.lateToday} />
      {today.open && (
        <DayStrip
          times={stripTimes(today, session)}
          dots={dotsOf(today.movements, session, zone)}
          now={minute}
        />
      )}
      {today.movements.length > 0 && (
        <div className="filters no-print">
          <Seg
            label="Which marks"
            value={show}
            onChange={(value) => set({ show: value === 'all' ? undefined : value }, true)}
            items={shows.map((value) => ({
              value,
              label: showWords[value],
              count: found.filter((row) => isShown(row, value)).length,
            }))}
          />
          <Search typed={typed} onTyped={(q) => set({ q: q || undefined }, true)} />
        </div>
      )}
      {first && <Rows section={first} onOpen={(mark) => set({ mark })} />}
      {first?.rows.length === 0 && !(filtered && others.length > 0) && (
        <NoRows today={today} filtered={filtered} onAll={() => set({ show: undefined, q: undefined })} />
      )}
      {others.map((section) => (
        <section key={section.title}>
          <h2 className="list-title">
            {section.title} <span className="qq num">{section.rows.length}</span>
          </h2>
          <Rows section={section} onOpen={(mark) => set({ mark })} />
        </section>
      ))}
    </div>
  )
}

function Rows({ section, onOpen }: { section: Section; onOpen: (movement: string) => void }) {
  if (section.rows.length === 0) return null
  return (
    <Ledger label={section.title}>
      {section.rows.map((row) => (
        <MovementRow key={row.movement.id} row={row} onOpen={() => onOpen(row.movement.id)} />
      ))}
    </Ledger>
  )
}

type NoRowsProps = { today: Today; filtered: boolean; onAll: () => void }

function NoRows({ today, filtered, onAll }: NoRowsProps) {
  if (filtered && today.movements.length > 0)
    return (
      <Empty
        title="Nothing like that today."
        action={
          <Button variant="default" onClick={onAll}>
            Show all {today.movements.length}
          </Button>
        }
      />
    )
  if (!today.open)
    return <Empty title="The school is closed today.">Whoever comes in all the same shows here.</Empty>
  return <Empty title="Nobody late yet.">The first will show here, with the mark beside the name.</Empty>
}

function Liveness() {
  const { live } = useSite()
  return (
    <span className="row sm q no-print">
      <span className={live.live ? 'live-dot' : 'live-dot off'} />
      {live.live ? 'Live' : 'Not live'}
    </span>
  )
}

/** The address follows the typing, but a key never waits for the address. */
function Search({ typed, onTyped }: { typed: string; onTyped: (typed: string) => void }) {
  const [text, setText] = useState(typed)
  useEffect(() => setText(typed), [typed])
  return (
    <TextInput
      {...searchField}
      className="search"
      size="sm"
      type="search"
      aria-label="Search today’s list"
      placeholder="Search"
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value)
        onTyped(event.currentTarget.value)
      }}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        text === '' ? (
          <kbd className="kbd wide-only">/</kbd>
        ) : (
          <button type="button" className="clear" aria-label="Clear the search" onClick={() => onTyped('')}>
            <IconX size={16} />
          </button>
        )
      }
    />
  )
}

/** For a screen reader: one summary at most every ten seconds. */
function News({ total }: { total: number }) {
  const told = useRef(total)
  const [words, setWords] = useState('')
  useEffect(() => {
    const timer = setInterval(() => {
      const more = total - told.current
      if (more === 0) return
      told.current = total
      setWords(
        more > 0
          ? `${count(more, 'more pupil', 'more pupils')} late, ${total} today.`
          : `${total} late today.`,
      )
    }, 10_000)
    return () => clearInterval(timer)
  }, [total])
  return (
    <p className="hidden" aria-live="polite">
      {words}
    </p>
  )
}
