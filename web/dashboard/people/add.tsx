/** Somebody who is not in the MIS, or not yet, typed in by hand. */
import { Button, Modal, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import type { PersonKind } from '../../../shared/mis.ts'
import type { Person } from '../../../shared/people.ts'
import { api, Fault } from '../../api.ts'
import { Problem } from '../../ui/page.tsx'
import { queryClient, siteKey } from '../queries.ts'
import { useSite } from '../site.tsx'
import { toast } from '../toast.tsx'
import { fieldWord, kinds } from './words.ts'

const fieldsOf = {
  student: ['forename', 'surname', 'yearGroup', 'regGroup'],
  employee: ['forename', 'surname', 'email', 'phone', 'vehicle'],
} as const
const named = new Set<string>(['forename', 'surname'])

export function AddPerson({ kind, onClose }: { kind: PersonKind; onClose: () => void }) {
  const { id } = useSite()
  const navigate = useNavigate()
  const [given, setGiven] = useState<Record<string, string>>({})
  const add = useMutation({
    mutationFn: () =>
      api.post<Person>(
        `/sites/${id}/${kinds[kind].path}`,
        Object.fromEntries(
          fieldsOf[kind].map((field) => {
            const text = given[field]?.trim() ?? ''
            return [field, named.has(field) ? text : text || null]
          }),
        ),
      ),
    async onSuccess(person) {
      await queryClient.invalidateQueries({ queryKey: siteKey(id, 'people') })
      toast(`${person.name} is added.`)
      onClose()
      await navigate({ to: kinds[kind].record, params: { site: id, person: person.id } })
    },
  })
  const errors = add.error instanceof Fault ? add.error.fields : {}
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate()
  }
  return (
    <Modal opened onClose={onClose} title={kind === 'student' ? 'Add a student' : 'Add a member of staff'}>
      <form className="form" onSubmit={submit} noValidate>
        {add.error && Object.keys(errors).length === 0 && <Problem error={add.error} />}
        {fieldsOf[kind].map((field, i) => (
          <TextInput
            key={field}
            label={fieldWord(field)}
            type={field === 'email' ? 'email' : field === 'phone' ? 'tel' : 'text'}
            autoComplete="off"
            data-autofocus={i === 0 || undefined}
            maxLength={200}
            value={given[field] ?? ''}
            error={errors[field]}
            onChange={(event) => {
              const { value } = event.currentTarget
              setGiven((before) => ({ ...before, [field]: value }))
            }}
          />
        ))}
        <p className="q sm">
          {kind === 'student'
            ? 'Until the student is in the MIS too, their marks wait here and go by themselves afterwards.'
            : 'If the MIS offers them later under the same email, the import knows that they are the same.'}
        </p>
        <Button type="submit" loading={add.isPending}>
          Add
        </Button>
      </form>
    </Modal>
  )
}
