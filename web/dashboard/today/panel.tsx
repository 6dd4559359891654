/** One movement: its marks, what happened to them, and how to put it right. */
import { Button, Drawer } from '@mantine/core'
import { useState } from 'react'
import type { Movement } from '../../../shared/attendance.ts'
import { api } from '../../api.ts'
import { CodeTile, StatePill } from '../../ui/marks.tsx'
import { Empty } from '../../ui/page.tsx'
import { markLooks } from '../../ui/states.ts'
import { clock } from '../../ui/time.ts'
import { MarkActions, MarkHistory } from '../marks/actions.tsx'
import { queryClient, siteKey } from '../queries.ts'
import { useCodeMeaning, useSite } from '../site.tsx'
import { toast, toastFault } from '../toast.tsx'
import type { TodayRow } from '../wire.ts'

export function MovementPanel({ row, onClose }: { row: TodayRow | undefined; onClose: () => void }) {
  const { id, zone, can } = useSite()
  const meaning = useCodeMeaning()
  const [busy, setBusy] = useState(false)
  if (row === undefined)
    return (
      <Drawer opened onClose={onClose} title="Not in today’s list">
        <Empty title="This one is not here any more">
          It was put right by a newer entry, or is of another day.
        </Empty>
      </Drawer>
    )
  const { movement, person, reasonName } = row
  async function withdraw() {
    setBusy(true)
    try {
      await api.post<Movement>(`/sites/${id}/movements/${movement.id}/correct`, { void: true })
      toast(`${person.name} is taken out of the book.`)
      await queryClient.invalidateQueries({ queryKey: siteKey(id) })
      onClose()
    } catch (error) {
      toastFault(error)
      setBusy(false)
    }
  }
  return (
    <Drawer opened onClose={onClose} title={person.name}>
      <div className="stack">
        <p className="q">
          {person.group ? `${person.group}. ` : ''}
          {clock(movement.happenedAt, zone)}, {reasonName ?? 'no reason'}
          {movement.minutesLate === null ? '' : `, ${movement.minutesLate} minutes late`}
          {movement.timeUncertain ? ' (the kiosk’s clock was ahead: the time is when it reached us)' : ''}
        </p>
        {movement.writeBacks.map((mark) => (
          <section key={mark.id} className="stack">
            <div className="row wrap">
              {mark.code && <CodeTile code={mark.code} meaning={meaning(mark.code)} />}
              <span className="q">{mark.session}</span>
              <StatePill look={markLooks[mark.state]} />
            </div>
            {mark.cause && (
              <p className="sm">
                {mark.cause.message} <span className="q">{mark.cause.fix}</span>
              </p>
            )}
            <MarkActions mark={mark} />
            <MarkHistory mark={mark} />
          </section>
        ))}
        {can('movements.write') && (
          <div className="row">
            <Button variant="default" data-danger loading={busy} onClick={() => void withdraw()}>
              Take it out of the book
            </Button>
          </div>
        )}
      </div>
    </Drawer>
  )
}
