/** Reasons and marks: what can be chosen at the kiosk, and how marks are treated. */
import { Button, Modal, Select, Switch, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { AttendanceSettings, Reason, ReasonType } from '../../../shared/attendance.ts'
import { api, Fault } from '../../api.ts'
import { CodeTile } from '../../ui/marks.tsx'
import { Empty, Loading, PageHead, Problem, Seg } from '../../ui/page.tsx'
import { attendanceSettingsQuery, codesQuery, queryClient, reasonsQuery, siteKey } from '../queries.ts'
import { useSite } from '../site.tsx'
import { toast, toastFault } from '../toast.tsx'
import { SettingsTabs } from './tabs.tsx'
import { useNavigate, useSearch } from '@tanstack/react-router'

const types: { value: ReasonType; label: string }[] = [
  { value: 'late-arrival', label: 'Late' },
  { value: 'early-leave', label: 'Leaving early' },
  { value: 'return', label: 'Coming back' },
]

async function change(id: string, done: string, work: Promise<unknown>): Promise<boolean> {
  try {
    await work
    await queryClient.invalidateQueries({ queryKey: siteKey(id) })
    toast(done)
    return true
  } catch (error) {
    toastFault(error)
    return false
  }
}

export function ReasonsPage() {
  const { id } = useSite()
  const settings = useQuery(attendanceSettingsQuery(id))
  return (
    <>
      <PageHead title="Reasons and marks" />
      <SettingsTabs />
      {settings.isPending && <Loading />}
      {settings.error && <Problem error={settings.error} onRetry={() => void settings.refetch()} />}
      {settings.data && (
        <>
          <Rules settings={settings.data} />
          <Reasons mode={settings.data.reasonMode} />
        </>
      )}
    </>
  )
}

function Rules({ settings }: { settings: AttendanceSettings }) {
  const { id, can } = useSite()
  const may = can('settings.write')
  const put = (set: Partial<AttendanceSettings>) =>
    void change(id, 'Saved.', api.put(`/sites/${id}/attendance-settings`, { ...settings, ...set }))
  return (
    <section className="form">
      <Select
        label="What can be chosen"
        disabled={!may}
        allowDeselect={false}
        value={settings.reasonMode}
        onChange={(value) => put({ reasonMode: value as AttendanceSettings['reasonMode'] })}
        data={[
          { value: 'all-codes', label: 'The codes of the MIS' },
          { value: 'own-reasons', label: 'Our own reasons' },
        ]}
      />
      <Select
        label="When another mark stands in the MIS"
        disabled={!may}
        allowDeselect={false}
        value={settings.onConflict}
        onChange={(value) => put({ onConflict: value as AttendanceSettings['onConflict'] })}
        data={[
          { value: 'ask', label: 'Ask somebody' },
          { value: 'keep-theirs', label: 'Keep theirs' },
        ]}
      />
      <Switch
        label="Send minutes late"
        disabled={!may}
        checked={settings.sendMinutesLate}
        onChange={(event) => put({ sendMinutesLate: event.currentTarget.checked })}
      />
      <Switch
        label="Only reasons of the list, no free text"
        disabled={!may}
        checked={settings.exactMatchRequired}
        onChange={(event) => put({ exactMatchRequired: event.currentTarget.checked })}
      />
    </section>
  )
}

function Reasons({ mode }: { mode: AttendanceSettings['reasonMode'] }) {
  const { id, can } = useSite()
  const { type: given } = useSearch({ from: '/sites/$site/settings/reasons' })
  const navigate = useNavigate()
  const type = types.find((one) => one.value === given)?.value ?? 'late-arrival'
  const reasons = useQuery(reasonsQuery(id, type))
  const [editing, setEditing] = useState<Reason | 'new' | null>(null)
  const may = can('settings.write')
  const own = mode === 'own-reasons'
  function shown(reason: Reason, publicScreen: boolean) {
    const path = own ? `/sites/${id}/reasons/${reason.id}` : `/sites/${id}/attendance-codes/${reason.id}`
    const { id: _id, state: _state, ...body } = reason
    void change(id, 'Saved.', api.put(path, own ? { ...body, publicScreen } : { publicScreen }))
  }
  return (
    <section className="stack">
      <div className="row between wrap">
        <h2>{own ? 'Our reasons' : 'Codes of the MIS'}</h2>
        {own && may && (
          <Button variant="default" onClick={() => setEditing('new')}>
            Add a reason
          </Button>
        )}
      </div>
      <Seg
        label="For"
        value={type}
        onChange={(value) =>
          void navigate({
            to: '/sites/$site/settings/reasons',
            params: { site: id },
            search: { type: value },
            replace: true,
          })
        }
        items={types}
      />
      {reasons.isPending && <Loading rows={5} />}
      {reasons.data?.length === 0 && (
        <Empty title="Nothing to choose yet">
          {own ? 'Add the first reason.' : 'The codes come with the first import of the MIS.'}
        </Empty>
      )}
      <ul>
        {(reasons.data ?? []).map((reason) => (
          <li
            key={reason.id}
            className="row between wrap"
            style={{ padding: '8px 0', borderBottom: '1px solid var(--line)' }}
          >
            <span className="row grow">
              {reason.code && <CodeTile code={reason.code} />}
              <b>{reason.name}</b>
              {reason.codesByTime && (
                <span className="q">
                  by time:{' '}
                  {reason.codesByTime.map((step) => `${step.from} ${step.code ?? 'none'}`).join(', ')}
                </span>
              )}
              {reason.state === 'broken' && (
                <span className="st amber fill">Its code is not in the MIS any more</span>
              )}
            </span>
            <Switch
              label="On the kiosk"
              labelPosition="left"
              disabled={!may}
              checked={reason.publicScreen}
              onChange={(event) => shown(reason, event.currentTarget.checked)}
            />
            {own && may && (
              <>
                <Button
                  size="sm"
                  variant="subtle"
                  aria-label={`Change ${reason.name}`}
                  onClick={() => setEditing(reason)}
                >
                  Change
                </Button>
                <Button
                  size="sm"
                  variant="subtle"
                  aria-label={`Archive ${reason.name}`}
                  onClick={() =>
                    void change(id, 'Archived.', api.delete(`/sites/${id}/reasons/${reason.id}`))
                  }
                >
                  Archive
                </Button>
              </>
            )}
          </li>
        ))}
      </ul>
      {editing !== null && (
        <Edit type={type} reason={editing === 'new' ? null : editing} onClose={() => setEditing(null)} />
      )}
    </section>
  )
}

function Edit({ type, reason, onClose }: { type: ReasonType; reason: Reason | null; onClose: () => void }) {
  const { id } = useSite()
  const codes = useQuery(codesQuery(id)).data ?? []
  const [name, setName] = useState(reason?.name ?? '')
  const [code, setCode] = useState<string | null>(reason?.code ?? null)
  const [fault, setFault] = useState<unknown>(null)
  const errors = fault instanceof Fault ? fault.fields : {}
  async function save(event: FormEvent) {
    event.preventDefault()
    const codesByTime = reason?.codesByTime ?? null
    const body = {
      name,
      type: reason?.type ?? type,
      ...{
        code,
        codesByTime: code === null ? codesByTime : null,
        writeBack: code !== null || codesByTime !== null,
      },
      ...{ onConflict: reason?.onConflict ?? 'site', publicScreen: reason?.publicScreen ?? true },
    }
    try {
      await (reason === null
        ? api.post(`/sites/${id}/reasons`, body)
        : api.put(`/sites/${id}/reasons/${reason.id}`, body))
      await queryClient.invalidateQueries({ queryKey: siteKey(id, 'reasons') })
      toast('Saved.')
      onClose()
    } catch (error) {
      setFault(error)
    }
  }
  return (
    <Modal opened onClose={onClose} title={reason === null ? 'Add a reason' : `Change “${reason.name}”`}>
      <form className="form" onSubmit={(event) => void save(event)}>
        {fault !== null && Object.keys(errors).length === 0 && <Problem error={fault} />}
        <TextInput
          label="What the screen says"
          required
          data-autofocus
          value={name}
          error={errors['name']}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label="Code written to the MIS"
          description="None: the book keeps it, and the MIS gets nothing."
          clearable
          searchable
          value={code}
          error={errors['code']}
          onChange={setCode}
          data={codes
            .filter((one) => one.code !== '/' && one.code !== '\\')
            .map((one) => ({ value: one.code, label: `${one.code}, ${one.description}` }))}
        />
        <Button type="submit">Save</Button>
      </form>
    </Modal>
  )
}
