/** Marks that need you: what nothing sorts out by itself, by day, with the fix as a button. */
import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { WriteBackState } from '../../../shared/attendance.ts'
import { useChosen } from '../../ui/chosen.ts'
import { Empty, Loading, PageHead, Problem, Seg } from '../../ui/page.tsx'
import { markLooks } from '../../ui/states.ts'
import { clock } from '../../ui/time.ts'
import { count } from '../../ui/words.ts'
import { HelpLink } from '../help/help-link.tsx'
import { useNow } from '../live.ts'
import { needsYouQuery, todayQuery } from '../queries.ts'
import { useMisName, useSite } from '../site.tsx'
import type { NeedsYouRow } from '../wire.ts'
import { useSettle } from './act.ts'
import { daysOf, sharedChoices } from './groups.ts'
import './marks.css'
import { MovementPanel } from './panel.tsx'
import { NeedDay } from './rows.tsx'
import { standingOf } from './standing.ts'

const states = ['conflict', 'refused', 'unconfirmed', 'held'] as const satisfies WriteBackState[]
type Shown = 'all' | (typeof states)[number]

/** Undefined until it is known: nothing is promised meanwhile. */
function useStanding() {
  const { id, site } = useSite()
  const today = useQuery(todayQuery(id)).data
  return (
    today &&
    standingOf({
      licence: site.licence.misIntegration.state,
      ...{ connection: today.connection, onTheirWay: today.counts.onTheirWay },
    })
  )
}

function NoneNeeds({ readAt }: { readAt: number }) {
  const { zone, path, can } = useSite()
  const standing = useStanding()
  if (standing === undefined) return null
  const { title, words, page } = standing
  return (
    <Empty
      title={title}
      action={
        page &&
        can('mis.read') && (
          <Button component={Link} to={`${path}/${page.to}`} variant="default">
            {page.label}
          </Button>
        )
      }
    >
      {words} As at {clock(readAt, zone)}.
    </Empty>
  )
}

export function MarksPage() {
  const { id: site } = useSite()
  const standing = useStanding()
  const marks = useQuery(needsYouQuery(site))
  return (
    <>
      <PageHead title="Marks that need you" lead={standing?.lead} />
      {marks.isPending && <Loading rows={9} />}
      {marks.error && (
        <Problem
          title="The list could not be read."
          error={marks.error}
          onRetry={() => void marks.refetch()}
        />
      )}
      {marks.data && <Marks rows={marks.data} readAt={marks.dataUpdatedAt} />}
      <CannotTake />
      <HelpLink about="not-writing-back">Why aren’t my reasons writing back?</HelpLink>
    </>
  )
}

function Marks({ rows, readAt }: { rows: NeedsYouRow[]; readAt: number }) {
  const { zone } = useSite()
  const now = useNow()
  const search = useSearch({ from: '/sites/$site/marks' })
  const navigate = useNavigate({ from: '/sites/$site/marks' })
  const { chosen, choose, chooseNone } = useChosen()
  const shown: Shown = states.find((state) => state === search.state) ?? 'all'
  const listed = rows.filter(({ writeBack }) => shown === 'all' || writeBack.state === shown)
  const open = search.mark ?? null
  const filter = (state: Shown) => void navigate({ search: state === 'all' ? {} : { state }, replace: true })
  const openMark = (mark: string | null) =>
    void navigate({ search: { ...search, mark: mark ?? undefined } as { state?: string; mark?: string } })
  return (
    <>
      {rows.length === 0 ? (
        <NoneNeeds readAt={readAt} />
      ) : (
        <Seg
          label="Which marks"
          value={shown}
          onChange={filter}
          items={[
            { value: 'all', label: 'All', count: rows.length },
            ...states.map((state) => ({
              value: state,
              label: markLooks[state].word,
              count: rows.filter(({ writeBack }) => writeBack.state === state).length,
            })),
          ]}
        />
      )}
      {rows.length > 0 && listed.length === 0 && (
        <Empty
          title={`No mark is ${shown === 'all' ? 'here' : `“${markLooks[shown].word}”`}.`}
          action={
            <Button variant="default" onClick={() => filter('all')}>
              Show all {rows.length}
            </Button>
          }
        />
      )}
      {daysOf(listed, now, zone).map((day) => (
        <NeedDay key={day.date} day={day} chosen={chosen} onChoose={choose} onOpen={openMark} />
      ))}
      <Dock rows={listed.filter(({ writeBack }) => chosen.has(writeBack.id))} onDone={chooseNone} />
      <MovementPanel
        movement={open}
        person={rows.find(({ movement }) => movement?.id === open)?.person}
        onClose={() => openMark(null)}
        onMoved={openMark}
      />
    </>
  )
}

/** What can be done at once with all that are chosen: only what each of them allows. */
function Dock({ rows, onDone }: { rows: NeedsYouRow[]; onDone: () => void }) {
  const { live, can } = useSite()
  const settle = useSettle()
  if (rows.length === 0 || !can('attendance.write')) return null
  const marks = rows.map(({ writeBack }) => writeBack.id)
  const choices = sharedChoices(rows.map(({ writeBack }) => writeBack)).toReversed()
  const kinds = new Set(rows.map(({ writeBack }) => markLooks[writeBack.state].word))
  return (
    <section className="dock" aria-label="Chosen marks">
      <span className="grow num" role="status">
        <b>{rows.length} chosen</b>{' '}
        {choices.length === 0 ? 'No one button fits them all.' : kinds.size === 1 && `All “${[...kinds][0]}”`}
      </span>
      <Button variant="default" onClick={onDone}>
        Choose none
      </Button>
      {choices.map((choice) => (
        <Button
          key={choice.act}
          variant="default"
          disabled={!live.live}
          loading={settle.isPending && settle.variables.act === choice.act}
          onClick={() => settle.mutate({ marks, act: choice.act }, { onSuccess: onDone })}
        >
          {marks.length > 1 ? choice.many : choice.label}
        </Button>
      ))}
    </section>
  )
}

const never = ['attendance.mis_cannot_write', 'attendance.not_licensed']

/** What can't go to this MIS at all: nothing is wrong with the marks, and nobody is asked. */
function CannotTake() {
  const { id: site } = useSite()
  const mis = useMisName()
  const today = useQuery(todayQuery(site)).data
  const kept = (today?.movements ?? []).flatMap(({ movement }) =>
    movement.writeBacks.filter(
      ({ state, cause }) => state === 'not-required' && never.includes(cause?.code ?? ''),
    ),
  )
  const byCause = Map.groupBy(kept, (mark) => mark.cause?.code)
  return [...byCause].map(([code, marks]) => (
    <section className="cannot" key={code}>
      <div className="row between wrap">
        <h2>{code === never[0] ? `What ${mis} can’t take from us` : `What doesn’t go to ${mis} just now`}</h2>
        <span className="q num">{count(marks.length, 'mark')} today</span>
      </div>
      <p>
        Nothing is wrong with these, and they are kept here. {marks[0]?.cause?.message} {marks[0]?.cause?.fix}{' '}
        <Link to="/sites/$site/today" params={{ site }}>
          See them on Today
        </Link>
      </p>
    </section>
  ))
}
