/**
 * `npm run demo`: a trust with two schools, linked to the MIS sandbox in this same process and already imported.
 * It works at any hour of any day: the demo's school day is laid around now at each start (contract §1).
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startSandbox, type Sandbox } from '../sandbox/sandbox.ts'
import { createAccount, createApiToken, setPassword } from '../server/accounts/accounts.ts'
import type { App } from '../server/app.ts'
import { newId } from '../server/core/ids.ts'
import { createLog } from '../server/core/log.ts'
import { AlreadyRunning } from '../server/core/postgres/launcher.ts'
import { newToken } from '../server/core/secrets.ts'
import { readSettings } from '../server/core/settings.ts'
import { getRun, startImport } from '../server/imports/imports.ts'
import { createKiosk, renewPairing } from '../server/kiosks/kiosks.ts'
import { connect } from '../server/mis-link/link.ts'
import { createSite, getSite, putLicence, putSchoolDay, todayAt } from '../server/sites/sites.ts'
import { type Running, startServer } from '../server/start.ts'
import { permission } from '../shared/accounts.ts'
import { clockTimeOf, localTime } from '../shared/school-day.ts'
import type { Phase, SchoolDay } from '../shared/sites.ts'
import { ensureWebBuilt } from './build-web.ts'

const root = join(import.meta.dirname, '..')
const folder = join(root, 'data/demo')
const file = join(folder, 'demo.json')
const zone = 'Europe/London'

type Demo = {
  url: string
  sandboxUrl: string
  account: { email: string; password: string }
  token: string
  kiosk: { pairingCode: string }
  sites: { id: string; name: string; phase: Phase; misSchoolId: string }[]
}
/** Kept beside what is published: what the next start needs to be the same demo. */
type Kept = Demo & { kioskId: string }
const keptFile = join(folder, 'kept.json')

/** AM is open now: opened and ended before, closes in two hours, all clipped to the day; PM in its last minutes. */
export function demoDay(now: Date): SchoolDay {
  const minute = Math.floor(localTime(now, zone).secondsOfDay / 60)
  const at = (minutes: number) => clockTimeOf(Math.min(Math.max(minutes, 0), 23 * 60 + 57) * 60)
  return {
    ...{ startsAt: '00:00', endsAt: '24:00', lunchStartsAt: null, days: [1, 2, 3, 4, 5, 6, 7] },
    am: { opensAt: at(minute - 30), endsAt: at(minute - 5), closesAt: at(minute + 120) },
    pm: { opensAt: '23:57', endsAt: '23:58', closesAt: '23:59' },
  }
}

function show(demo: Demo): void {
  // The kiosk is the first school's, so that is the page to watch.
  const [first] = demo.sites
  console.log(`
e-Reception Book, demo
  Dashboard   ${demo.url}/sites/${first?.id}/today
              ${demo.account.email}  password: ${demo.account.password}
  Kiosk       ${demo.url}/kiosk  pairing code: ${demo.kiosk.pairingCode}, at ${first?.name}
  MIS sandbox ${demo.sandboxUrl.replace(/\/v1\.0$/, '')}
  API         ${demo.url}/api/docs  token in data/demo/demo.json
${demo.sites.map((site) => `  ${site.name} (${site.phase})`).join('\n')}
`)
}

function readJson<T>(path: string): T | null {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T) : null
}

