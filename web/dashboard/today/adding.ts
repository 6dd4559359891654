/** What can be entered at the desk, and entering it: the same command again is the same movement. */
import { useMutation } from '@tanstack/react-query'
import type { Movement, MovementType, ReasonType } from '../../../shared/attendance.ts'
import { api, newId } from '../../api.ts'
import { serverNow } from '../live.ts'
import { readMarksAgain } from '../marks/act.ts'
import { useSite } from '../site.tsx'

export const addings = ['late-arrival', 'late-bus', 'early-leave', 'return', 'sixth-form'] as const
export type Adding = (typeof addings)[number]
export const addingWords: Record<Adding, { tab: string; title: string }> = {
  'late-arrival': { tab: 'Late', title: 'Add a late pupil' },
  'late-bus': { tab: 'Late bus', title: 'Add a late bus' },
  'early-leave': { tab: 'Leaving', title: 'Add a pupil leaving early' },
  return: { tab: 'Back', title: 'Add a pupil coming back' },
  'sixth-form': { tab: 'Sixth form', title: 'Sixth form in and out' },
}
/** What is entered with a reason; the sixth form comes and goes without one. */
export type WithReason = Exclude<Adding, 'sixth-form'>
export const typeOf = (adding: WithReason): ReasonType => (adding === 'late-bus' ? 'late-arrival' : adding)

export type Entry = {
  id: string
  type: MovementType
  person: string
  reason: string | null
  happenedAt: string
  note: string | null
  expectedBackAt: string | null
}

/** An id is made once for each entry, so that trying again after a cut line never enters it twice. */
export function newEntry(entry: Omit<Entry, 'id' | 'happenedAt'> & { happenedAt: string | null }): Entry {
  return { ...entry, id: newId(), happenedAt: entry.happenedAt ?? new Date(serverNow()).toISOString() }
}

export function useEnter() {
  const { id: site } = useSite()
  return useMutation({
    mutationFn: (entry: Entry) => api.post<Movement>(`/sites/${site}/movements`, entry),
    onSuccess: () => void readMarksAgain(site),
  })
}
