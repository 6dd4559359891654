/** What kiosks entered and the book could not take: nothing of it is lost, and somebody at the desk decides. */
import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { KioskProblem } from '../../../shared/kiosks.ts'
import { api } from '../../api.ts'
import { dayAndClock } from '../../ui/time.ts'
import { useNow } from '../live.ts'
import { kioskProblemsQuery, personQuery, queryClient, siteKey } from '../queries.ts'
import { useSite } from '../site.tsx'
import { toast, toastFault } from '../toast.tsx'

const doing: Record<string, string> = {
  'late-arrival': 'Came in late',
  'early-leave': 'Left early',
  return: 'Came back',
}

/** Why, for the desk; what is not here says itself in the server's own words. */
const why: Record<string, string> = {
  'attendance.unknown_person': 'This pupil was no longer in the book, or not at this school.',
  'attendance.unknown_reason': 'The reason tapped is no longer one of your school’s.',
  'attendance.reason_required': 'No reason came with it.',
  'request.invalid': 'The kiosk’s page is older than the book. Reload it on the device.',
}

type Command = { type: string; person: string | null; happenedAt: string | null }

/** What can be read of a command: an outdated kiosk may have sent anything. */
function read(command: unknown): Command {
  const given = (typeof command === 'object' && command !== null ? command : {}) as Record<string, unknown>
  const text = (key: string) => (typeof given[key] === 'string' ? given[key] : null)
  const at = text('happenedAt')
  return {
    type: doing[text('type') ?? ''] ?? 'Something entered',
    person: text('person'),
    happenedAt: at !== null && !Number.isNaN(Date.parse(at)) ? at : null,
  }
}

export function KioskProblems() {
  const { id } = useSite()
  const rows = useQuery(kioskProblemsQuery(id)).data ?? []
  if (rows.length === 0) return null
  return (
    <section className="kiosk-problems">
      <h2>What a kiosk entered and could not be taken</h2>
      <p className="q">
        Nothing was written. If it is right, enter it on{' '}
        <Link to="/sites/$site/today" params={{ site: id }}>
          Today
        </Link>
        .
      </p>
      <ul>
        {rows.map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </ul>
    </section>
  )
}

function Row({ row }: { row: KioskProblem }) {
  const { id, zone, can, live } = useSite()
  const now = useNow()
  const { type, person, happenedAt } = read(row.command)
  const known = useQuery({
    ...personQuery(id, 'student', person ?? ''),
    enabled: person !== null,
    retry: false,
  })
  const name = known.data ? `${known.data.forename} ${known.data.surname}` : 'Somebody who is not in the book'
  const at = happenedAt ?? row.at
  const settle = useMutation({
    mutationFn: () => api.post(`/sites/${id}/kiosk-problems/${row.id}/settle`),
    async onSuccess() {
      await queryClient.invalidateQueries({ queryKey: siteKey(id, 'kiosks') })
      toast('Seen to.')
    },
    onError: toastFault,
  })
  return (
    <li>
      <div className="grow">
        <b>{known.isPending && person !== null ? '…' : name}</b>{' '}
        <span className="num">
          {type}, {dayAndClock(at, zone, now)}, {row.kiosk.name}.
        </span>
        <p className="q">{why[row.code] ?? row.message}</p>
      </div>
      {can('attendance.write') && (
        <Button
          size="sm"
          variant="default"
          disabled={!live.live}
          loading={settle.isPending}
          onClick={() => settle.mutate()}
        >
          Seen to<span className="hidden">: {name}</span>
        </Button>
      )}
    </li>
  )
}
