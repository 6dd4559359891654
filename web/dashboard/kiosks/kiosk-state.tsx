import { IconCircleCheck, IconClock, IconWifiOff } from '@tabler/icons-react'
import type { Kiosk } from '../../../shared/kiosks.ts'
import { StatePill } from '../../ui/marks.tsx'
import { clock, dayInWords, dayOf } from '../../ui/time.ts'
import { useNow } from '../live.ts'
import { useSite } from '../site.tsx'

/** A kiosk that has said nothing for longer than this is shown as offline. */
const quietMs = 3 * 60_000

export function KioskState({ kiosk }: { kiosk: Kiosk }) {
  const { zone } = useSite()
  const now = useNow()
  if (kiosk.state === 'waiting')
    return <StatePill look={{ word: 'Waiting for its code', tone: 'grey', icon: IconClock }} />
  const quiet = kiosk.lastSeenAt === null ? null : now - Date.parse(kiosk.lastSeenAt)
  if (quiet !== null && quiet < quietMs)
    return <StatePill look={{ word: 'Online', tone: 'green', icon: IconCircleCheck }} />
  const minutes = quiet === null ? null : Math.floor(quiet / 60_000)
  const since =
    kiosk.lastSeenAt === null || minutes === null
      ? 'Never seen'
      : minutes < 60
        ? `Offline ${minutes} min`
        : `Offline since ${dayInWords(dayOf(kiosk.lastSeenAt, zone), dayOf(now, zone))}, ${clock(kiosk.lastSeenAt, zone)}`
  return <StatePill look={{ word: since, tone: 'amber', icon: IconWifiOff }} />
}
