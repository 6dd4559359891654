/** The first set-up, from the link printed at the first start: one account, one site. The link works once. */
import { Button, PasswordInput, Select, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { Me } from '../../../shared/accounts.ts'
import type { Phase } from '../../../shared/sites.ts'
import { api, Fault } from '../../api.ts'
import { Loading, Problem } from '../../ui/page.tsx'
import { loggedIn, setUpQuery } from '../queries.ts'
import { Front } from './front.tsx'

const phases: { value: Phase; label: string }[] = [
  { value: 'primary', label: 'Primary' },
  { value: 'secondary', label: 'Secondary' },
  { value: 'all-through', label: 'All-through' },
]

export function SetUp() {
  const { key = '' } = useSearch({ from: '/set-up' })
  const state = useQuery(setUpQuery(key))
  useEffect(() => {
    document.title = 'Set up · e-Reception Book'
  }, [])
  return (
    <Front foot="This link works once. Nothing is sent anywhere until you link your MIS.">
      {state.isPending && <Loading rows={5} />}
      {state.error && <Problem error={state.error} onRetry={() => void state.refetch()} />}
      {state.data && <Step needed={state.data.needed} valid={state.data.valid} setUpKey={key} />}
    </Front>
  )
}

function Step({ needed, valid, setUpKey }: { needed: boolean; valid: boolean; setUpKey: string }) {
  if (!needed)
    return (
      <div className="front-words">
        <h1>This book is set up already</h1>
        <p className="front-lead">The set-up link has done its work. Log in with your account.</p>
        <Link to="/login">Log in</Link>
      </div>
    )
  if (!valid)
    return (
      <div className="front-words">
        <h1>This link doesn’t fit</h1>
        <p className="front-lead">
          Nothing has changed. Copy the whole link from where the book was started; the last one printed is
          the one that works.
        </p>
      </div>
    )
  return <SetUpForm setUpKey={setUpKey} />
}

type Given = { name: string; email: string; password: string; siteName: string; phase: Phase }

function SetUpForm({ setUpKey }: { setUpKey: string }) {
  const navigate = useNavigate()
  const form = useForm<Given>({
    mode: 'uncontrolled',
    initialValues: { name: '', email: '', password: '', siteName: '', phase: 'primary' },
    validate: {
      siteName: (name) => (name.trim() === '' ? 'Type the school’s name.' : null),
      name: (name) => (name.trim() === '' ? 'Type your name.' : null),
      email: (email) => (/^\S+@\S+\.\S+$/.test(email.trim()) ? null : 'Type an email address.'),
      password: (password) =>
        password.length < 12 ? 'Use 12 characters or more. Three words are good.' : null,
    },
  })
  const setUp = useMutation({
    mutationFn: (given: Given) =>
      api.post<Me>('/set-up', { ...given, email: given.email.trim(), key: setUpKey }),
    onSuccess: async (me) => {
      loggedIn(me)
      const site = me.sites[0]
      if (site) await navigate({ to: '/sites/$site/mis/set-up', params: { site: site.id }, replace: true })
    },
    onError: (error) => {
      if (error instanceof Fault) form.setErrors(error.fields)
    },
  })
  return (
    <form onSubmit={form.onSubmit((given) => setUp.mutate(given))} noValidate>
      <h1>Open the book</h1>
      <p className="front-lead">Your school and your account. The MIS comes next.</p>
      {setUp.error && <Problem error={setUp.error} />}
      <TextInput
        key={form.key('siteName')}
        {...form.getInputProps('siteName')}
        label="School’s name"
        size="lg"
        autoComplete="organization"
        autoFocus
      />
      <Select
        key={form.key('phase')}
        {...form.getInputProps('phase')}
        label="Kind of school"
        size="lg"
        data={phases}
        allowDeselect={false}
      />
      <TextInput
        key={form.key('name')}
        {...form.getInputProps('name')}
        label="Your name"
        size="lg"
        autoComplete="name"
      />
      <TextInput
        key={form.key('email')}
        {...form.getInputProps('email')}
        label="Your work email"
        type="email"
        size="lg"
        autoComplete="username"
      />
      <PasswordInput
        key={form.key('password')}
        {...form.getInputProps('password')}
        label="A new password"
        description="12 characters or more. Three words are good."
        size="lg"
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
      />
      <Button type="submit" size="lg" fullWidth loading={setUp.isPending}>
        Open the book
      </Button>
    </form>
  )
}
