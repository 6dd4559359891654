/** Adding or changing a reason: its words, its mark all day or by time or none, and what wins over a teacher's mark. */
import { Button, Modal, Select, Switch, TextInput } from '@mantine/core'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Reason, ReasonConflict, ReasonType } from '../../../shared/attendance.ts'
import { canProduce, toCloseThen } from '../../../shared/codes.ts'
import type { SchoolDay } from '../../../shared/sites.ts'
import { api, Fault } from '../../api.ts'
import { Problem, Seg } from '../../ui/page.tsx'
import { codesQuery, queryClient, siteKey } from '../queries.ts'
import { useMisName, useSite } from '../site.tsx'
import { toast } from '../toast.tsx'
import { takesPresentAway } from './mark-bar.ts'
import { MarkBar } from './reason-table.tsx'

type Steps = { from: string; code: string | null }[]
type How = 'one' | 'by-time' | 'none'
type Given = {
  name: string
  how: How
  code: string | null
  steps: Steps
  onConflict: ReasonConflict
  publicScreen: boolean
  asksBack: boolean
}

const howOf = (reason: Reason | null): How =>
  reason === null ? 'one' : !reason.writeBack ? 'none' : reason.codesByTime ? 'by-time' : 'one'

function bodyOf(given: Given, type: ReasonType) {
  const { name, how, code, steps, onConflict, publicScreen, asksBack } = given
  return {
    ...{ name, type, onConflict, publicScreen, asksBack, writeBack: how !== 'none' },
    code: how === 'one' ? code : null,
    codesByTime: how === 'by-time' ? steps : null,
  }
}

type EditProps = { type: ReasonType; reason: Reason | null; day: SchoolDay; onClose: () => void }

