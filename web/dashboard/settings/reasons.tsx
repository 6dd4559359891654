/** Reasons and codes: what pupils tap, the mark each one makes, and the rules around them. */
import { Button } from '@mantine/core'
import { IconAlertTriangle, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import type { Reason, ReasonType } from '../../../shared/attendance.ts'
import { api } from '../../api.ts'
import { Empty, Loading, PageHead, Problem, Seg } from '../../ui/page.tsx'
import { archivedReasonsQuery, attendanceSettingsQuery, reasonsQuery, schoolDayQuery } from '../queries.ts'
import { useMisName, useSite } from '../site.tsx'
import { change } from './change.ts'
import { CodeList } from './code-list.tsx'
import { KioskNow } from './kiosk-now.tsx'
import { Mode } from './reason-mode.tsx'
import { EditReason } from './reason-edit.tsx'
import { ReasonTable } from './reason-table.tsx'
import { Rules } from './reason-rules.tsx'
import './reasons.css'
import { SettingsTabs } from './tabs.tsx'

const types: { value: ReasonType; label: string }[] = [
  { value: 'late-arrival', label: 'Late' },
  { value: 'early-leave', label: 'Leaving early' },
  { value: 'return', label: 'Coming back' },
]
export type Editing = { reason: Reason | null; type: ReasonType }

export function ReasonsPage() {
  const { id, can } = useSite()
  const mis = useMisName()
  const settings = useQuery(attendanceSettingsQuery(id))
  const day = useQuery(schoolDayQuery(id))
  const { type: given } = useSearch({ from: '/sites/$site/settings/reasons' })
  const type = types.find((one) => one.value === given)?.value ?? 'late-arrival'
  const [editing, setEditing] = useState<Editing | null>(null)
  const own = settings.data?.reasonMode === 'own-reasons'
  const error = settings.error ?? day.error
  return (
    <>
      <PageHead
        title="Reasons and codes"
        lead={`What pupils tap, and the mark each one makes in ${mis}.`}
        actions={
          own &&
          can('settings.write') && (
            <>
              <Button
                variant="default"
                onClick={() =>
                  void change(id, 'The usual reasons are here.', api.post(`/sites/${id}/reasons/usual`))
                }
              >
                Add the usual reasons
              </Button>
              <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing({ reason: null, type })}>
                Add a reason
              </Button>
            </>
          )
        }
      />
      <SettingsTabs />
      {(settings.isPending || day.isPending) && <Loading />}
      {error && (
        <Problem error={error} onRetry={() => void Promise.all([settings.refetch(), day.refetch()])} />
      )}
      {settings.data && day.data && (
        <div className="two reasons">
          <div>
            <Mode settings={settings.data} />
            {own ? (
              <OwnReasons shown={given === 'archived' ? 'archived' : type} onEdit={setEditing} />
            ) : (
              <CodeList />
            )}
            <Rules settings={settings.data} day={day.data} />
          </div>
          <KioskNow type={type} settings={settings.data} />
        </div>
      )}
      {editing && day.data && <EditReason {...editing} day={day.data} onClose={() => setEditing(null)} />}
    </>
  )
}

type OwnProps = { shown: ReasonType | 'archived'; onEdit: (editing: Editing) => void }

function OwnReasons({ shown, onEdit }: OwnProps) {
  const { id } = useSite()
  const navigate = useNavigate()
  const lists = {
    'late-arrival': useQuery(reasonsQuery(id, 'late-arrival')),
    'early-leave': useQuery(reasonsQuery(id, 'early-leave')),
    return: useQuery(reasonsQuery(id, 'return')),
    archived: useQuery(archivedReasonsQuery(id)),
  }
  const { data: rows, isPending, error, refetch } = lists[shown]
  const used = types.flatMap(({ value }) => lists[value].data ?? [])
  return (
    <>
      <Broken reasons={used.filter((reason) => reason.state === 'broken')} onEdit={onEdit} />
      <Seg
        label="For"
        value={shown}
        onChange={(value) =>
          void navigate({
            to: '/sites/$site/settings/reasons',
            params: { site: id },
            search: value === 'late-arrival' ? {} : { type: value },
            replace: true,
          })
        }
        items={[...types, { value: 'archived' as const, label: 'Archived' }].map((item) => ({
          ...item,
          count: lists[item.value].data?.length,
        }))}
      />
      {isPending && <Loading rows={5} />}
      {error && <Problem error={error} onRetry={() => void refetch()} />}
      {rows?.length === 0 &&
        (shown === 'archived' ? (
          <Empty title="Nothing is archived">
            A reason you put away stays in the history and can come back.
          </Empty>
        ) : (
          <Empty title="Nothing to tap yet">
            Press “Add the usual reasons” above, or add the first of your own. Until then pupils can’t use
            this at the kiosk.
          </Empty>
        ))}
      {rows && rows.length > 0 && <ReasonTable rows={rows} shown={shown} onEdit={onEdit} />}
    </>
  )
}

/** Loud: such a reason writes nothing until somebody chooses another code. */
function Broken({ reasons, onEdit }: { reasons: Reason[]; onEdit: OwnProps['onEdit'] }) {
  const { can } = useSite()
  const mis = useMisName()
  return reasons.map((reason) => {
    const codes = [reason.code, ...(reason.codesByTime ?? []).map((step) => step.code)].filter(Boolean)
    return (
      <div key={reason.id} className="note red reason-broken" role="alert">
        <IconAlertTriangle aria-hidden />
        <p className="grow">
          <b>
            “{reason.name}” can’t write to {mis}.
          </b>{' '}
          {mis} no longer has its code {[...new Set(codes)].join(' or ')}, or it may not be used any more. At
          the kiosk it isn’t offered; what the office enters with it is held until you choose another code.
        </p>
        {can('settings.write') && (
          <Button variant="default" size="sm" onClick={() => onEdit({ reason, type: reason.type })}>
            Choose a code
          </Button>
        )}
      </div>
    )
  })
}
