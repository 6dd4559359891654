/** What the office should know although no mark waits for it; alerts also stand on top of every page. */
import { Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { api } from '../../api.ts'
import { queryClient, siteKey, todayQuery } from '../queries.ts'
import { useMisName, useSite } from '../site.tsx'
import { toastFault } from '../toast.tsx'
import type { NoticeRow } from '../wire.ts'

const inTheirMis = (text: string, mis: string) => text.replace(/\b[Tt]he MIS\b/g, mis)

function Seen({ row: { notice, person } }: { row: NoticeRow }) {
  const { id: site, can, live } = useSite()
  const settle = useMutation({
    mutationFn: () => api.post(`/sites/${site}/notices/${notice.id}/settle`),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: siteKey(site, 'today') }),
    onError: toastFault,
  })
  if (!can('attendance.write')) return null
  return (
    <Button
      size="sm"
      variant="default"
      disabled={!live.live}
      loading={settle.isPending}
      onClick={() => settle.mutate()}
    >
      Seen to<span className="hidden">: {person.name}</span>
    </Button>
  )
}

/** Alerts: a mark in the MIS says that a pupil who is here should not be. */
export function Alerts() {
  const { id: site } = useSite()
  const mis = useMisName()
  const alerts = (useQuery(todayQuery(site)).data?.notices ?? []).filter(({ notice }) => notice.alert)
  return (
    <div role="alert" className="alerts">
      {alerts.map((row) => (
        <div key={row.notice.id} className="note red">
          <IconAlertTriangle aria-hidden />
          <div className="grow">
            <b>
              {row.person.name}
              {row.person.group === null ? '' : `, ${row.person.group}`}
            </b>{' '}
            {inTheirMis(row.notice.message, mis)} {inTheirMis(row.notice.fix, mis)}
          </div>
          <Seen row={row} />
        </div>
      ))}
    </div>
  )
}

export function Notices({ rows }: { rows: readonly NoticeRow[] }) {
  const mis = useMisName()
  const quiet = rows.filter(({ notice }) => !notice.alert)
  if (quiet.length === 0) return null
  return (
    <section>
      <h2>
        Good to know <span className="q num">{quiet.length}</span>
      </h2>
      {quiet.map((row) => (
        <div key={row.notice.id} className="side-card">
          <h3 className="m cut" title={row.person.name}>
            {row.person.name} <span className="q">{row.person.group}</span>
          </h3>
          <p>
            {inTheirMis(row.notice.message, mis)} {inTheirMis(row.notice.fix, mis)}
          </p>
          <Seen row={row} />
        </div>
      ))}
    </section>
  )
}
