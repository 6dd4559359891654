/** Putting a mistake right makes a new event; the old one stays readable. Both ways have their Undo. */
import { Button, Modal, Select, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconPencil, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { type Movement, type ReasonType, reasonType } from '../../../shared/attendance.ts'
import { api, newId } from '../../api.ts'
import { Problem } from '../../ui/page.tsx'
import { clock, instantOf } from '../../ui/time.ts'
import { reasonsQuery } from '../queries.ts'
import { useSite } from '../site.tsx'
import { toast, toastFault } from '../toast.tsx'
import { readMarksAgain } from './act.ts'
import { movementWords } from './words.ts'

type Correction = {
  type?: ReasonType
  reason?: string | { text: string } | null
  happenedAt?: string
  expectedBackAt?: string | null
  void?: true
}

/** What was said as a reason, to say it again. */
const reasonOf = (movement: Movement) =>
  movement.reason ?? (movement.reasonText === null ? null : { text: movement.reasonText })

const isReasonType = (type: string): type is ReasonType => reasonType.safeParse(type).success

function correct(site: string, movement: string, correction: Correction): Promise<Movement> {
  return api.post(`/sites/${site}/movements/${movement}/correct`, correction)
}

/** Enters a withdrawn movement again, with all that it said. */
function enterAgain(site: string, movement: Movement): Promise<Movement> {
  const { type, person, happenedAt, note, expectedBackAt } = movement
  return api.post(`/sites/${site}/movements`, {
    id: newId(),
    type,
    person,
    happenedAt,
    note,
    expectedBackAt,
    reason: reasonOf(movement),
  })
}

type CorrectProps = { movement: Movement; name: string; onMoved: (movement: string | null) => void }

/** Takes a movement out of the book, with Undo; for Today's list, the panel, and what was just added. */
export function useVoid() {
  const { id: site } = useSite()
  return useMutation({
    mutationFn: ({ movement }: { movement: Movement; name: string; onBack?: (entered: Movement) => void }) =>
      correct(site, movement.id, { void: true }),
    onSuccess: (_, { movement, name, onBack }) => {
      toast(`${name} is taken out of the book.`, {
        undo: () =>
          void enterAgain(site, movement).then((entered) => {
            onBack?.(entered)
            return readMarksAgain(site)
          }, toastFault),
      })
    },
    onError: toastFault,
    onSettled: () => readMarksAgain(site),
  })
}

export function Correct({ movement, name, onMoved }: CorrectProps) {
  const { live } = useSite()
  const [open, form] = useDisclosure()
  const [asking, ask] = useDisclosure()
  const takeOut = useVoid()
  if (open) return <CorrectForm {...{ movement, name, onMoved }} onCancel={form.close} />
  return (
    <section className="stack no-print">
      <h2>A mistake?</h2>
      <div className="row wrap">
        {isReasonType(movement.type) && (
          <Button
            variant="default"
            leftSection={<IconPencil size={18} stroke={1.75} />}
            onClick={form.open}
            disabled={!live.live}
          >
            Correct a mistake
          </Button>
        )}
        <Button
          variant="default"
          data-danger
          leftSection={<IconTrash size={18} stroke={1.75} />}
          onClick={ask.open}
          disabled={!live.live}
        >
          Take it out
        </Button>
      </div>
      <Modal opened={asking} onClose={ask.close} title={`Take ${name} out?`}>
        <div className="stack">
          <p className="q">
            It never happened: the book keeps a line that says so. A mark that has not gone is not sent; one
            that has is put back as it was, or you are asked.
          </p>
          <div className="row wrap">
            <Button
              color="red"
              loading={takeOut.isPending}
              onClick={() =>
                takeOut.mutate({ movement, name }, { onSuccess: () => onMoved(null), onSettled: ask.close })
              }
            >
              Take it out
            </Button>
            <Button variant="default" onClick={ask.close}>
              Leave it in
            </Button>
          </div>
        </div>
      </Modal>
    </section>
  )
}

function useCorrect({ movement, name, onMoved }: CorrectProps) {
  const { id: site } = useSite()
  const { happenedAt, expectedBackAt } = movement
  const before: Correction = { happenedAt, expectedBackAt, reason: reasonOf(movement) }
  if (isReasonType(movement.type)) before.type = movement.type
  return useMutation({
    mutationFn: (correction: Correction) => correct(site, movement.id, correction),
    onSuccess: (corrected) => {
      onMoved(corrected.id)
      toast(`${name} is put right. The mark follows.`, {
        undo: () =>
          void correct(site, corrected.id, before).then((back) => {
            onMoved(back.id)
            return readMarksAgain(site)
          }, toastFault),
      })
    },
    onSettled: () => readMarksAgain(site),
  })
}

function CorrectForm(props: CorrectProps & { onCancel: () => void }) {
  const { movement, onCancel } = props
  const { id: site, zone } = useSite()
  const [type, setType] = useState(movement.type as ReasonType)
  const [time, setTime] = useState(clock(movement.happenedAt, zone))
  const backBefore = movement.expectedBackAt === null ? '' : clock(movement.expectedBackAt, zone)
  const [back, setBack] = useState(backBefore)
  const [reason, setReason] = useState(movement.reason)
  const reasons = useQuery(reasonsQuery(site, type)).data
  const save = useCorrect(props)
  const sameType = type === movement.type
  const correction: Correction = {
    ...(!sameType && { type }),
    ...((!sameType || reason !== movement.reason) && { reason }),
    ...(time !== clock(movement.happenedAt, zone) && { happenedAt: instantOf(movement.date, time, zone) }),
    ...(type === 'early-leave' &&
      back !== backBefore && { expectedBackAt: back === '' ? null : instantOf(movement.date, back, zone) }),
  }
  const missing = reason === null && type !== 'return' && !(sameType && movement.reasonText !== null)
  const nothing = Object.keys(correction).length === 0
  return (
    <form
      className="stack no-print"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate(correction)
      }}
    >
      <h2>Correct a mistake</h2>
      {save.error && <Problem error={save.error} />}
      <Select
        label="What happened"
        allowDeselect={false}
        data={reasonType.options.map((value) => ({ value, label: movementWords[value] }))}
        value={type}
        onChange={(value) => {
          if (value === null) return
          setType(value)
          setReason(value === movement.type ? movement.reason : null)
        }}
      />
      <TextInput
        label="Time"
        type="time"
        required
        value={time}
        onChange={(event) => setTime(event.currentTarget.value)}
      />
      {type === 'early-leave' && (
        <TextInput
          label="Back at"
          type="time"
          description="Empty: not coming back that day."
          value={back}
          onChange={(event) => setBack(event.currentTarget.value)}
        />
      )}
      <Select
        label="Reason"
        searchable
        placeholder={(sameType && movement.reasonText) || 'Choose a reason'}
        nothingFoundMessage="No reason like that"
        clearable={type === 'return'}
        data={(reasons ?? []).map(({ id, name }) => ({ value: id, label: name }))}
        value={reason}
        onChange={setReason}
      />
      <div className="row wrap">
        <Button type="submit" loading={save.isPending} disabled={nothing || missing || time === ''}>
          Put it right
        </Button>
        <Button variant="default" onClick={onCancel}>
          Leave it as it was
        </Button>
      </div>
    </form>
  )
}
