/** Settling marks: one or many, each by its own call, and the pages read again afterwards. */
import { useMutation } from '@tanstack/react-query'
import type { WriteBack } from '../../../shared/attendance.ts'
import { api } from '../../api.ts'
import { inWords } from '../../ui/page.tsx'
import { count } from '../../ui/words.ts'
import { queryClient, siteKey } from '../queries.ts'
import { useSite } from '../site.tsx'
import { toast, toastFault } from '../toast.tsx'
import { type Act, doneInWords } from './words.ts'

/** Reads again whatever shows marks. The live stream does so too; this is for while it is down. */
export async function readMarksAgain(site: string): Promise<void> {
  await Promise.all(
    ['today', 'needs-you', 'movements', 'write-backs'].map((part) =>
      queryClient.invalidateQueries({ queryKey: siteKey(site, part) }),
    ),
  )
}

function settle(site: string, mark: string, act: Act): Promise<WriteBack> {
  const path = `/sites/${site}/write-backs/${mark}`
  return act === 'resend' ? api.post(`${path}/resend`) : api.post(`${path}/resolve`, { as: act })
}

export function useSettle() {
  const { id: site } = useSite()
  return useMutation({
    mutationFn: ({ marks, act }: { marks: string[]; act: Act }) => settleAll(site, marks, act),
    onSuccess: ({ done, failed }, { act }) => {
      const one = done[0]
      if (one && done.length === 1) toast(doneInWords(act, one))
      else if (done.length > 1)
        toast(
          `${count(done.length, 'mark')} ${act === 'resend' || act === 'use-ours' ? 'sent on their way' : 'settled'}.`,
        )
      const first = failed[0]
      if (first !== undefined && failed.length === 1) toastFault(first)
      else if (first !== undefined)
        toastFault(`${count(failed.length, 'mark')} stayed as they were: ${inWords(first)}`)
    },
    onSettled: () => readMarksAgain(site),
  })
}

/** One after the other: a refusal of one never stops the rest. */
async function settleAll(site: string, marks: string[], act: Act) {
  const done: WriteBack[] = []
  const failed: unknown[] = []
  for (const mark of marks) {
    try {
      done.push(await settle(site, mark, act))
    } catch (error) {
      failed.push(error)
    }
  }
  return { done, failed }
}
