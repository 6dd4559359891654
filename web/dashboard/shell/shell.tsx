/** The frame of a site's pages: which school, where one can go, who is logged in, and whether the page is live. */
import { Menu, UnstyledButton, useComputedColorScheme } from '@mantine/core'
import {
  IconBooks,
  IconDeviceTablet,
  IconHome,
  IconListCheck,
  IconLogout,
  IconPlugConnected,
  IconSchool,
  IconSelector,
  IconSettings,
  IconUsers,
  IconWifiOff,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useNavigate, useParams } from '@tanstack/react-router'
import { type ReactNode, useEffect, useMemo } from 'react'
import type { Permission } from '../../../shared/accounts.ts'
import { api } from '../../api.ts'
import { Crest, schoolColours } from '../../ui/crest.tsx'
import { Loading, Problem } from '../../ui/page.tsx'
import { clock } from '../../ui/time.ts'
import { initials } from '../../ui/words.ts'
import { learnNow, useLive } from '../live.ts'
import { meQuery, queryClient, siteQuery, todayQuery } from '../queries.ts'
import { SiteContext, useSite } from '../site.tsx'
import { toastFault } from '../toast.tsx'

const roleNames = { admin: 'Administrator', reception: 'School office', staff: 'Staff' } as const

export function Shell() {
  const { site: id } = useParams({ from: '/sites/$site' })
  const site = useQuery(siteQuery(id))
  const me = useQuery(meQuery)
  const live = useLive(id)
  const dark = useComputedColorScheme('light') === 'dark'
  const value = useMemo(() => {
    if (!site.data || !me.data) return null
    const who = me.data
    const can = (permission: Permission) => who.permissions.includes(permission)
    return { id, site: site.data, zone: site.data.timeZone, path: `/sites/${id}`, me: who, live, can }
  }, [id, site.data, me.data, live])
  if (site.error) return <Problem error={site.error} onRetry={() => void site.refetch()} />
  if (value === null) return <Loading rows={10} />
  return (
    <SiteContext value={value}>
      <a className="skip" href="#page">
        Skip to the page
      </a>
      <div className="shell" style={schoolColours(value.site.phase, dark)}>
        <Side />
        <main className="paper" id="page" tabIndex={-1}>
          {!live.live && (
            <div className="note amber" role="status">
              <IconWifiOff aria-hidden />
              <span>
                Not live: what you see is from {clock(live.asOf, value.zone)}. It goes on by itself.
              </span>
            </div>
          )}
          <Outlet />
        </main>
      </div>
    </SiteContext>
  )
}

function Side() {
  const { id, site, me } = useSite()
  const navigate = useNavigate()
  const today = useQuery(todayQuery(id))
  useEffect(() => {
    if (today.data) learnNow(today.data.now, today.dataUpdatedAt)
  }, [today.data, today.dataUpdatedAt])
  const needs = today.data?.counts.needYou ?? 0
  async function logOut() {
    try {
      await api.post('/logout')
      queryClient.clear()
      queryClient.setQueryData(meQuery.queryKey, null)
      await navigate({ to: '/login' })
    } catch (error) {
      toastFault(error)
    }
  }
  return (
    <div className="side">
      <Menu position="bottom-start" width={260}>
        <Menu.Target>
          <button type="button" className="side-school" aria-label={`School: ${site.name}`}>
            <Crest phase={site.phase} />
            <span className="grow cut">{site.name}</span>
            {me.sites.length > 1 && <IconSelector size={16} aria-hidden />}
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {me.sites.map((one) => (
            <Menu.Item
              key={one.id}
              onClick={() => void navigate({ to: '/sites/$site/today', params: { site: one.id } })}
            >
              {one.name}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <div className="side-links">
        <nav aria-label="The day">
          <Item to="/sites/$site/today" icon={<IconHome size={18} />} label="Today" />
          <Item
            to="/sites/$site/marks"
            icon={<IconListCheck size={18} />}
            label="Marks that need you"
            count={needs}
          />
        </nav>
        <nav aria-label="People">
          <Item to="/sites/$site/students" icon={<IconSchool size={18} />} label="Students" />
          <Item to="/sites/$site/staff" icon={<IconUsers size={18} />} label="Staff" />
        </nav>
        <nav aria-label="The book">
          <Item to="/sites/$site/mis" icon={<IconPlugConnected size={18} />} label="MIS" />
          <Item to="/sites/$site/kiosks" icon={<IconDeviceTablet size={18} />} label="Kiosks" />
          <Item to="/sites/$site/settings" icon={<IconSettings size={18} />} label="Settings" />
        </nav>
      </div>
      <div className="side-foot">
        <Menu position="top-start" width={220}>
          <Menu.Target>
            <UnstyledButton className="side-school" aria-label={`Account: ${me.account.name}`}>
              <span className="count">{initials(me.account.name)}</span>
              <span className="grow cut">
                {me.account.name}
                <br />
                <span className="q xs">{roleNames[me.account.role]}</span>
              </span>
            </UnstyledButton>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item component="a" href="/api/docs" leftSection={<IconBooks size={16} />}>
              API
            </Menu.Item>
            <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void logOut()}>
              Log out
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
    </div>
  )
}

type ItemProps = {
  to:
    | '/sites/$site/today'
    | '/sites/$site/marks'
    | '/sites/$site/students'
    | '/sites/$site/staff'
    | '/sites/$site/mis'
    | '/sites/$site/kiosks'
    | '/sites/$site/settings'
  icon: ReactNode
  label: string
  count?: number
}

function Item({ to, icon, label, count = 0 }: ItemProps) {
  const { id } = useSite()
  return (
    <Link
      to={to}
      params={{ site: id }}
      activeProps={{ 'aria-current': 'page' }}
      activeOptions={{ includeSearch: false }}
    >
      {icon}
      <span>{label}</span>
      {count > 0 && <span className="count">{count}</span>}
    </Link>
  )
}
