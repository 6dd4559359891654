/** Making a token: for whom, what it may do, how long; then its text, which is shown this once. */
import { Button, Checkbox, Modal, Select, TextInput } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { type ApiToken, operatorPermissions, type Permission } from '../../../shared/accounts.ts'
import { api, Fault } from '../../api.ts'
import { Problem } from '../../ui/page.tsx'
import { dayOf, fullDay } from '../../ui/time.ts'
import { queryClient } from '../queries.ts'
import { useSite } from '../site.tsx'
import { lifetimes, permissionsInOrder, permissionWords } from './words.ts'

/** While its text is shown, only the button closes it: a stray click would lose the text for good. */
export function MakeToken({ onClose }: { onClose: () => void }) {
  const [made, setMade] = useState<ApiToken | null>(null)
  return (
    <Modal
      opened
      onClose={onClose}
      title={made === null ? 'Make a token' : 'Copy the token now'}
      closeOnClickOutside={made === null}
      closeOnEscape={made === null}
      withCloseButton={made === null}
    >
      {made === null ? <TokenForm onMade={setMade} /> : <ShownOnce token={made} onClose={onClose} />}
    </Modal>
  )
}

function TokenForm({ onMade }: { onMade: (token: ApiToken) => void }) {
  const { id, me } = useSite()
  const [name, setName] = useState('')
  const [sites, setSites] = useState([id])
  const [permissions, setPermissions] = useState<string[]>([])
  const [days, setDays] = useState('365')
  const mine = permissionsInOrder.filter(
    (one) => me.permissions.includes(one) || (me.operator && operatorPermissions.includes(one)),
  )
  const make = useMutation({
    mutationFn: () =>
      api.post<ApiToken>('/tokens', {
        name,
        sites,
        permissions: permissions as Permission[],
        days: Number(days),
      }),
    onSuccess: async (token) => {
      onMade(token)
      await queryClient.invalidateQueries({ queryKey: ['tokens'] })
    },
  })
  const faults = make.error instanceof Fault ? make.error.fields : {}
  return (
    <form
      className="form"
      onSubmit={(event: FormEvent) => {
        event.preventDefault()
        make.mutate()
      }}
    >
      <TextInput
        label="Which program is it for?"
        required
        maxLength={200}
        value={name}
        error={faults.name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      {me.sites.length > 1 && (
        <Checkbox.Group label="For which schools?" value={sites} onChange={setSites} error={faults.sites}>
          <div className="choices">
            {me.sites.map((site) => (
              <Checkbox key={site.id} value={site.id} label={site.name} />
            ))}
          </div>
        </Checkbox.Group>
      )}
      <Checkbox.Group
        label="What may it do?"
        description="Only what it needs; never more than you may do yourself."
        value={permissions}
        onChange={setPermissions}
        error={faults.permissions}
      >
        <div className="choices">
          {mine.map((one) => (
            <Checkbox key={one} value={one} label={permissionWords[one]} />
          ))}
        </div>
      </Checkbox.Group>
      <Select
        label="How long may it be used?"
        data={lifetimes}
        value={days}
        allowDeselect={false}
        onChange={(value) => value !== null && setDays(value)}
      />
      {make.error && <Problem error={make.error} />}
      <Button
        type="submit"
        loading={make.isPending}
        disabled={name.trim() === '' || permissions.length === 0 || sites.length === 0}
      >
        Make the token
      </Button>
    </form>
  )
}

function ShownOnce({ token, onClose }: { token: ApiToken; onClose: () => void }) {
  const { zone } = useSite()
  const clipboard = useClipboard({ timeout: 4000 })
  return (
    <div className="stack">
      <p>
        It is shown this once and cannot be found again. Put it where {token.name} asks for it, and nowhere
        else.
      </p>
      <TextInput
        label="Token"
        className="token-text"
        readOnly
        value={token.token ?? ''}
        onFocus={(event) => event.currentTarget.select()}
        data-autofocus
      />
      <p className="q">It can be used until {fullDay(dayOf(token.expiresAt, zone))}.</p>
      {clipboard.error && (
        <p className="note amber" role="alert">
          This browser does not let the page copy. Select the token above and copy it by hand.
        </p>
      )}
      <div className="row wrap">
        <Button
          leftSection={clipboard.copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
          onClick={() => clipboard.copy(token.token)}
        >
          {clipboard.copied ? 'Copied' : 'Copy'}
        </Button>
        <Button variant="default" onClick={onClose}>
          I have copied it
        </Button>
      </div>
    </div>
  )
}
