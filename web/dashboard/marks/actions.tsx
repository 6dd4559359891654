/** What a person can do with a mark that needs them, in one press each; and its history. */
import { Button } from '@mantine/core'
import { useState } from 'react'
import type { WriteBack } from '../../../shared/attendance.ts'
import { api } from '../../api.ts'
import { markLooks } from '../../ui/states.ts'
import { clockWithSeconds } from '../../ui/time.ts'
import { queryClient, siteKey } from '../queries.ts'
import { useSite } from '../site.tsx'
import { toast, toastFault } from '../toast.tsx'

type Action = { label: string; path: string; body?: unknown; done: string }

/** In the order in which they are likely right. */
export function actionsOf(mark: WriteBack): Action[] {
  const resolve = (as: string, label: string, done: string): Action => ({
    label,
    path: 'resolve',
    body: { as },
    done,
  })
  const byHand = resolve('entered-by-hand', 'I’ve entered it', 'Settled: entered by hand.')
  const again: Action = {
    label: mark.state === 'held' ? 'Send it now' : 'Send again',
    path: 'resend',
    done: 'On its way.',
  }
  switch (mark.state) {
    case 'conflict':
      return mark.code === null
        ? [byHand, resolve('keep-theirs', 'Leave it as it is', 'Settled: theirs stays.')]
        : [
            resolve('use-ours', `Use our ${mark.code}`, 'On its way.'),
            resolve('keep-theirs', 'Keep theirs', 'Settled: theirs stays.'),
          ]
    case 'refused':
    case 'unconfirmed':
      return [again, byHand]
    case 'held':
      return mark.code === null ? [byHand] : [again, byHand]
    default:
      return []
  }
}

export function MarkActions({ mark }: { mark: WriteBack }) {
  const { id, can } = useSite()
  const [busy, setBusy] = useState<string | null>(null)
  if (!can('attendance.write')) return <p className="q sm">Somebody of the school office can settle this.</p>
  async function press(action: Action) {
    setBusy(action.label)
    try {
      await api.post(`/sites/${id}/write-backs/${mark.id}/${action.path}`, action.body ?? {})
      toast(action.done)
      await queryClient.invalidateQueries({ queryKey: siteKey(id) })
    } catch (error) {
      toastFault(error)
    } finally {
      setBusy(null)
    }
  }
  return (
    <div className="row wrap">
      {actionsOf(mark).map((action, i) => (
        <Button
          key={action.label}
          size="sm"
          variant={i === 0 ? 'default' : 'subtle'}
          loading={busy === action.label}
          disabled={busy !== null}
          onClick={() => void press(action)}
        >
          {action.label}
        </Button>
      ))}
    </div>
  )
}

export function MarkHistory({ mark }: { mark: WriteBack }) {
  const { zone } = useSite()
  return (
    <ol className="kv" aria-label="What happened to this mark">
      {mark.history.map((step, i) => (
        <li key={i} className="row" style={{ alignItems: 'baseline', padding: '4px 0' }}>
          <span className="num q sm">{clockWithSeconds(step.at, zone)}</span>
          <span className="m sm nw">{markLooks[step.to].word}</span>
          <span className="q sm">{step.note}</span>
        </li>
      ))}
    </ol>
  )
}
