/** Today: three numbers, the session as a strip, the live list with each one's mark, and at the side what needs you. */
import { Button, Menu } from '@mantine/core'
import { IconBus, IconChevronDown, IconDoorEnter, IconDoorExit, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Loading, PageHead, Problem } from '../../ui/page.tsx'
import { clock, dayOf, longDay } from '../../ui/time.ts'
import { useNow } from '../live.ts'
import { MovementPanel } from '../marks/panel.tsx'
import { todayQuery } from '../queries.ts'
import { useSite } from '../site.tsx'
import type { Today } from '../wire.ts'
import { AddPanel } from './add.tsx'
import { type Adding, addings } from './adding.ts'
import { Band } from './band.tsx'
import { Movements } from './movements.tsx'
import { Side } from './side.tsx'
import { useTodaySearch } from './search.ts'
import './today.css'

export function TodayPage() {
  const { id: site, zone, can } = useSite()
  const now = useNow()
  const { search, set } = useTodaySearch()
  const today = useQuery(todayQuery(site))
  const adding = can('movements.write') ? (addings.find((word) => word === search.add) ?? null) : null
  const lead = `${longDay(dayOf(now, zone))}, ${clock(now, zone)}`
  const closed = today.data && !today.data.open ? '. The school is closed today.' : ''
  return (
    <>
      <PageHead
        title="Today"
        lead={lead + closed}
        actions={can('movements.write') && <AddButtons onAdd={(add) => set({ add })} />}
      />
      {today.isPending && <Loading rows={12} />}
      {today.error && !today.data && (
        <Problem title="Today could not be read." error={today.error} onRetry={() => void today.refetch()} />
      )}
      {today.data && <Day today={today.data} />}
      <AddPanel adding={adding} today={today.data} onAdding={(add) => set({ add: add ?? undefined })} />
      <MovementPanel
        movement={search.mark ?? null}
        person={today.data?.movements.find(({ movement }) => movement.id === search.mark)?.person}
        onClose={() => set({ mark: undefined })}
        onMoved={(movement) => set({ mark: movement ?? undefined }, true)}
      />
    </>
  )
}

function Day({ today }: { today: Today }) {
  return (
    <div className="cols">
      <div className="cols-main">
        <Band counts={today.counts} />
        <Movements today={today} />
      </div>
      <Side today={today} />
    </div>
  )
}

function AddButtons({ onAdd }: { onAdd: (adding: Adding) => void }) {
  const { live } = useSite()
  const off = { disabled: !live.live }
  return (
    <div className="today-acts">
      <Button
        className="wide-only"
        variant="default"
        leftSection={<IconBus size={18} stroke={1.75} />}
        onClick={() => onAdd('late-bus')}
        {...off}
      >
        Late bus
      </Button>
      <Button
        leftSection={<IconPlus size={18} stroke={1.75} />}
        rightSection={<kbd className="kbd wide-only">L</kbd>}
        onClick={() => onAdd('late-arrival')}
        {...off}
      >
        Add a late pupil
      </Button>
      <Menu position="bottom-end" width={210}>
        <Menu.Target>
          <Button variant="default" aria-label="Leaving early or coming back" {...off}>
            <span className="wide-only">Leaving</span>
            <IconChevronDown size={18} stroke={1.75} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconDoorExit size={18} stroke={1.75} />}
            onClick={() => onAdd('early-leave')}
          >
            Leaving early
          </Menu.Item>
          <Menu.Item leftSection={<IconDoorEnter size={18} stroke={1.75} />} onClick={() => onAdd('return')}>
            Coming back
          </Menu.Item>
          <Menu.Item
            className="phone-only"
            leftSection={<IconBus size={18} stroke={1.75} />}
            onClick={() => onAdd('late-bus')}
          >
            Late bus
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  )
}
