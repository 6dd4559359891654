/** Where one can go: the rail, and at phone width the bar with its sheet of more. */
import { Drawer } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import {
  type Icon,
  IconDeviceTablet,
  IconHome,
  IconListCheck,
  IconMenu2,
  IconPlugConnected,
  IconReportAnalytics,
  IconSchool,
  IconSettings,
  IconUsers,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, useLocation } from '@tanstack/react-router'
import type { Permission } from '../../../shared/accounts.ts'
import { count } from '../../ui/words.ts'
import { todayQuery } from '../queries.ts'
import { useSite } from '../site.tsx'
import { AccountList, SiteList } from './account.tsx'

type Place = {
  to: string
  word: string
  short?: string
  icon: Icon
  needs: Permission
  gap?: boolean
  exact?: boolean
}
const places: Place[] = [
  { to: 'today', word: 'Today', icon: IconHome, needs: 'attendance.read' },
  { to: 'marks', word: 'Marks that need you', short: 'Marks', icon: IconListCheck, needs: 'attendance.read' },
  { to: 'students', word: 'Students', icon: IconSchool, needs: 'people.read', gap: true },
  { to: 'staff', word: 'Staff', icon: IconUsers, needs: 'people.read' },
  { to: 'mis', word: 'MIS', icon: IconPlugConnected, needs: 'mis.read', gap: true },
  { to: 'kiosks', word: 'Kiosks', icon: IconDeviceTablet, needs: 'kiosks.write' },
  { to: 'reports', word: 'Reports', icon: IconReportAnalytics, needs: 'attendance.read' },
  { to: 'settings', word: 'Settings', icon: IconSettings, needs: 'settings.write' },
]

function usePlaces() {
  const { id, can } = useSite()
  const path = useLocation().pathname
  return places
    .filter(({ needs }) => can(needs))
    .map((place) => {
      const href = `/sites/${id}/${place.to}`
      return { ...place, href, here: path === href || path.startsWith(`${href}/`) }
    })
}
type Placed = ReturnType<typeof usePlaces>[number]

/** How many marks wait for a person; 0 shows nothing. */
function useNeedYou(): number {
  const { id } = useSite()
  return useQuery(todayQuery(id)).data?.counts.needYou ?? 0
}

function NavLink({ place, needYou, onGo }: { place: Placed; needYou: number; onGo?: () => void }) {
  const Icon = place.icon
  return (
    <Link
      to={place.href}
      className={place.gap ? 'nav-it gap' : 'nav-it'}
      aria-current={place.here ? 'page' : undefined}
      title={place.word}
      onClick={onGo}
    >
      <Icon size={18} stroke={1.75} aria-hidden />
      <span className="nav-word">{place.word}</span>
      {place.to === 'marks' && needYou > 0 && (
        <span className="count">
          {needYou}
          <span className="hidden"> {needYou === 1 ? 'mark needs' : 'marks need'} you</span>
        </span>
      )}
    </Link>
  )
}

export function NavLinks() {
  const needYou = useNeedYou()
  return usePlaces().map((place) => <NavLink key={place.to} place={place} needYou={needYou} />)
}

const inBar = ['today', 'marks', 'students', 'mis']

/** Phone width: four pages and More. */
export function TabBar() {
  const [open, { open: show, close }] = useDisclosure()
  const all = usePlaces()
  const needYou = useNeedYou()
  const bar = all.filter(({ to }) => inBar.includes(to))
  const rest = all.filter(({ to }) => !inBar.includes(to))
  return (
    <nav className="tabbar" aria-label="Main">
      {bar.map((place) => {
        const Icon = place.icon
        const waits = place.to === 'marks' && needYou > 0
        return (
          <Link key={place.to} to={place.href} aria-current={place.here ? 'page' : undefined}>
            <Icon size={24} stroke={1.75} aria-hidden />
            {place.short ?? place.word}
            {waits && <em aria-label={`${count(needYou, 'mark')} for you`}>{needYou}</em>}
          </Link>
        )
      })}
      <button type="button" onClick={show} aria-haspopup="dialog" aria-expanded={open}>
        <IconMenu2 size={24} stroke={1.75} aria-hidden />
        More
      </button>
      <Drawer opened={open} onClose={close} position="bottom" size="auto" title="More">
        <div className="more">
          {rest.map((place) => (
            <NavLink key={place.to} place={place} needYou={0} onGo={close} />
          ))}
          <SiteList onGo={close} />
          <AccountList />
        </div>
      </Drawer>
    </nav>
  )
}
