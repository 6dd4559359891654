/** Log in with email and password. */
import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useRouter, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { Me } from '../../../shared/accounts.ts'
import { api } from '../../api.ts'
import { Problem } from '../../ui/page.tsx'
import { loggedIn, setUpQuery } from '../queries.ts'
import { Front } from './front.tsx'

function greeting(hour: number): string {
  if (hour < 12) return 'Good morning'
  return hour < 18 ? 'Good afternoon' : 'Good evening'
}

/** Only a page of ours: never an address somebody else put into the link. */
function ownPage(next: string | undefined): string {
  return next?.startsWith('/') && !next.startsWith('//') && !next.startsWith('/\\') ? next : '/'
}

export function Login() {
  const { next } = useSearch({ from: '/login' })
  const navigate = useNavigate()
  const router = useRouter()
  const setUp = useQuery(setUpQuery('')).data
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { email: '', password: '' },
    validate: {
      email: (email) => (email.trim() === '' ? 'Type your email.' : null),
      password: (password) => (password === '' ? 'Type your password.' : null),
    },
  })
  const logIn = useMutation({
    mutationFn: (given: { email: string; password: string }) => api.post<Me>('/login', given),
    onSuccess: async (me) => {
      loggedIn(me)
      await router.invalidate()
      await navigate({ href: ownPage(next), replace: true })
    },
  })
  useEffect(() => {
    document.title = 'Log in · e-Reception Book'
  }, [])
  return (
    <Front foot="No account, or the password forgotten? Ask your school’s administrator. Pupils and visitors never need one.">
      <form
        onSubmit={form.onSubmit((given) => logIn.mutate({ ...given, email: given.email.trim() }))}
        noValidate
      >
        <h1>{greeting(new Date().getHours())}</h1>
        <p className="front-lead">Log in to your school’s reception.</p>
        {setUp?.needed && (
          <div className="note amber">
            <span>
              Nobody has an account yet. Open the set-up link that was printed where the book was started.
            </span>
          </div>
        )}
        {logIn.error && <Problem error={logIn.error} />}
        <TextInput
          key={form.key('email')}
          {...form.getInputProps('email')}
          label="Work email"
          type="email"
          size="lg"
          autoComplete="username"
          autoFocus
        />
        <PasswordInput
          key={form.key('password')}
          {...form.getInputProps('password')}
          label="Password"
          size="lg"
          autoComplete="current-password"
          visibilityToggleButtonProps={{ 'aria-label': 'Show the password' }}
        />
        <Button type="submit" size="lg" fullWidth loading={logIn.isPending}>
          Log in
        </Button>
      </form>
    </Front>
  )
}
