/** Expected back: who left early and said when they return, until they are here or the office hears they won't be. */
import { Button } from '@mantine/core'
import { IconAlertTriangle, IconClock } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import type { Movement } from '../../../shared/attendance.ts'
import { api, newId } from '../../api.ts'
import { StatePill } from '../../ui/marks.tsx'
import type { Look } from '../../ui/states.ts'
import { clock } from '../../ui/time.ts'
import { serverNow, useNow } from '../live.ts'
import { readMarksAgain } from '../marks/act.ts'
import { useSite } from '../site.tsx'
import { toast, toastFault } from '../toast.tsx'
import type { ExpectedBack } from '../wire.ts'

export function Expected({ rows }: { rows: ExpectedBack[] }) {
  if (rows.length === 0) return null
  return (
    <section>
      <h2>
        Expected back <span className="q num">{rows.length}</span>
      </h2>
      {rows.map((row) => (
        <Awaited key={row.movement} row={row} />
      ))}
    </section>
  )
}

function Awaited({ row: { movement, person, leftAt, expectedBackAt } }: { row: ExpectedBack }) {
  const { id: site, zone, can, live } = useSite()
  const late = Math.floor((useNow() - Date.parse(expectedBackAt)) / 60_000)
  const look: Look =
    late > 0
      ? { word: `${late} min overdue`, tone: 'red', icon: IconAlertTriangle, fill: true }
      : { word: clock(expectedBackAt, zone), tone: 'grey', icon: IconClock }
  const done = { onError: toastFault, onSettled: () => readMarksAgain(site) }
  const back = useMutation({
    mutationFn: (id: string) =>
      api.post<Movement>(`/sites/${site}/movements`, {
        ...{ id, type: 'return', person: person.id, happenedAt: new Date(serverNow()).toISOString() },
      }),
    ...{ ...done, onSuccess: () => toast(`${person.name} is back.`) },
  })
  const gone = useMutation({
    mutationFn: () =>
      api.post<Movement>(`/sites/${site}/movements/${movement}/correct`, { expectedBackAt: null }),
    ...{
      ...done,
      onSuccess: (corrected: Movement) =>
        toast(`${person.name} isn’t expected back. The afternoon mark follows.`, {
          undo: () =>
            void api
              .post(`/sites/${site}/movements/${corrected.id}/correct`, { expectedBackAt })
              .then(() => readMarksAgain(site), toastFault),
        }),
    },
  })
  return (
    <div className="side-card">
      <div className="row between wrap">
        <h3 className="m cut" title={person.name}>
          {person.name} <span className="q">{person.group}</span>
        </h3>
        <StatePill look={look} about="Expected back" />
      </div>
      <p className="num">
        Left at {clock(leftAt, zone)}
        {late > 0 && `, expected at ${clock(expectedBackAt, zone)}`}.
      </p>
      {can('movements.write') && (
        <div className="row wrap">
          <Button
            size="sm"
            variant="default"
            disabled={!live.live}
            loading={back.isPending}
            onClick={() => back.mutate(newId())}
          >
            Back now<span className="hidden">: {person.name}</span>
          </Button>
          <Button
            size="sm"
            variant="subtle"
            disabled={!live.live}
            loading={gone.isPending}
            onClick={() => gone.mutate()}
          >
            Not coming back<span className="hidden">: {person.name}</span>
          </Button>
        </div>
      )}
    </div>
  )
}
