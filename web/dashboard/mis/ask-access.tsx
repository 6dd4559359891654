/** No key for the school yet: Wonde is asked to ask it, and the answer is watched. */
import { Button, Select, TextInput } from '@mantine/core'
import { IconClock } from '@tabler/icons-react'
import { queryOptions, useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useEffect, useState } from 'react'
import type { AccessState, MisAccess, Provider } from '../../../shared/mis.ts'
import { api, Fault } from '../../api.ts'
import { Problem } from '../../ui/page.tsx'
import { dayAndClock } from '../../ui/time.ts'
import { serverNow } from '../live.ts'
import { connectionQuery, queryClient, siteKey } from '../queries.ts'
import { useSite } from '../site.tsx'

type Reply = { access: MisAccess | null }

export const accessQuery = (site: string) =>
  queryOptions({
    queryKey: siteKey(site, 'mis', 'access'),
    queryFn: () => api.get<Reply>(`/sites/${site}/mis/access`),
    refetchInterval: (query) => (query.state.data?.access ? 10_000 : false),
  })

const words: Record<AccessState, [title: string, next: string]> = {
  pending: [
    'Your school has been asked.',
    'Whoever looks after Wonde at your school approves e-Reception Book in the Wonde portal. Then you go on here by itself; you can close this page.',
  ],
  declined: ['Your school said no.', 'Speak to whoever looks after Wonde at your school, then ask again.'],
  revoked: ['Your school withdrew its approval.', 'Ask again once it is agreed.'],
  unknown: [
    'Wonde does not say yet whether your school was asked.',
    'We go on looking. If this stays, ask again or use the school’s own key.',
  ],
}

/** The request that waits, with what to do about it. */
export function WaitingForAccess({ access }: { access: MisAccess }) {
  const { id, zone } = useSite()
  const [title, next] = words[access.state]
  const refresh = () => queryClient.invalidateQueries({ queryKey: siteKey(id, 'mis') })
  const look = useMutation({
    mutationFn: () => api.post<Reply>(`/sites/${id}/mis/access/check`),
    onSuccess: refresh,
  })
  const drop = useMutation({
    mutationFn: () => api.delete(`/sites/${id}/mis/access`),
    onSuccess: refresh,
  })
  return (
    <section className="stack" aria-live="polite">
      <div className={access.state === 'pending' ? 'note blue' : 'note amber'}>
        <IconClock aria-hidden />
        <div className="grow">
          <b>{title}</b> {next}
          <p className="q sm num">
            School {access.schoolId}. Asked {dayAndClock(access.askedAt, zone, serverNow())}, looked{' '}
            {dayAndClock(access.checkedAt, zone, serverNow())}.
          </p>
        </div>
      </div>
      {look.error && <Problem error={look.error} />}
      <div className="row wrap">
        <Button loading={look.isPending} onClick={() => look.mutate()}>
          Look now
        </Button>
        <Button variant="default" loading={drop.isPending} onClick={() => drop.mutate()}>
          Ask anew, or use a key
        </Button>
      </div>
    </section>
  )
}

/** Once the school has approved, the link is there and the page goes on. */
export function useAccess(): MisAccess | null {
  const { id } = useSite()
  const access = useQuery(accessQuery(id)).data?.access ?? null
  const waits = access !== null
  useEffect(() => {
    if (!waits) void queryClient.invalidateQueries({ queryKey: connectionQuery(id).queryKey })
  }, [id, waits])
  return access
}

export function AskForAccess() {
  const { id, me } = useSite()
  const [given, setGiven] = useState({
    provider: 'wonde' as Provider,
    schoolId: '',
    token: '',
    forename: me.account.name.split(' ')[0] ?? '',
    surname: me.account.name.split(' ').slice(1).join(' '),
    email: me.account.email,
  })
  const ask = useMutation({
    mutationFn: () => {
      const { provider, schoolId, token, ...contact } = given
      const named = contact.forename.trim() && contact.surname.trim() && contact.email.trim()
      return api.post<Reply>(`/sites/${id}/mis/access`, {
        ...{ provider, schoolId: schoolId.trim(), token: token.trim() },
        contact: named ? contact : null,
      })
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: siteKey(id, 'mis') }),
  })
  const errors = ask.error instanceof Fault ? ask.error.fields : {}
  const field = (key: 'schoolId' | 'token' | 'forename' | 'surname' | 'email') => ({
    value: given[key],
    error: errors[key] ?? errors[`contact.${key}`],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget
      setGiven((before) => ({ ...before, [key]: value }))
    },
  })
  function send(event: FormEvent) {
    event.preventDefault()
    ask.mutate()
  }
  return (
    <form className="form" onSubmit={send}>
      {ask.error && <Problem error={ask.error} title="Not asked." />}
      <Select
        label="Through"
        allowDeselect={false}
        value={given.provider}
        onChange={(value) => setGiven((before) => ({ ...before, provider: (value ?? 'wonde') as Provider }))}
        data={[
          { value: 'wonde', label: 'Wonde' },
          { value: 'sandbox', label: 'MIS sandbox (practice data)' },
        ]}
      />
      <TextInput
        label="School id"
        description="At Wonde, such as A1930499544"
        required
        {...field('schoolId')}
      />
      <TextInput
        label="Application token"
        description="The one key of your trust or provider for all its schools at Wonde. Kept sealed."
        required
        autoComplete="off"
        {...field('token')}
      />
      <TextInput label="Forename of whom Wonde may ask" {...field('forename')} />
      <TextInput label="Surname" {...field('surname')} />
      <TextInput label="Email" {...field('email')} />
      <div className="row">
        <Button type="submit" loading={ask.isPending}>
          Ask for access
        </Button>
      </div>
    </form>
  )
}
