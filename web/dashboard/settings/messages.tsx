/** Messages: the day's e-mail of the marks that need somebody, to whom and when. */
import '@mantine/core/styles/Pill.layer.css'
import '@mantine/core/styles/PillsInput.layer.css'
import { Button, TagsInput, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useEffect, useState } from 'react'
import type { MarksEmail } from '../../../shared/attendance.ts'
import { api, Fault } from '../../api.ts'
import { Loading, PageHead, Problem } from '../../ui/page.tsx'
import { marksEmailQuery, peopleQuery, queryClient, siteKey } from '../queries.ts'
import { useSite } from '../site.tsx'
import { toast } from '../toast.tsx'
import './reasons.css'
import { SettingsTabs } from './tabs.tsx'

export function MessagesPage() {
  const { id } = useSite()
  const stored = useQuery(marksEmailQuery(id))
  return (
    <>
      <PageHead title="Messages" lead="What goes out by e-mail, to whom, and when." />
      <SettingsTabs />
      {stored.isPending && <Loading rows={4} />}
      {stored.error && <Problem error={stored.error} onRetry={() => void stored.refetch()} />}
      {stored.data && <MarksForm stored={stored.data} />}
    </>
  )
}

function MarksForm({ stored }: { stored: MarksEmail }) {
  const { id, can } = useSite()
  const [given, setGiven] = useState(stored)
  const [fault, setFault] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  useEffect(() => setGiven(stored), [stored])
  const staff = useQuery({ ...peopleQuery(id, 'employee', 'active'), enabled: can('people.read') }).data ?? []
  const errors = fault instanceof Fault ? fault.fields : {}
  const wrong = Object.keys(errors).find((field) => field.startsWith('to'))
  const inTo = wrong && `${given.to[Number(wrong.split('.')[1])] ?? ''} ${errors[wrong]}`.trim()
  async function save(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setFault(null)
    try {
      const saved = await api.put<MarksEmail>(`/sites/${id}/marks-email`, given)
      queryClient.setQueryData(siteKey(id, 'settings', 'marks-email'), saved)
      toast(saved.to.length === 0 ? 'Nobody is written to.' : 'Saved.')
    } catch (error) {
      setFault(error)
    } finally {
      setBusy(false)
    }
  }
  const same = given.at === stored.at && given.to.join() === stored.to.join()
  return (
    <form className="form" onSubmit={(event) => void save(event)}>
      <h2>Marks that need somebody</h2>
      <p className="q">
        On school days, if any mark needs somebody at this time, those here get one e-mail. It says how many
        and why, and names no pupil. Nobody here: no e-mail.
      </p>
      {fault !== null && Object.keys(errors).length === 0 && <Problem error={fault} />}
      <TagsInput
        classNames={{ input: 'tags-input' }}
        label="To"
        description="Type an address and press Enter, or choose one of your staff."
        placeholder={given.to.length === 0 ? 'Nobody' : ''}
        value={given.to}
        error={inTo}
        maxTags={20}
        splitChars={[',', ';', ' ']}
        data={[...new Set(staff.flatMap(({ email }) => email?.toLowerCase() ?? []))]}
        limit={8}
        acceptValueOnBlur
        onChange={(to) => setGiven({ ...given, to })}
      />
      <TextInput
        className="messages-at"
        label="At"
        type="time"
        description="Early enough to put it right before the day ends."
        value={given.at}
        error={errors['at']}
        onChange={(event) => setGiven({ ...given, at: event.currentTarget.value })}
      />
      <div className="row wrap">
        <Button type="submit" loading={busy} disabled={same || given.at === ''}>
          Save
        </Button>
        <span className="q sm">
          What went out stands in the{' '}
          <Link to="/sites/$site/settings/outbox" params={{ site: id }}>
            outbox
          </Link>
          .
        </span>
      </div>
    </form>
  )
}
