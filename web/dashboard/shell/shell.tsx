/**
 * Around every page of a site: the rail (a bar at phone width), the live stream, the keys, the school's colours, and
 * the amber line while there is no network.
 */
import { useComputedColorScheme } from '@mantine/core'
import { IconSearch, IconWifiOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link, Outlet, useParams } from '@tanstack/react-router'
import { useEffect, useMemo } from 'react'
import type { Me } from '../../../shared/accounts.ts'
import type { Site } from '../../../shared/sites.ts'
import { Crest, schoolColours } from '../../ui/crest.tsx'
import { Loading, Problem } from '../../ui/page.tsx'
import { clock } from '../../ui/time.ts'
import { LicenceBanner } from '../licence/banner.tsx'
import { learnNow, useLive } from '../live.ts'
import { Alerts } from '../notices/notices.tsx'
import { meQuery, siteQuery, todayQuery } from '../queries.ts'
import { SiteContext, type SiteValue } from '../site.tsx'
import { AccountMenu, SiteSwitch } from './account.tsx'
import { useKeys } from './keys.ts'
import { NavLinks, TabBar } from './nav.tsx'

export function Shell() {
  const { site: id } = useParams({ from: '/sites/$site' })
  const me = useQuery(meQuery).data
  const site = useQuery(siteQuery(id))
  if (me && site.data) return <SiteShell key={id} me={me} site={site.data} />
  return (
    <main className="alone">
      {site.error ? (
        <Problem title="The site could not be read." error={site.error} onRetry={() => void site.refetch()} />
      ) : (
        <Loading rows={6} />
      )}
    </main>
  )
}

function useSchoolColours(site: Site): void {
  const dark = useComputedColorScheme('light') === 'dark'
  useEffect(() => {
    for (const [name, value] of Object.entries(schoolColours(site.phase, dark)))
      document.documentElement.style.setProperty(name, value)
  }, [site.phase, dark])
}

function SiteShell({ me, site }: { me: Me; site: Site }) {
  const live = useLive(site.id)
  const { data: today, dataUpdatedAt } = useQuery(todayQuery(site.id))
  const serverNow = today?.now
  useEffect(() => {
    if (serverNow !== undefined) learnNow(serverNow, dataUpdatedAt)
  }, [serverNow, dataUpdatedAt])
  useSchoolColours(site)
  const value = useMemo<SiteValue>(
    () => ({
      ...{ id: site.id, site, me, live, zone: site.timeZone, path: `/sites/${site.id}` },
      can: (permission) => me.permissions.includes(permission),
    }),
    [site, me, live],
  )
  useKeys(site.id, value.can('movements.write'))
  return (
    <SiteContext value={value}>
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <div className="app">
        <div className="nav">
          <SiteSwitch />
          <nav className="nav-list" aria-label="Main">
            <NavLinks />
          </nav>
          <AccountMenu />
        </div>
        <main className="sheet" id="main" tabIndex={-1}>
          <div className="phone-top">
            <Crest phase={site.phase} />
            <span className="grow cut">{site.name}</span>
            {value.can('people.read') && (
              <Link to="/sites/$site/students" params={{ site: site.id }} aria-label="Search students">
                <IconSearch size={24} stroke={1.75} />
              </Link>
            )}
          </div>
          <div aria-live="polite">
            {!live.live && (
              <p className="offline num">
                <IconWifiOff size={18} stroke={1.75} aria-hidden />
                No network. As at {clock(live.asOf, site.timeZone)}. This page goes on by itself when the
                network is back.
              </p>
            )}
          </div>
          <Alerts />
          <LicenceBanner />
          <Outlet />
        </main>
      </div>
      <TabBar />
    </SiteContext>
  )
}