export function EditReason({ type, reason, day, onClose }: EditProps) {
  const { id } = useSite()
  const mis = useMisName()
  const [given, setGiven] = useState<Given>({
    ...{ name: reason?.name ?? '', how: howOf(reason), code: reason?.code ?? null },
    steps: reason?.codesByTime ?? [
      { from: '00:00', code: type === 'early-leave' ? null : 'L' },
      { from: day.am.closesAt, code: null },
    ],
    ...{
      onConflict: reason?.onConflict ?? 'site',
      publicScreen: reason?.publicScreen ?? true,
      asksBack: reason?.asksBack ?? false,
    },
  })
  const [fault, setFault] = useState<unknown>(null)
  const errors = fault instanceof Fault ? fault.fields : {}
  const set = (some: Partial<Given>) => setGiven({ ...given, ...some })
  const body = bodyOf(given, type)
  async function save(event: FormEvent) {
    event.preventDefault()
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
  const atField =
    ['name', 'code'].some((field) => field in errors) ||
    Object.keys(errors).some((key) => key.startsWith('codesByTime'))
  return (
    <Modal
      opened
      onClose={onClose}
      size={560}
      title={reason === null ? 'Add a reason' : `Change “${reason.name}”`}
    >
      <form className="form" onSubmit={(event) => void save(event)}>
        {fault !== null && !atField && <Problem error={fault} />}
        <TextInput
          label="What the screen says"
          required
          data-autofocus
          maxLength={200}
          value={given.name}
          error={errors['name']}
          onChange={(event) => set({ name: event.currentTarget.value })}
        />
        <div className="stack reason-how">
          <span className="mantine-InputWrapper-label">What goes to {mis}</span>
          <Seg<How>
            label={`What goes to ${mis}`}
            value={given.how}
            onChange={(how) => set({ how })}
            items={[
              { value: 'one', label: 'One code' },
              { value: 'by-time', label: 'A code by time of day' },
              { value: 'none', label: 'Nothing' },
            ]}
          />
          {given.how === 'one' && (
            <CodePick
              type={type}
              value={given.code}
              error={errors['code']}
              onChange={(code) => set({ code })}
            />
          )}
          {given.how === 'by-time' && (
            <ByTime type={type} steps={given.steps} errors={errors} onChange={(steps) => set({ steps })} />
          )}
          {given.how === 'none' && (
            <p className="q sm">The book keeps it, and the mark in {mis} stays as the teacher has it.</p>
          )}
          {(given.how === 'by-time' || (given.how === 'one' && given.code !== null)) && (
            <MarkBar reason={{ ...body, state: 'active' }} />
          )}
          {takesPresentAway(body, day) && (
            <Warning day={day} code={given.code} onTake={(steps) => set({ how: 'by-time', steps })} />
          )}
        </div>
        <Select
          label="When a teacher’s mark is already there"
          allowDeselect={false}
          value={given.onConflict}
          onChange={(value) => set({ onConflict: value as ReasonConflict })}
          data={[
            { value: 'site', label: 'As for all reasons' },
            { value: 'ask', label: 'Ask us' },
            { value: 'keep-theirs', label: 'Keep the teacher’s' },
            { value: 'reason-wins', label: 'This reason goes over it' },
          ]}
        />
        <Switch
          label="On the kiosk"
          description="Off: only the office can use it."
          checked={given.publicScreen}
          onChange={(event) => set({ publicScreen: event.currentTarget.checked })}
        />
        {type === 'early-leave' && (
          <Switch
            label="Asks when they will be back"
            description="They are expected then, and you hear if they do not come."
            checked={given.asksBack}
            onChange={(event) => set({ asksBack: event.currentTarget.checked })}
          />
        )}
        <div className="row">
          <Button type="submit">Save</Button>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Modal>
  )
}

/** The reference's §3: a flat absence code on an arrival is written as mapped, with a warning and the better way. */
function Warning({
  day,
  code,
  onTake,
}: {
  day: SchoolDay
  code: string | null
  onTake: (steps: Steps) => void
}) {
  return (
    <div className="note amber">
      <p className="grow">
        A pupil who arrives before the register closes counts as present, and the code for that is <b>L</b>,
        whatever the reason. Another code there takes a present mark away.
      </p>
      {code !== null && (
        <Button variant="default" size="sm" onClick={() => onTake(toCloseThen(code, day))}>
          L first, then {code}
        </Button>
      )}
    </div>
  )
}

type PickProps = {
  type: ReasonType
  value: string | null
  error?: string | undefined
  label?: string
  none?: boolean
  onChange: (code: string | null) => void
}

function CodePick({ type, value, error, label = 'Code', none, onChange }: PickProps) {
  const { id } = useSite()
  const codes = (useQuery(codesQuery(id)).data ?? []).filter(({ code }) => canProduce(type, code))
  const known = new Map(codes.map(({ code, description }) => [code, `${code}, ${description}`]))
  const options = [...known].map(([code, words]) => ({ value: code, label: words }))
  if (value !== null && !known.has(value))
    options.push({ value, label: `${value}, not in the list any more` })
  return (
    <Select
      aria-label={label}
      placeholder={none ? 'No mark' : 'Choose a code'}
      clearable={none ?? false}
      allowDeselect={none ?? false}
      searchable
      value={value}
      error={error}
      onChange={onChange}
      data={options}
      className="grow"
    />
  )
}

type ByTimeProps = {
  type: ReasonType
  steps: Steps
  errors: Record<string, string>
  onChange: (steps: Steps) => void
}

/** From midnight on, so that every minute of the day has exactly one code. */
function ByTime({ type, steps, errors, onChange }: ByTimeProps) {
  const put = (at: number, some: Partial<Steps[number]>) =>
    onChange(steps.map((step, i) => (i === at ? { ...step, ...some } : step)))
  return (
    <ol className="stack">
      {steps.map((step, i) => (
        <li key={i} className="row reason-step">
          <TextInput
            type="time"
            aria-label={`From, line ${i + 1}`}
            value={step.from}
            disabled={i === 0}
            error={errors[`codesByTime.${i}.from`]}
            onChange={(event) => put(i, { from: event.currentTarget.value })}
          />
          <CodePick
            type={type}
            none
            label={`Code, line ${i + 1}`}
            value={step.code}
            error={i === 0 ? errors['code'] : undefined}
            onChange={(code) => put(i, { code })}
          />
          <Button
            variant="subtle"
            px={6}
            aria-label={`Remove line ${i + 1}`}
            disabled={i === 0}
            onClick={() => onChange(steps.filter((_, at) => at !== i))}
          >
            <IconX size={16} />
          </Button>
        </li>
      ))}
      <li>
        <Button
          variant="subtle"
          size="sm"
          leftSection={<IconPlus size={16} />}
          disabled={steps.length >= 48}
          onClick={() => onChange([...steps, { from: '', code: null }])}
        >
          Another time
        </Button>
      </li>
    </ol>
  )
}