function writeSecret(path: string, value: unknown): void {
  writeFileSync(`${path}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

/** Already running: its addresses are printed, and that is all. */
async function runningAlready(): Promise<boolean> {
  const demo = readJson<Demo>(file)
  if (demo === null) return false
  const ready = await fetch(`${demo.url}/readyz`, { signal: AbortSignal.timeout(2000) }).catch(() => null)
  if (ready?.status !== 200) return false
  const mine = await fetch(`${demo.url}/api/v1/sites/${demo.sites[0]?.id}`, {
    headers: { authorization: `Bearer ${demo.token}` },
  }).catch(() => null)
  if (mine?.status !== 200) return false
  show(demo)
  return true
}

/** Ready, as `/readyz` has it, once everybody is imported and demo.json is written. */
async function startParts(): Promise<{ sandbox: Sandbox; running: Running }> {
  const { PORT, HOST, PUBLIC_URL, SANDBOX_PORT, LOG_LEVEL } = process.env
  const own = { PORT, HOST, PUBLIC_URL, SANDBOX_PORT, LOG_LEVEL: LOG_LEVEL ?? 'warn', DATA_DIR: folder }
  const settings = readSettings(own)
  const sandboxPort = Number(SANDBOX_PORT || 3010)
  const sandbox = await startSandbox({ port: sandboxPort, host: settings.host, dataDir: folder }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE')
        throw new Error(
          `SANDBOX_PORT: ${sandboxPort} is in use. Stop what uses it, or set another SANDBOX_PORT.`,
        )
      throw error
    },
  )
  try {
    const running = await startServer({
      settings: { ...settings, sandboxUrl: sandbox.baseUrl },
      env: own,
      log: createLog(settings.logLevel),
      prepare: (app) => prepare(app, sandbox),
    })
    return { sandbox, running }
  } catch (error) {
    await sandbox.close()
    throw error
  }
}

const email = 'office@demo.example'

/** Everything a fresh demo begins with; a start that died in the middle is made good by the next. */
async function make(app: App, sandbox: Sandbox): Promise<Kept> {
  const found = readJson<Kept>(keptFile)
  const kept: Kept = found ?? {
    ...{ url: '', sandboxUrl: '', token: '', kioskId: newId(), kiosk: { pairingCode: '' } },
    account: { email, password: newToken().slice(0, 16) },
    sites: ['Oakfield Primary School', 'Northgate Academy'].map((name) => {
      const school = sandbox.schools.find((one) => one.name === name)!
      return {
        id: newId(),
        name,
        phase: name.startsWith('Oakfield') ? ('primary' as const) : ('secondary' as const),
        misSchoolId: school.id,
      }
    }),
  }
  if (kept.token === '') {
    kept.token = await app.db.system(async (tx) => {
      for (const { id, name, phase } of kept.sites)
        await createSite(app, tx, id, { name, phase, edition: 'education', timeZone: zone })
      const made = {
        email,
        name: 'Sam Okoro',
        role: 'admin' as const,
        password: kept.account.password,
        siteIds: null,
      }
      if (!(await setPassword(tx, email, kept.account.password))) await createAccount(app, tx, made)
      return (
        await createApiToken(app, tx, {
          name: 'Demo',
          siteIds: null,
          permissions: permission.options,
          days: 3650,
        })
      ).token
    })
    for (const { id } of kept.sites) {
      const site = await app.db.system((tx) => getSite(tx, id))
      await putLicence(app, id, {
        edition: 'education',
        misIntegration: { startsOn: todayAt(site, app.clock.now()) },
      })
    }
    writeSecret(keptFile, kept)
  }
  return kept
}

async function link(app: App, sandbox: Sandbox, { id, misSchoolId }: Demo['sites'][number]): Promise<void> {
  const school = sandbox.schools.find((one) => one.id === misSchoolId)!
  const row = await app.db.system((tx) => getSite(tx, id))
  await putSchoolDay(app, id, demoDay(app.clock.now()))
  // The demo's licence never lapses under somebody's hands.
  await putLicence(app, id, {
    edition: 'education',
    misIntegration: { startsOn: todayAt(row, app.clock.now()) },
  })
  await connect(app, id, { provider: 'sandbox', schoolId: misSchoolId, token: school.token })
  const runId = (await startImport(app, id, { id: newId(), preview: false, trigger: 'manual', by: 'demo' }))
    .id
  for (;;) {
    const run = await app.db.read(id, (db) => getRun(db, runId))
    if (run.state !== 'queued' && run.state !== 'running') return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function main(): Promise<void> {
  if (await runningAlready()) return
  if (process.argv.includes('--fresh')) rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  console.log('Building the pages …')
  await ensureWebBuilt()
  console.log('Starting the database, the MIS sandbox and the book …')
  const { sandbox, running } = await startParts()
  let stopping = false
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      if (stopping) return
      stopping = true
      setTimeout(() => process.exit(1), 9_000).unref()
      void Promise.allSettled([running.stop(), sandbox.close()]).then(() => process.exit(0))
    })
  show(readJson<Demo>(file)!)
}

async function prepare(app: App, sandbox: Sandbox): Promise<void> {
  const kept = await make(app, sandbox)
  await Promise.all(kept.sites.map((site) => link(app, sandbox, site)))
  const kiosk = await pairingCode(app, kept)
  const { kioskId: _kioskId, ...published } = kept
  const demo: Demo = { ...published, url: app.settings.publicUrl, sandboxUrl: sandbox.baseUrl, kiosk }
  writeSecret(file, demo)
}

async function pairingCode(app: App, kept: Kept): Promise<{ pairingCode: string }> {
  const siteId = kept.sites[0]!.id
  const known = await renewPairing(app, siteId, { id: kept.kioskId, expires: false }).catch(() => null)
  const pairing =
    known ?? (await createKiosk(app, siteId, { id: kept.kioskId, name: 'Front door', expires: false }))
  return { pairingCode: pairing.pairingCode }
}

if (import.meta.main)
  main().catch((error: Error) => {
    console.error(
      error instanceof AlreadyRunning || error.name === 'SettingError' || error.name === 'Error'
        ? error.message
        : error,
    )
    process.exit(1)
  })
