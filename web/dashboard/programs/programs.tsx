/** Other programs: which hold a token for this book, what each may do, when it was last heard, and revoking one. */
import './programs.css'
import { Button, Modal } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPlus } from '@tabler/icons-react'
import { queryOptions, useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { ApiToken } from '../../../shared/accounts.ts'
import { api, everyPage } from '../../api.ts'
import { StatePill } from '../../ui/marks.tsx'
import { Empty, Loading, PageHead, Problem } from '../../ui/page.tsx'
import { tokenLooks } from '../../ui/states.ts'
import { ago, dayOf, fullDay } from '../../ui/time.ts'
import { serverNow } from '../live.ts'
import { queryClient } from '../queries.ts'
import { SettingsTabs } from '../settings/tabs.tsx'
import { useSite } from '../site.tsx'
import { toast, toastFault } from '../toast.tsx'
import { MakeToken } from './make.tsx'
import { permissionsInOrder, permissionWords } from './words.ts'

export const tokensQuery = queryOptions({
  queryKey: ['tokens'],
  queryFn: () => everyPage<ApiToken>('/tokens'),
})

const DocsLink = () => (
  <a href="/api/docs" target="_blank" rel="noreferrer">
    How a program talks to this book
  </a>
)

export function ProgramsPage() {
  const { can } = useSite()
  const may = can('api.tokens')
  const tokens = useQuery({ ...tokensQuery, enabled: may })
  const [making, { open, close }] = useDisclosure(false)
  const [revoking, setRevoking] = useState<ApiToken | null>(null)
  const rows = tokens.data ?? []
  return (
    <>
      <PageHead
        title="Other programs"
        lead="A program that reads or fills this book proves itself with a token."
        actions={
          may && (
            <Button leftSection={<IconPlus size={16} />} onClick={open}>
              Make a token
            </Button>
          )
        }
      />
      <SettingsTabs />
      <p className="programs-docs">
        <DocsLink />
      </p>
      {!may && (
        <Empty title="Tokens are for administrators">
          Ask one of your school to make one for the program that you use.
        </Empty>
      )}
      {may && tokens.isPending && <Loading rows={4} />}
      {tokens.error && <Problem error={tokens.error} onRetry={() => void tokens.refetch()} />}
      {tokens.data && rows.length === 0 && (
        <Empty title="No program has a token">
          Make one for each program, so that each can be revoked without stopping the others.
        </Empty>
      )}
      {rows.length > 0 && (
        <ol className="programs">
          {rows.map((row) => (
            <TokenRow key={row.id} row={row} onRevoke={() => setRevoking(row)} />
          ))}
        </ol>
      )}
      {making && <MakeToken onClose={close} />}
      {revoking && <Revoke row={revoking} onClose={() => setRevoking(null)} />}
    </>
  )
}

function TokenRow({ row, onRevoke }: { row: ApiToken; onRevoke: () => void }) {
  const { me, zone } = useSite()
  const used = row.lastUsedAt === null ? 'never used' : `last used ${ago(row.lastUsedAt, zone, serverNow())}`
  const end =
    row.revokedAt === null
      ? `${row.state === 'expired' ? 'ended' : 'ends'} on ${fullDay(dayOf(row.expiresAt, zone))}`
      : `revoked on ${fullDay(dayOf(row.revokedAt, zone))}`
  const names = row.sites?.map((id) => me.sites.find((site) => site.id === id)?.name ?? 'another school')
  return (
    <li>
      <div className="grow">
        <div className="row wrap">
          <b className="break">{row.name}</b>
          <StatePill look={tokenLooks[row.state]} />
        </div>
        <p className="q num">
          {used}, {end}
        </p>
        <p className="q">For {names?.join(', ') ?? 'every school, also those added later'}</p>
        <details className="sm">
          <summary>
            {row.permissions.length === 1 ? 'May do one thing' : `May do ${row.permissions.length} things`}
          </summary>
          <ul>
            {permissionsInOrder
              .filter((one) => row.permissions.includes(one))
              .map((one) => (
                <li key={one}>{permissionWords[one]}</li>
              ))}
          </ul>
        </details>
      </div>
      {row.state === 'active' && (
        <Button size="sm" variant="subtle" aria-label={`Revoke ${row.name}`} onClick={onRevoke}>
          Revoke
        </Button>
      )}
    </li>
  )
}

function Revoke({ row, onClose }: { row: ApiToken; onClose: () => void }) {
  const revoke = useMutation({
    mutationFn: () => api.delete(`/tokens/${row.id}`),
    onSuccess: async () => {
      onClose()
      toast('Revoked. The program is refused from its next call on.')
      await queryClient.invalidateQueries({ queryKey: tokensQuery.queryKey })
    },
    onError: toastFault,
  })
  return (
    <Modal opened onClose={onClose} title={`Revoke the token of ${row.name}?`}>
      <div className="stack">
        <p>The program can do nothing here any more, and this cannot be undone. What it recorded stays.</p>
        <div className="row">
          <Button variant="default" data-danger loading={revoke.isPending} onClick={() => revoke.mutate()}>
            Revoke
          </Button>
          <Button variant="subtle" onClick={onClose}>
            Keep it
          </Button>
        </div>
      </div>
    </Modal>
  )
}
