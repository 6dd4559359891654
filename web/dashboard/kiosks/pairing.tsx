/** The six digits that pair a device: of a new kiosk, or of one whose device was replaced. */
import { Button, Modal, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useEffect, useState } from 'react'
import type { Kiosk, KioskPairing } from '../../../shared/kiosks.ts'
import { api } from '../../api.ts'
import { clock } from '../../ui/time.ts'
import { queryClient, siteKey } from '../queries.ts'
import { useSite } from '../site.tsx'
import { toastFault } from '../toast.tsx'

function Code({ pairing, onClose }: { pairing: KioskPairing; onClose: () => void }) {
  const { zone } = useSite()
  return (
    <div className="stack" role="status">
      <p>
        On the kiosk’s screen open <b>{window.location.origin}/kiosk</b> and enter:
      </p>
      <p className="figure kiosk-code">{pairing.pairingCode}</p>
      <p className="q">Works once{pairing.expiresAt ? `, until ${clock(pairing.expiresAt, zone)}` : ''}.</p>
      <Button variant="default" onClick={onClose}>
        Done
      </Button>
    </div>
  )
}

export function AddKiosk({ onClose }: { onClose: () => void }) {
  const { id } = useSite()
  const [name, setName] = useState('Front door')
  const add = useMutation({
    mutationFn: () => api.post<KioskPairing>(`/sites/${id}/kiosks`, { name }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: siteKey(id, 'kiosks') }),
    onError: toastFault,
  })
  return (
    <Modal opened onClose={onClose} title="Add a kiosk">
      {add.data ? (
        <Code pairing={add.data} onClose={onClose} />
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

export function NewCode({ kiosk, onClose }: { kiosk: Kiosk; onClose: () => void }) {
  const { id } = useSite()
  const { mutate, data } = useMutation({
    mutationFn: () => api.post<KioskPairing>(`/sites/${id}/kiosks/${kiosk.id}/pairing-code`),
    onError(error) {
      toastFault(error)
      onClose()
    },
  })
  useEffect(() => mutate(), [mutate])
  return (
    <Modal opened onClose={onClose} title={`A code for ${kiosk.name}`}>
      {data && <Code pairing={data} onClose={onClose} />}
      {kiosk.state === 'paired' && (
        <p className="q">The device that is paired now goes on until the code is used on another.</p>
      )}
    </Modal>
  )
}
