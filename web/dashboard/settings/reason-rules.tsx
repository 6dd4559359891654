/** The rules around all reasons, each with what it means here. */
import { Select, Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { AttendanceSettings } from '../../../shared/attendance.ts'
import type { SchoolDay } from '../../../shared/sites.ts'
import { api } from '../../api.ts'
import { connectionQuery } from '../queries.ts'
import { useMisName, useSite } from '../site.tsx'
import { change } from './change.ts'

export function Rules({ settings, day }: { settings: AttendanceSettings; day: SchoolDay }) {
  const { id, can } = useSite()
  const mis = useMisName()
  const takes = useQuery({ ...connectionQuery(id), enabled: can('mis.read') }).data?.capabilities.minutesLate
  const may = can('settings.write')
  const write = (set: Partial<AttendanceSettings>) =>
    api.put(`/sites/${id}/attendance-settings`, { ...settings, ...set })
  const put = (set: Partial<AttendanceSettings>) =>
    void change(id, 'Saved.', write(set), () => void change(id, 'Put back.', write({})))
  const taken = takes === 'no' ? `${mis} doesn’t take them.` : takes === 'yes' ? `${mis} takes them.` : ''
  return (
    <section className="rules">
      <h2>Rules</h2>
      <Rule
        title="Only accept these reasons"
        about="A typed reason that matches none is sent back, not guessed."
        control={
          <Switch
            aria-label="Only accept these reasons"
            disabled={!may}
            checked={settings.exactMatchRequired}
            onChange={(event) => put({ exactMatchRequired: event.currentTarget.checked })}
          />
        }
      />
      <Rule
        title="Send minutes late"
        about={`Counted from ${day.am.endsAt} in the morning and ${day.pm.endsAt} in the afternoon. ${taken}`}
        control={
          <Switch
            aria-label="Send minutes late"
            disabled={!may}
            checked={settings.sendMinutesLate}
            onChange={(event) => put({ sendMinutesLate: event.currentTarget.checked })}
          />
        }
      />
      <Rule
        title="When a teacher’s mark is already there"
        about="Ours never goes over it by itself."
        control={
          <Select
            aria-label="When a teacher’s mark is already there"
            className="rule-choice"
            disabled={!may}
            allowDeselect={false}
            value={settings.onConflict}
            onChange={(value) => put({ onConflict: value as AttendanceSettings['onConflict'] })}
            data={[
              { value: 'ask', label: 'Ask us' },
              { value: 'keep-theirs', label: 'Keep the teacher’s' },
            ]}
          />
        }
      />
    </section>
  )
}

function Rule({ title, about, control }: { title: string; about: string; control: ReactNode }) {
  return (
    <div className="rule">
      <span className="grow">
        <b className="m">{title}</b>
        <span className="q sm">{about}</span>
      </span>
      {control}
    </div>
  )
}
