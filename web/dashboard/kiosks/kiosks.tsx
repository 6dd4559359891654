/** The school's kiosks: which are alive, adding one with its six digits, removing one. */
import { Button, Modal, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Kiosk } from '../../../shared/kiosks.ts'
import { api } from '../../api.ts'
import { Empty, Loading, PageHead, Problem } from '../../ui/page.tsx'
import { ago, clock } from '../../ui/time.ts'
import { serverNow } from '../live.ts'
import { kiosksQuery, queryClient, siteKey } from '../queries.ts'
import { useSite } from '../site.tsx'
import { toast, toastFault } from '../toast.tsx'

type Pairing = { id: string; pairingCode: string; expiresAt: string | null }

export function KiosksPage() {
  const { id, zone, can } = useSite()
  const kiosks = useQuery({ ...kiosksQuery(id), enabled: can('kiosks.write') })
  const [adding, { open, close }] = useDisclosure(false)
  const [removing, setRemoving] = useState<Kiosk | null>(null)
  const remove = useMutation({
    mutationFn: (kiosk: Kiosk) => api.delete(`/sites/${id}/kiosks/${kiosk.id}`),
    onSuccess: async () => {
      setRemoving(null)
      toast('Removed. The device forgets everything at its next contact.')
      await queryClient.invalidateQueries({ queryKey: siteKey(id, 'kiosks') })
    },
    onError: toastFault,
  })
  if (!can('kiosks.write'))
    return <Empty title="Kiosks are for administrators">Ask one of your school to add a kiosk.</Empty>
  const shown = (kiosks.data ?? []).filter((kiosk) => kiosk.state !== 'removed')
  return (
    <>
      <PageHead
        title="Kiosks"
        lead="A kiosk is any touch screen with a browser, paired once."
        actions={
          <Button leftSection={<IconPlus size={16} />} onClick={open}>
            Add a kiosk
          </Button>
        }
      />
      {kiosks.isPending && <Loading rows={3} />}
      {kiosks.error && <Problem error={kiosks.error} onRetry={() => void kiosks.refetch()} />}
      {kiosks.data && shown.length === 0 && (
        <Empty title="No kiosk yet">
          Add one, then open {window.location.origin}/kiosk on its screen and enter the six digits.
        </Empty>
      )}
      {shown.length > 0 && (
        <dl className="kv">
          {shown.map((kiosk) => (
            <div key={kiosk.id}>
              <dt>
                <b>{kiosk.name}</b>{' '}
                <span className="q">
                  {kiosk.state === 'waiting'
                    ? 'waits to be paired'
                    : kiosk.lastSeenAt
                      ? `seen ${ago(kiosk.lastSeenAt, zone, serverNow())}`
                      : 'not seen yet'}
                </span>
              </dt>
              <dd>
                <Button
                  size="sm"
                  variant="subtle"
                  aria-label={`Remove ${kiosk.name}`}
                  onClick={() => setRemoving(kiosk)}
                >
                  Remove
                </Button>
              </dd>
            </div>
          ))}
        </dl>
      )}
      {adding && <Add onClose={close} />}
      <Modal
        opened={removing !== null}
        onClose={() => setRemoving(null)}
        title={`Remove ${removing?.name ?? ''}?`}
      >
        <div className="stack">
          <p>The device can do nothing for this school any more. What it has already sent stays.</p>
          <div className="row">
            <Button
              variant="default"
              data-danger
              loading={remove.isPending}
              onClick={() => removing && remove.mutate(removing)}
            >
              Remove
            </Button>
            <Button variant="subtle" onClick={() => setRemoving(null)}>
              Keep it
            </Button>
          </div>
        </div>
      </Modal>
    </>
  )
}

function Add({ onClose }: { onClose: () => void }) {
  const { id, zone } = useSite()
  const [name, setName] = useState('Front door')
  const add = useMutation({
    mutationFn: () => api.post<Pairing>(`/sites/${id}/kiosks`, { name }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: siteKey(id, 'kiosks') }),
    onError: toastFault,
  })
  return (
    <Modal opened onClose={onClose} title="Add a kiosk">
      {add.data ? (
        <div className="stack" role="status">
          <p>On the kiosk’s screen open {window.location.origin}/kiosk and enter:</p>
          <p className="figure" style={{ letterSpacing: '.12em' }}>
            {add.data.pairingCode}
          </p>
          <p className="q">
            Works once{add.data.expiresAt ? `, until ${clock(add.data.expiresAt, zone)}` : ''}.
          </p>
          <Button variant="default" onClick={onClose}>
            Done
          </Button>
        </div>
      ) : (
        <form
          className="form"
          onSubmit={(event: FormEvent) => {
            event.preventDefault()
            add.mutate()
          }}
        >
          <TextInput
            label="Where does it stand?"
            required
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            data-autofocus
          />
          <Button type="submit" loading={add.isPending}>
            Make a code
          </Button>
        </form>
      )}
    </Modal>
  )
}
