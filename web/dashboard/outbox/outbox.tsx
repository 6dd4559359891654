/** The outbox: messages by e-mail, what became of each, and what it says. */
import './outbox.css'
import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { Message } from '../../../shared/mail.ts'
import { api, type Page } from '../../api.ts'
import { StatePill } from '../../ui/marks.tsx'
import { Empty, Loading, PageHead, Problem, Seg } from '../../ui/page.tsx'
import { messageLooks } from '../../ui/states.ts'
import { dayAndClock } from '../../ui/time.ts'
import { capital } from '../../ui/words.ts'
import { serverNow } from '../live.ts'
import { queryClient, siteKey } from '../queries.ts'
import { SettingsTabs } from '../settings/tabs.tsx'
import { useSite } from '../site.tsx'
import { toast, toastFault } from '../toast.tsx'

const shown = 200
const filters = [
  { value: '', label: 'All' },
  { value: 'waiting', label: 'Not sent yet' },
  { value: 'sent', label: 'Sent' },
  { value: 'failed', label: 'Not sent' },
]

export function OutboxPage() {
  const { id } = useSite()
  const { state = '', message } = useSearch({ from: '/sites/$site/settings/outbox' })
  const navigate = useNavigate({ from: '/sites/$site/settings/outbox' })
  const list = useQuery({
    queryKey: siteKey(id, 'messages', state),
    queryFn: () => api.get<Page<Message>>(`/sites/${id}/messages`, { state, limit: shown }),
  })
  const rows = list.data?.data ?? []
  return (
    <>
      <PageHead title="Outbox" lead="What this book writes to people by e-mail, and what became of it." />
      <SettingsTabs />
      {rows.some((row) => row.state === 'kept') && (
        <p className="note blue">
          No mail server is set up, so messages are kept here and not sent. Whoever runs the server can set
          SMTP_URL.
        </p>
      )}
      <Seg
        label="Which messages"
        value={state}
        onChange={(value) => void navigate({ search: value === '' ? {} : { state: value } })}
        items={filters}
      />
      {list.isPending && <Loading />}
      {list.error && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && rows.length === 0 && (
        <Empty title="No messages">
          {state === ''
            ? 'Confirmations of orders and reminders will stand here, newest first.'
            : 'There is none of this kind.'}
        </Empty>
      )}
      <ol className="outbox">
        {rows.map((row) => (
          <MessageRow
            key={row.id}
            row={row}
            open={row.id === message}
            onToggle={(open) =>
              void navigate({
                search: (before) => ({ ...before, message: open ? row.id : undefined }),
                replace: true,
              })
            }
          />
        ))}
      </ol>
      {list.data?.meta.next && <p className="q">The newest {shown} are shown.</p>}
    </>
  )
}

type RowProps = { row: Message; open: boolean; onToggle: (open: boolean) => void }

function MessageRow({ row, open, onToggle }: RowProps) {
  const { id, zone } = useSite()
  const again = useMutation({
    mutationFn: () => api.post<Message>(`/sites/${id}/messages/${row.id}/resend`),
    onSuccess: () => {
      toast('It is sent again.')
      return queryClient.invalidateQueries({ queryKey: siteKey(id, 'messages') })
    },
    onError: toastFault,
  })
  const when = dayAndClock(row.sentAt ?? row.postedAt, zone, serverNow())
  return (
    <li>
      <details open={open} onToggle={(event) => event.currentTarget.open !== open && onToggle(!open)}>
        <summary>
          <span className="grow">
            <b>{row.subject}</b>
            <span className="q num">
              To {row.to} · {capital(when)}
            </span>
          </span>
          <StatePill look={messageLooks[row.state]} />
        </summary>
        {row.fault !== null && <p className="note amber">{row.fault}</p>}
        <p className="letter">{row.text}</p>
        {(row.state === 'failed' || (row.state === 'waiting' && row.attempts > 0)) && (
          <Button variant="default" loading={again.isPending} onClick={() => again.mutate()}>
            Send again
          </Button>
        )}
      </details>
    </li>
  )
}
