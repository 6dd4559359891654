/** The kiosk as it is now, beside its settings: the question and its tiles, in the school's colour. */
import { useQuery } from '@tanstack/react-query'
import type { AttendanceSettings, ReasonType } from '../../../shared/attendance.ts'
import { Crest } from '../../ui/crest.tsx'
import { reasonsQuery } from '../queries.ts'
import { useSite } from '../site.tsx'

const questions: Record<ReasonType, string> = {
  'late-arrival': 'What made you late?',
  'early-leave': 'Why are you leaving?',
  return: 'Where have you been?',
}
const most = 8

export function KioskNow({ type, settings }: { type: ReasonType; settings: AttendanceSettings }) {
  const { id, site } = useSite()
  const reasons = useQuery(reasonsQuery(id, type)).data ?? []
  const offered = reasons.filter((reason) => reason.publicScreen && reason.state === 'active')
  // L and U are one tile: the clock tells them apart, not the pupil.
  const names =
    settings.reasonMode === 'all-codes'
      ? [...new Set(offered.map(({ name }) => name))]
      : offered.map(({ name }) => name)
  const shown = names.length > most ? [...names.slice(0, most - 1), 'Something else'] : names
  return (
    <aside>
      <h2>On the kiosk now</h2>
      <div className="kiosk-now" aria-hidden>
        <div>
          <p className="row m">
            <Crest phase={site.phase} />
            <span className="cut">{site.name}</span>
          </p>
          <p className="kiosk-q">{questions[type]}</p>
          <ul>
            {shown.map((name, i) => (
              <li key={i}>{name}</li>
            ))}
          </ul>
          {shown.length === 0 && <p className="q sm">Nothing to tap.</p>}
        </div>
      </div>
      <p className="q sm">
        {shown.length === 0
          ? type === 'return'
            ? 'A pupil who comes back just taps “I’m coming back”.'
            : 'Without a reason here, pupils can’t do this at the kiosk; the office can.'
          : 'Code letters and what they mean never show here. Kiosks have a change within a minute.'}
      </p>
    </aside>
  )
}
