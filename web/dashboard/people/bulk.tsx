/** Archiving and restoring: one or many, with Undo; whoever comes from the MIS is switched off there or on again. */
import { Button, Modal } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import type { PersonKind } from '../../../shared/mis.ts'
import type { Person } from '../../../shared/people.ts'
import { api } from '../../api.ts'
import { count } from '../../ui/words.ts'
import { queryClient, siteKey } from '../queries.ts'
import '../marks/marks.css'
import { useSite } from '../site.tsx'
import { toast, toastFault } from '../toast.tsx'
import { kinds } from './words.ts'

export type Verb = 'archive' | 'restore'
type Change = { verb: Verb; people: Person[] }

const atOnce = 4

/** Several at a time, and the first that fails stops the rest. */
async function inTurn(people: readonly Person[], call: (person: Person) => Promise<unknown>): Promise<void> {
  const left = [...people]
  const work = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await call(next)
  }
  await Promise.all(Array.from({ length: atOnce }, work)).catch((error: unknown) => {
    left.length = 0
    throw error
  })
}

/**
 * Archives or restores. One who comes across would be brought back by the next import, so that archiving switches
 * them off as well, and restoring switches on who was off.
 */
export function useArchive(kind: PersonKind) {
  const { id, can } = useSite()
  const { path, one, many } = kinds[kind]
  const mutation = useMutation({
    async mutationFn({ verb, people }: Change) {
      const bySwitch = people.filter(
        (person) => can('mis.write') && person.misId !== null && person.importing === (verb === 'archive'),
      )
      if (bySwitch.length > 0)
        await api.post(`/sites/${id}/mis/people/selection`, {
          importing: verb === 'restore',
          misIds: bySwitch.map((person) => person.misId),
        })
      const switched = new Set(verb === 'archive' ? bySwitch : [])
      await inTurn(
        people.filter((person) => !switched.has(person)),
        (person) => api.post(`/sites/${id}/${path}/${person.id}/${verb}`),
      )
    },
    onSuccess(_done, { verb, people }) {
      const who = people.length === 1 ? people[0]!.name : count(people.length, one, many)
      const opposite = verb === 'archive' ? 'restore' : 'archive'
      // As they stand now: what was switched off is switched on again by the opposite.
      const now = people.map((person) =>
        can('mis.write') && person.misId !== null ? { ...person, importing: verb === 'restore' } : person,
      )
      toast(`${who}: ${verb === 'archive' ? 'archived. The history is kept.' : 'brought back.'}`, {
        undo: () => mutation.mutate({ verb: opposite, people: now }),
      })
    },
    onError: toastFault,
    onSettled: () => queryClient.invalidateQueries({ queryKey: siteKey(id) }),
  })
  return mutation
}

type DockProps = {
  kind: PersonKind
  people: Person[]
  state: 'active' | 'archived'
  all: number
  onDone: () => void
}

export function Dock({ kind, people, state, all, onDone }: DockProps) {
  const { can, live } = useSite()
  const change = useArchive(kind)
  const [asking, { open, close }] = useDisclosure(false)
  if (people.length === 0 || !can('people.write')) return null
  const verb: Verb = state === 'active' ? 'archive' : 'restore'
  const button = `${verb === 'archive' ? 'Archive' : 'Bring back'} ${count(people.length, kinds[kind].one, kinds[kind].many)}`
  const run = () => {
    close()
    change.mutate({ verb, people }, { onSuccess: onDone })
  }
  // More than a tenth of a list of any size is asked about.
  const asks = verb === 'archive' && people.length > 3 && people.length * 10 > all
  return (
    <>
      <section className="dock" aria-label="Chosen people">
        <span className="grow num" role="status">
          <b>{people.length} chosen</b>
        </span>
        <Button variant="default" onClick={onDone}>
          Choose none
        </Button>
        <Button
          variant="default"
          disabled={!live.live}
          loading={change.isPending}
          onClick={asks ? open : run}
        >
          {button}
        </Button>
      </section>
      <Modal opened={asking} onClose={close} title={`${button}?`}>
        <div className="stack">
          <p>
            That is {people.length} of {all}. They leave the lists and the kiosk at once, and whoever comes
            from the MIS is switched off there. Every history is kept, and the same records can be brought
            back.
          </p>
          <div className="row wrap">
            <Button variant="default" data-danger onClick={run}>
              {button}
            </Button>
            <Button variant="subtle" onClick={close}>
              Leave them
            </Button>
          </div>
        </div>
      </Modal>
    </>
  )
}
