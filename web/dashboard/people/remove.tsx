/** Remove all imported staff: archives them, and nobody comes across any more. Asks for the number typed. */
import { Button, Modal, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api } from '../../api.ts'
import { Loading, Problem } from '../../ui/page.tsx'
import { count } from '../../ui/words.ts'
import { peopleQuery, queryClient, siteKey } from '../queries.ts'
import { useMisName, useSite } from '../site.tsx'
import { toast } from '../toast.tsx'

export function RemoveImported({ onClose }: { onClose: () => void }) {
  const { id } = useSite()
  const mis = useMisName()
  const people = useQuery({ ...peopleQuery(id, 'employee', 'active'), staleTime: 0 })
  const [typed, setTyped] = useState('')
  const remove = useMutation({
    mutationFn: (confirmCount: number) =>
      api.post<{ archived: number }>(`/sites/${id}/employees/archive-imported`, { confirmCount }),
    async onSuccess({ archived }) {
      await queryClient.invalidateQueries({ queryKey: siteKey(id) })
      toast(`${count(archived, 'member', 'members')} of staff archived. No import brings them back.`)
      onClose()
    },
    onError: () => void people.refetch(),
  })
  const number = people.data?.filter((person) => person.misId !== null).length ?? 0
  const submit = (event: FormEvent) => {
    event.preventDefault()
    remove.mutate(number)
  }
  return (
    <Modal opened onClose={onClose} title="Remove all imported staff">
      {people.isPending && <Loading rows={3} />}
      {people.error && <Problem error={people.error} onRetry={() => void people.refetch()} />}
      {people.data && number === 0 && (
        <div className="stack">
          <p>Nobody on your staff list came from {mis}. There is nothing to remove.</p>
        </div>
      )}
      {people.data && number > 0 && (
        <form className="stack" onSubmit={submit}>
          {remove.error && <Problem title="Nothing has changed." error={remove.error} />}
          <p>
            <b>{count(number, 'member', 'members')} of staff</b> came from {mis}. They are archived at once
            and leave every list; their history is kept. No import brings staff any more, newcomers either,
            until you turn them green on <i>Who comes across</i>. Staff added by hand or by your own list
            stay.
          </p>
          <TextInput
            label={`Type ${number} to go on`}
            inputMode="numeric"
            autoComplete="off"
            data-autofocus
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <div className="row wrap">
            <Button
              type="submit"
              variant="default"
              data-danger
              disabled={typed.trim() !== String(number)}
              loading={remove.isPending}
            >
              Remove {count(number, 'member', 'members')} of staff
            </Button>
            <Button variant="subtle" onClick={onClose}>
              Leave them
            </Button>
          </div>
        </form>
      )}
    </Modal>
  )
}
