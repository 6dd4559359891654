/** The school's kiosks: which are alive, what waits on them, adding one with its six digits, removing one. */
import { Button, Modal } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Kiosk } from '../../../shared/kiosks.ts'
import { api } from '../../api.ts'
import { Empty, Loading, PageHead, Problem } from '../../ui/page.tsx'
import { ago } from '../../ui/time.ts'
import { count } from '../../ui/words.ts'
import { useNow } from '../live.ts'
import { kiosksQuery, queryClient, siteKey } from '../queries.ts'
import { useSite } from '../site.tsx'
import { toast, toastFault } from '../toast.tsx'
import { KioskState } from './kiosk-state.tsx'
import './kiosks.css'
import { AddKiosk, NewCode } from './pairing.tsx'
import { KioskProblems } from './problems.tsx'

export function KiosksPage() {
  const { id, can } = useSite()
  const kiosks = useQuery({ ...kiosksQuery(id), enabled: can('kiosks.write') })
  const [adding, { open, close }] = useDisclosure(false)
  const [renewing, setRenewing] = useState<Kiosk | null>(null)
  const [removing, setRemoving] = useState<Kiosk | null>(null)
  if (!can('kiosks.write'))
    return (
      <>
        <PageHead title="Kiosks" />
        <KioskProblems />
        <Empty title="Kiosks are for administrators">Ask one of your school to add or remove a kiosk.</Empty>
      </>
    )
  return (
    <>
      <PageHead
        title="Kiosks"
        lead="A kiosk is any touch screen with a browser, paired once. It works without a network too."
        actions={
          <Button leftSection={<IconPlus size={16} />} onClick={open}>
            Add a kiosk
          </Button>
        }
      />
      <KioskProblems />
      {kiosks.isPending && <Loading rows={3} />}
      {kiosks.error && <Problem error={kiosks.error} onRetry={() => void kiosks.refetch()} />}
      {kiosks.data?.length === 0 && (
        <Empty title="No kiosk yet">
          Add one, then open {window.location.origin}/kiosk on its screen and enter the six digits.
        </Empty>
      )}
      {kiosks.data && kiosks.data.length > 0 && (
        <Kiosks kiosks={kiosks.data} onRenew={setRenewing} onRemove={setRemoving} />
      )}
      {adding && <AddKiosk onClose={close} />}
      {renewing && <NewCode kiosk={renewing} onClose={() => setRenewing(null)} />}
      {removing && <Remove kiosk={removing} onClose={() => setRemoving(null)} />}
    </>
  )
}

type KiosksProps = { kiosks: Kiosk[]; onRenew: (kiosk: Kiosk) => void; onRemove: (kiosk: Kiosk) => void }

function Kiosks({ kiosks, onRenew, onRemove }: KiosksProps) {
  const { zone } = useSite()
  const now = useNow()
  return (
    <table className="table kiosks">
      <thead>
        <tr>
          <th scope="col">Kiosk</th>
          <th scope="col">State</th>
          <th scope="col">Last seen</th>
          <th scope="col">Waiting on it</th>
          <th scope="col">Page</th>
          <th scope="col">
            <span className="hidden">What you can do</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {kiosks.map((kiosk) => (
          <tr key={kiosk.id}>
            <th scope="row">{kiosk.name}</th>
            <td>
              <KioskState kiosk={kiosk} />
            </td>
            <td data-label="Last seen" className="num">
              {kiosk.lastSeenAt ? ago(kiosk.lastSeenAt, zone, now) : 'not yet'}
            </td>
            <td data-label="Waiting on it" className={kiosk.waiting === 0 ? 'num zero' : 'num'}>
              {kiosk.waiting === 0 ? 'nothing' : count(kiosk.waiting, 'entry', 'entries')}
            </td>
            <td data-label="Page" title={kiosk.page ?? undefined}>
              {pageInWords(kiosk)}
            </td>
            <td className="right acts">
              <Button
                size="sm"
                variant="default"
                aria-label={`New code for ${kiosk.name}`}
                onClick={() => onRenew(kiosk)}
              >
                New code
              </Button>
              <Button
                size="sm"
                variant="subtle"
                aria-label={`Remove ${kiosk.name}`}
                onClick={() => onRemove(kiosk)}
              >
                Remove
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function pageInWords({ pageIsNewest }: Kiosk): string {
  if (pageIsNewest === null) return 'not known'
  return pageIsNewest ? 'up to date' : 'older, renews by itself'
}

function Remove({ kiosk, onClose }: { kiosk: Kiosk; onClose: () => void }) {
  const { id } = useSite()
  const remove = useMutation({
    mutationFn: () => api.delete(`/sites/${id}/kiosks/${kiosk.id}`),
    async onSuccess() {
      onClose()
      toast('Removed. The device forgets everything at its next contact.')
      await queryClient.invalidateQueries({ queryKey: siteKey(id, 'kiosks') })
    },
    onError: toastFault,
  })
  return (
    <Modal opened onClose={onClose} title={`Remove ${kiosk.name}?`}>
      <div className="stack">
        <p>The device can do nothing for this school any more. What it has already sent stays.</p>
        {kiosk.waiting > 0 && (
          <p>
            <b>{count(kiosk.waiting, 'entry', 'entries')} on it had not arrived when it was last seen</b>, and
            would be lost. Bring it to a network first.
          </p>
        )}
        <div className="row">
          <Button variant="default" data-danger loading={remove.isPending} onClick={() => remove.mutate()}>
            Remove
          </Button>
          <Button variant="subtle" onClick={onClose}>
            Keep it
          </Button>
        </div>
      </div>
    </Modal>
  )
}
