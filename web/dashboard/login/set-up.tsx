/** The first account and the first school, with the key of the link that the server printed at its first start. */
import { Button, PasswordInput, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { Me } from '../../../shared/accounts.ts'
import { api, Fault } from '../../api.ts'
import { Loading, PageHead, Problem } from '../../ui/page.tsx'
import { loggedIn } from '../queries.ts'

const empty = { name: '', email: '', password: '', siteName: '', phase: 'primary' }

export function SetUp() {
  const { key = '' } = useSearch({ from: '/set-up' })
  const navigate = useNavigate()
  const [given, setGiven] = useState(empty)
  const [fault, setFault] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const state = useQuery({
    queryKey: ['set-up', key],
    queryFn: () => api.get<{ needed: boolean; valid: boolean }>('/set-up', { key }),
  })
  const errors = fault instanceof Fault ? fault.fields : {}
  const field = (name: keyof typeof empty) => ({
    value: given[name],
    error: errors[name],
    required: true,
    size: 'lg' as const,
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget
      setGiven((before) => ({ ...before, [name]: value }))
    },
  })
  async function make(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setFault(null)
    try {
      loggedIn(await api.post<Me>('/set-up', { key, ...given }))
      await navigate({ to: '/' })
    } catch (error) {
      setFault(error)
      setBusy(false)
    }
  }
  if (state.isPending) return <Loading rows={4} />
  if (state.data?.needed === false || state.data?.valid === false)
    return (
      <main className="alone">
        <PageHead title={state.data.needed ? 'This link isn’t right' : 'Already set up'} />
        <p>
          {state.data.needed
            ? 'Start the server again; it prints a new link.'
            : 'An account has been made. Log in with it.'}
        </p>
        <Link to="/login">Log in</Link>
      </main>
    )
  return (
    <main className="alone">
      <PageHead title="Set up the book" lead="Your account, and the first school." />
      {(state.error ?? fault) !== null && Object.keys(errors).length === 0 && (
        <Problem error={state.error ?? fault} />
      )}
      <form className="form" onSubmit={(event) => void make(event)}>
        <TextInput label="Your name" autoComplete="name" {...field('name')} />
        <TextInput label="Email" type="email" autoComplete="username" {...field('email')} />
        <PasswordInput
          label="Password"
          description="At least 12 characters"
          autoComplete="new-password"
          {...field('password')}
        />
        <TextInput label="School" {...field('siteName')} />
        <Select
          label="Phase"
          size="lg"
          allowDeselect={false}
          data={[
            { value: 'primary', label: 'Primary' },
            { value: 'secondary', label: 'Secondary' },
            { value: 'all-through', label: 'All-through' },
          ]}
          value={given.phase}
          onChange={(phase) => setGiven((before) => ({ ...before, phase: phase ?? 'primary' }))}
        />
        <Button type="submit" size="lg" loading={busy}>
          Set up
        </Button>
      </form>
    </main>
  )
}
