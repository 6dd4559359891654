/** When the night's import runs, a new token, and cutting the link. */
import { Button, Modal, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { api } from '../../api.ts'
import { PageHead } from '../../ui/page.tsx'
import { connectionQuery, queryClient, scheduleQuery, siteKey } from '../queries.ts'
import { useSite } from '../site.tsx'
import { toast, toastFault } from '../toast.tsx'
import { Connect } from './connect.tsx'
import { MisTabs } from './tabs.tsx'

export function MisSettingsPage() {
  const { id, can } = useSite()
  const connection = useQuery(connectionQuery(id)).data
  const schedule = useQuery(scheduleQuery(id)).data
  const [at, setAt] = useState('')
  const [asking, { open, close }] = useDisclosure(false)
  useEffect(() => setAt(schedule?.at ?? ''), [schedule?.at])
  const save = useMutation({
    mutationFn: () => api.put(`/sites/${id}/mis/schedule`, { at }),
    onSuccess: async () => {
      toast('Saved.')
      await queryClient.invalidateQueries({ queryKey: siteKey(id, 'mis') })
    },
    onError: toastFault,
  })
  const cut = useMutation({
    mutationFn: () => api.delete(`/sites/${id}/mis/connection`),
    onSuccess: async () => {
      close()
      toast('The link is cut. Everybody and every history stay.')
      await queryClient.invalidateQueries({ queryKey: siteKey(id) })
    },
    onError: toastFault,
  })
  const may = can('mis.write')
  return (
    <>
      <PageHead title="MIS settings" />
      <MisTabs />
      <section className="form">
        <h2>Every night</h2>
        <TextInput
          label="Import after"
          description="It begins within half an hour after this time."
          type="time"
          value={at}
          disabled={!may}
          onChange={(event) => setAt(event.currentTarget.value)}
        />
        <div className="row">
          <Button
            disabled={!may || at === '' || at === schedule?.at}
            loading={save.isPending}
            onClick={() => save.mutate()}
          >
            Save
          </Button>
        </div>
      </section>
      {connection && may && (
        <>
          <section>
            <h2>A new token</h2>
            <Connect provider={connection.provider} schoolId={connection.schoolId} />
          </section>
          <section className="stack">
            <h2>Cut the link</h2>
            <p className="q">Nothing is read or written any more. Everybody and every history stay.</p>
            <div className="row">
              <Button variant="default" data-danger onClick={open}>
                Cut the link
              </Button>
            </div>
          </section>
        </>
      )}
      <Modal opened={asking} onClose={close} title={`Cut the link to ${connection?.mis ?? 'the MIS'}?`}>
        <div className="stack">
          <p>Marks of today that have not gone yet will wait for you.</p>
          <div className="row">
            <Button variant="default" data-danger loading={cut.isPending} onClick={() => cut.mutate()}>
              Cut the link
            </Button>
            <Button variant="subtle" onClick={close}>
              Keep it
            </Button>
          </div>
        </div>
      </Modal>
    </>
  )
}
