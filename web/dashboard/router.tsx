/** The pages by address; filters and open panels are in the address too. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { whenLoggedOut } from '../api.ts'
import { PageFault, PageMissing } from './faults.tsx'
import { Login } from './login/login.tsx'
import { meQuery, queryClient } from './queries.ts'
import { Shell } from './shell/shell.tsx'

type Search = Record<string, string | undefined>
/** Only these words of the address are read; each is text or absent. */
function words<K extends string>(...known: K[]) {
  return (search: Record<string, unknown>): { [P in K]?: string } => {
    const found: Search = {}
    for (const word of known) {
      const value = search[word]
      if (typeof value === 'string' && value !== '') found[word] = value
    }
    return found as { [P in K]?: string }
  }
}

const lastSite = 'erb-last-site'

const rootRoute = createRootRoute({
  component: Outlet,
  notFoundComponent: PageMissing,
  errorComponent: PageFault,
})

const homeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: async () => {
    const me = await queryClient.ensureQueryData(meQuery)
    if (me === null) throw redirect({ to: '/login' })
    const site = me.sites.find(({ id }) => id === localStorage.getItem(lastSite)) ?? me.sites[0]
    if (site === undefined) throw redirect({ to: '/no-site' })
    throw redirect({ to: '/sites/$site/today', params: { site: site.id }, replace: true })
  },
})
const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/login',
  validateSearch: words('next'),
  component: Login,
})
const setUpRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/set-up',
  validateSearch: words('key'),
  component: lazyRouteComponent(() => import('./login/set-up.tsx'), 'SetUp'),
})
const misHelpRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/help/mis',
  component: lazyRouteComponent(() => import('./help/mis-help.tsx'), 'MisHelpPage'),
})
const noSiteRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/no-site',
  component: lazyRouteComponent(() => import('./login/no-site.tsx'), 'NoSite'),
})

const siteRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sites/$site',
  component: Shell,
  beforeLoad: async ({ params, location }) => {
    const me = await queryClient.ensureQueryData(meQuery)
    if (me === null) throw redirect({ to: '/login', search: { next: location.href } })
    if (!me.sites.some(({ id }) => id === params.site)) throw redirect({ to: '/' })
    localStorage.setItem(lastSite, params.site)
  },
})
const siteHomeRoute = createRoute({
  getParentRoute: () => siteRoute,
  path: '/',
  beforeLoad: ({ params }) => {
    throw redirect({ to: '/sites/$site/today', params, replace: true })
  },
})
const todayRoute = createRoute({
  getParentRoute: () => siteRoute,
  path: '/today',
  validateSearch: words('mark', 'q', 'show', 'add'),
  component: lazyRouteComponent(() => import('./today/today.tsx'), 'TodayPage'),
})
const marksRoute = createRoute({
  getParentRoute: () => siteRoute,
  path: '/marks',
  validateSearch: words('state', 'mark'),
  component: lazyRouteComponent(() => import('./marks/marks.tsx'), 'MarksPage'),
})
const markRoute = createRoute({
  getParentRoute: () => siteRoute,
  path: '/marks/$movement',
  component: lazyRouteComponent(() => import('./marks/mark-page.tsx'), 'MarkPage'),
})
/** `person` in the address of a list is an older link to the record. */
const directoryWords = words('q', 'year', 'group', 'state', 'from', 'page', 'person')
const studentsRoute = createRoute({
  getParentRoute: () => siteRoute,
  path: '/students',
  validateSearch: directoryWords,
  beforeLoad: ({ params, search: { person } }) => {
    if (person !== undefined)
      throw redirect({ to: '/sites/$site/students/$person', params: { ...params, person }, replace: true })
  },
  component: lazyRouteComponent(() => import('./people/people.tsx'), 'StudentsPage'),
})
const studentRoute = createRoute({
  getParentRoute: () => siteRoute,
  path: '/students/$person',
  component: lazyRouteComponent(() => import('./people/record.tsx'), 'StudentPage'),
})
const staffRoute = createRoute({
  getParentRoute: () => siteRoute,
  path: '/staff',
  validateSearch: directoryWords,
  beforeLoad: ({ params, search: { person } }) => {
    if (person !== undefined)
      throw redirect({ to: '/sites/$site/staff/$person', params: { ...params, person }, replace: true })
  },
  component: lazyRouteComponent(() => import('./people/people.tsx'), 'StaffPage'),
})
const employeeRoute = createRoute({
  getParentRoute: () => siteRoute,
  path: '/staff/$person',
  component: lazyRouteComponent(() => import('./people/record.tsx'), 'EmployeePage'),
})
const staffListRoute = createRoute({
  getParentRoute: () => siteRoute,
  path: '/staff/list',
  component: lazyRouteComponent(() => import('./people/list.tsx'), 'StaffListPage'),
})
const misRoute = createRoute({
  getParentRoute: () => siteRoute,
  path: '/mis',
  component: lazyRouteComponent(() => import('./mis/link.tsx'), 'LinkPage'),
})
const misSetUpRoute = createRoute({
  getParentRoute: () => siteRoute,
  path: '/mis/set-up',
  validateSearch: words('step'),
  component: lazyRouteComponent(() => import('./mis/set-up.tsx'), 'SetUpPage'),
})
const misPeopleRoute = createRoute({
  getParentRoute: () => siteRoute,
  path: '/mis/people',
  validateSearch: words('kind', 'q', 'year', 'group', 'state', 'importing', 'page'),
  component: lazyRouteComponent(() => import('./mis/people.tsx'), 'MisPeoplePage'),
})
const importsRoute = createRoute({
  getParentRoute: () => siteRoute,
  path: '/mis/imports',
  component: lazyRouteComponent(() => import('./mis/history.tsx'), 'HistoryPage'),
})
const importRoute = createRoute({
  getParentRoute: () => siteRoute,
  path: '/mis/imports/$run',
  validateSearch: words('kind', 'change'),
  component: lazyRouteComponent(() => import('./mis/run.tsx'), 'RunPage'),
})
const misSettingsRoute = createRoute({
  getParentRoute: () => siteRoute,
  path: '/mis/settings',
  component: lazyRouteComponent(() => import('./mis/settings.tsx'), 'MisSettingsPage'),
})
const licenceRoute = createRoute({
  getParentRoute: () => siteRoute,
  path: '/mis/licence',
  component: lazyRouteComponent(() => import('./licence/licence.tsx'), 'LicencePage'),
})
const kiosksRoute = createRoute({
  getParentRoute: () => siteRoute,
  path: '/kiosks',
  component: lazyRouteComponent(() => import('./kiosks/kiosks.tsx'), 'KiosksPage'),
})
const reportsRoute = createRoute({
  getParentRoute: () => siteRoute,
  path: '/reports',
  validateSearch: words('report', 'from', 'to', 'year', 'group', 'reason', 'person', 'state'),
  component: lazyRouteComponent(() => import('./reports/reports.tsx'), 'ReportsPage'),
})
const settingsRoute = createRoute({
  getParentRoute: () => siteRoute,
  path: '/settings',
  component: lazyRouteComponent(() => import('./settings/school-day.tsx'), 'SchoolDayPage'),
})
const closuresRoute = createRoute({
  getParentRoute: () => siteRoute,
  path: '/settings/closures',
  component: lazyRouteComponent(() => import('./settings/closures.tsx'), 'ClosuresPage'),
})
const reasonsRoute = createRoute({
  getParentRoute: () => siteRoute,
  path: '/settings/reasons',
  validateSearch: words('type'),
  component: lazyRouteComponent(() => import('./settings/reasons.tsx'), 'ReasonsPage'),
})

