import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { Me } from '../../../shared/accounts.ts'
import { api } from '../../api.ts'
import { PageHead, Problem } from '../../ui/page.tsx'
import { loggedIn } from '../queries.ts'

export function Login() {
  const { next } = useSearch({ from: '/login' })
  const navigate = useNavigate()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [fault, setFault] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  async function logIn(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setFault(null)
    try {
      loggedIn(await api.post<Me>('/login', { email, password }))
      // Only an address of our own: one that begins elsewhere is not followed.
      if (next?.startsWith('/') && !next.startsWith('//')) window.location.assign(next)
      else await navigate({ to: '/' })
    } catch (error) {
      setFault(error)
      setBusy(false)
    }
  }
  return (
    <main className="alone">
      <PageHead title="Log in" lead="e-Reception Book" />
      {fault !== null && <Problem error={fault} />}
      <form className="form" onSubmit={(event) => void logIn(event)}>
        <TextInput
          label="Email"
          type="email"
          size="lg"
          autoComplete="username"
          required
          autoFocus
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          size="lg"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button type="submit" size="lg" loading={busy}>
          Log in
        </Button>
      </form>
    </main>
  )
}
