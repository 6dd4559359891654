/** Weekdays with times of their own, such as a Friday that ends at lunch. */
import { Button, Modal, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { DayException, SchoolDay } from '../../../shared/sites.ts'
import { api, Fault } from '../../api.ts'
import { Loading, Problem } from '../../ui/page.tsx'
import { dayExceptionsQuery, queryClient, siteKey } from '../queries.ts'
import { useSite } from '../site.tsx'
import { toast } from '../toast.tsx'
import { change } from './change.ts'
import { DayTimes } from './day-times.tsx'

export const dayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const nameOf = (day: number) => dayNames[day - 1] ?? ''

export function DayExceptions({ usual }: { usual: SchoolDay }) {
  const { id, can } = useSite()
  const stored = useQuery(dayExceptionsQuery(id))
  const [editing, setEditing] = useState<DayException | null>(null)
  if (stored.isPending) return <Loading rows={2} />
  if (stored.error) return <Problem error={stored.error} onRetry={() => void stored.refetch()} />
  const rows = stored.data
  const may = can('settings.write')
  const free = usual.days.filter((day) => !rows.some((row) => row.day === day))
  const put = (data: DayException[]) => api.put(`/sites/${id}/school-day/exceptions`, { data })
  const add = () => {
    const { days: _days, ...times } = usual
    setEditing({ ...times, day: free.includes(5) ? 5 : free[0]! })
  }
  return (
    <section className="form day-exceptions">
      <div className="row between wrap">
        <h2>Days with other times</h2>
        {may && free.length > 0 && (
          <Button variant="default" onClick={add}>
            Add a day
          </Button>
        )}
      </div>
      {rows.length === 0 && <p className="q">None: every school day has the times above.</p>}
      <ul>
        {rows.map((row) => (
          <li key={row.day} className="rule">
            <span className="grow num">
              <b className="m">{nameOf(row.day)}</b>
              <span className="q sm">
                {row.startsAt} to {row.endsAt}. Registers close at {row.am.closesAt} and {row.pm.closesAt}.
                {!usual.days.includes(row.day) && ' Not a school day now, so nothing comes of it.'}
              </span>
            </span>
            {may && (
              <>
                <Button
                  size="sm"
                  variant="subtle"
                  aria-label={`Change ${nameOf(row.day)}`}
                  onClick={() => setEditing(row)}
                >
                  Change
                </Button>
                <Button
                  size="sm"
                  variant="subtle"
                  aria-label={`Remove ${nameOf(row.day)}`}
                  onClick={() =>
                    void change(
                      id,
                      `${nameOf(row.day)} has the usual times again.`,
                      put(rows.filter(({ day }) => day !== row.day)),
                      () => void change(id, 'Put back.', put(rows)),
                    )
                  }
                >
                  Remove
                </Button>
              </>
            )}
          </li>
        ))}
      </ul>
      {editing && (
        <Edit
          key={editing.day}
          given={editing}
          days={[...free, ...rows.map(({ day }) => day).filter((day) => day === editing.day)].toSorted(
            (a, b) => a - b,
          )}
          save={async (row) => {
            await put([...rows.filter(({ day }) => day !== row.day && day !== editing.day), row])
            await queryClient.invalidateQueries({ queryKey: siteKey(id) })
            toast(`${nameOf(row.day)} is saved.`)
            setEditing(null)
          }}
          at={(row) => [...rows.filter(({ day }) => day !== row.day && day !== editing.day), row].length - 1}
          onClose={() => setEditing(null)}
        />
      )}
    </section>
  )
}

type EditProps = {
  given: DayException
  days: number[]
  save: (row: DayException) => Promise<void>
  /** its place in what is sent, where its errors stand */
  at: (row: DayException) => number
  onClose: () => void
}

function Edit({ given, days, save, at, onClose }: EditProps) {
  const [row, setRow] = useState(given)
  const [fault, setFault] = useState<unknown>(null)
  const prefix = `data.${at(row)}.`
  const errors = Object.fromEntries(
    Object.entries(fault instanceof Fault ? fault.fields : {}).map(([field, words]) => [
      field.replace(prefix, ''),
      words,
    ]),
  )
  async function submit(event: FormEvent) {
    event.preventDefault()
    try {
      await save(row)
    } catch (error) {
      setFault(error)
    }
  }
  return (
    <Modal opened onClose={onClose} size={600} title="A day with other times">
      <form className="form" onSubmit={(event) => void submit(event)}>
        {fault !== null && Object.keys(errors).length === 0 && <Problem error={fault} />}
        <Select
          label="Day"
          allowDeselect={false}
          value={String(row.day)}
          onChange={(value) => setRow({ ...row, day: Number(value) })}
          data={days.map((day) => ({ value: String(day), label: nameOf(day) }))}
        />
        <DayTimes value={row} onChange={setRow} errors={errors} disabled={false} />
        <p className="q sm">
          Both registers stay: if the afternoon’s is taken before the children go home at noon, say when.
        </p>
        <div className="row">
          <Button type="submit">Save</Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Modal>
  )
}