const messagesRoute = createRoute({
  getParentRoute: () => siteRoute,
  path: '/settings/messages',
  component: lazyRouteComponent(() => import('./settings/messages.tsx'), 'MessagesPage'),
})
const outboxRoute = createRoute({
  getParentRoute: () => siteRoute,
  path: '/settings/outbox',
  validateSearch: words('state', 'message'),
  component: lazyRouteComponent(() => import('./outbox/outbox.tsx'), 'OutboxPage'),
})
const programsRoute = createRoute({
  getParentRoute: () => siteRoute,
  path: '/settings/programs',
  component: lazyRouteComponent(() => import('./programs/programs.tsx'), 'ProgramsPage'),
})

const routeTree = rootRoute.addChildren([
  homeRoute,
  loginRoute,
  setUpRoute,
  noSiteRoute,
  misHelpRoute,
  siteRoute.addChildren([
    siteHomeRoute,
    todayRoute,
    marksRoute,
    markRoute,
    studentsRoute,
    studentRoute,
    staffRoute,
    employeeRoute,
    staffListRoute,
    misRoute,
    misSetUpRoute,
    misPeopleRoute,
    importsRoute,
    importRoute,
    misSettingsRoute,
    licenceRoute,
    kiosksRoute,
    reportsRoute,
    settingsRoute,
    closuresRoute,
    reasonsRoute,
    messagesRoute,
    outboxRoute,
    programsRoute,
  ]),
])

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  scrollRestoration: true,
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const given = Object.entries(search as Search).filter((pair): pair is [string, string] =>
      Boolean(pair[1]),
    )
    const text = new URLSearchParams(given).toString()
    return text && `?${text}`
  },
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}

whenLoggedOut(() => {
  queryClient.setQueryData(meQuery.queryKey, null)
  const { pathname, href } = router.state.location
  if (pathname !== '/login') void router.navigate({ to: '/login', search: { next: href } })
})
