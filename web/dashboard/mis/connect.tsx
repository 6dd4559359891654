/** Linking a school: the token is tried before anything is kept. */
import { Button, Select, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Connection, Provider } from '../../../shared/mis.ts'
import { api, Fault } from '../../api.ts'
import { Problem } from '../../ui/page.tsx'
import { queryClient, siteKey } from '../queries.ts'
import { useSite } from '../site.tsx'
import { toast } from '../toast.tsx'

export function Connect({
  provider: first = 'wonde',
  schoolId: known = '',
}: {
  provider?: Provider
  schoolId?: string
}) {
  const { id } = useSite()
  const [provider, setProvider] = useState<Provider>(first)
  const [schoolId, setSchoolId] = useState(known)
  const [token, setToken] = useState('')
  const [fault, setFault] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const errors = fault instanceof Fault ? fault.fields : {}
  async function link(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setFault(null)
    try {
      const made = await api.put<Connection>(`/sites/${id}/mis/connection`, {
        provider,
        schoolId: schoolId.trim(),
        token: token.trim(),
      })
      toast(`Linked to ${made.schoolName} (${made.mis}).`)
      await queryClient.invalidateQueries({ queryKey: siteKey(id) })
    } catch (error) {
      setFault(error)
    } finally {
      setBusy(false)
    }
  }
  return (
    <form className="form" onSubmit={(event) => void link(event)}>
      {fault !== null && <Problem error={fault} />}
      <Select
        label="Through"
        allowDeselect={false}
        value={provider}
        onChange={(value) => setProvider((value ?? 'wonde') as Provider)}
        data={[
          { value: 'wonde', label: 'Wonde' },
          { value: 'sandbox', label: 'MIS sandbox (practice data)' },
        ]}
      />
      <TextInput
        label="School id"
        description="From the Wonde portal, such as A1930499544"
        required
        value={schoolId}
        error={errors['schoolId']}
        onChange={(event) => setSchoolId(event.currentTarget.value)}
      />
      <TextInput
        label="Token"
        description="Tried on the school first, then kept sealed. It is never shown again."
        required
        autoComplete="off"
        value={token}
        error={errors['token']}
        onChange={(event) => setToken(event.currentTarget.value)}
      />
      <div className="row">
        <Button type="submit" loading={busy}>
          Link the school
        </Button>
      </div>
    </form>
  )
}
