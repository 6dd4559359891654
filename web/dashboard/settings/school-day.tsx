/** The times of the school's day. Errors stand at the field they are about. */
import { Button, Checkbox } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useEffect, useState } from 'react'
import type { SchoolDay } from '../../../shared/sites.ts'
import { api, Fault } from '../../api.ts'
import { Loading, PageHead, Problem } from '../../ui/page.tsx'
import { queryClient, schoolDayQuery, siteKey } from '../queries.ts'
import { useSite } from '../site.tsx'
import { toast } from '../toast.tsx'
import { DayExceptions, dayNames } from './day-exceptions.tsx'
import { DayTimes } from './day-times.tsx'
import './reasons.css'
import { SettingsTabs } from './tabs.tsx'

export function SchoolDayPage() {
  const { id, can } = useSite()
  const stored = useQuery(schoolDayQuery(id))
  const [day, setDay] = useState<SchoolDay | null>(null)
  const [fault, setFault] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  useEffect(() => {
    if (stored.data) setDay(stored.data)
  }, [stored.data])
  const may = can('settings.write')
  const errors = fault instanceof Fault ? fault.fields : {}
  async function put(wanted: SchoolDay, undo?: SchoolDay) {
    setBusy(true)
    setFault(null)
    try {
      await api.put(`/sites/${id}/school-day`, wanted)
      await queryClient.invalidateQueries({ queryKey: siteKey(id) })
      toast('The school day is saved.', undo ? { undo: () => void put(undo) } : {})
    } catch (error) {
      setFault(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <PageHead
        title="School day"
        lead="From these times follow lateness, the code, and when a mark can still go by itself."
      />
      <SettingsTabs />
      {stored.isPending && <Loading />}
      {stored.error && <Problem error={stored.error} onRetry={() => void stored.refetch()} />}
      {day && (
        <form
          className="form"
          onSubmit={(event: FormEvent) => {
            event.preventDefault()
            void put(day, stored.data)
          }}
        >
          {fault !== null && Object.keys(errors).length === 0 && <Problem error={fault} />}
          <DayTimes value={day} onChange={setDay} errors={errors} disabled={!may} />
          <Checkbox.Group
            label="School days"
            value={day.days.map(String)}
            onChange={(days) => setDay({ ...day, days: days.map(Number).sort((a, b) => a - b) })}
          >
            <div className="row wrap">
              {dayNames.map((name, i) => (
                <Checkbox key={name} value={String(i + 1)} label={name} disabled={!may} />
              ))}
            </div>
          </Checkbox.Group>
          {may && (
            <div className="row">
              <Button type="submit" loading={busy}>
                Save
              </Button>
            </div>
          )}
        </form>
      )}
      {stored.data && <DayExceptions usual={stored.data} />}
    </>
  )
}
