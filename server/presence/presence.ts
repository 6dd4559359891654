/** Who is here: a view of the movement log, so that it cannot disagree with it (contract §3.4). */
import type { MovementType, Presence } from '../../shared/attendance.ts'
import { instantAt } from '../../shared/school-day.ts'
import type { Db } from '../core/db/db.ts'
import { displayName } from '../people/names.ts'
import { todayAt } from '../sites/sites.ts'
import * as store from './store.ts'

export * from './store.ts'

/** Where a movement leaves its person. */
export function stateAfter(type: MovementType): 'in' | 'out' | 'offsite' {
  switch (type) {
    case 'late-arrival':
    case 'return':
    case 'check-in':
      return 'in'
    case 'early-leave':
    case 'check-out':
      return 'out'
    case 'offsite':
      return 'offsite'
  }
}

/** People with a movement today; who was in at midnight is out since then, as far as anybody knows. */
export async function presenceAt(db: Db, site: { time_zone: string }, now: Date): Promise<Presence> {
  const today = todayAt(site, now)
  const midnight = instantAt(today, '00:00', site.time_zone)
  const yesterday = todayAt(site, new Date(midnight.getTime() - 1))
  const data = (await store.latestMovements(db, yesterday)).flatMap((row) => {
    const person = { person: row.person_id, kind: row.kind, name: displayName(row.forename, row.surname) }
    const state = stateAfter(row.type)
    if (row.date >= today) return [{ ...person, state, since: row.happened_at.toISOString(), assumed: false }]
    if (state !== 'in') return []
    return [{ ...person, state: 'out' as const, since: midnight.toISOString(), assumed: true }]
  })
  data.sort((a, b) => a.name.localeCompare(b.name, 'en-GB') || (a.person < b.person ? -1 : 1))
  const here = data.filter((row) => row.state === 'in')
  const students = here.filter((row) => row.kind === 'student').length
  return {
    asOf: now.toISOString(),
    counts: { students, employees: here.length - students, visitors: 0, total: here.length },
    data,
  }
}
