/**
 * The tie between a site and its MIS: connection, sealed token, capabilities as preset and as proved. It hands
 * out a ready `Mis`, and it alone changes a connection's stored state: at the first answer of any call or job
 * that shows it (contract §5 Link).
 */
import type { Capabilities, Connection, ConnectionState, Provider } from '../../shared/mis.ts'
import type { App } from '../app.ts'
import type { Db, Tx } from '../core/db/db.ts'
import { wake } from '../core/db/db.ts'
import { AppError, conflict, notFound } from '../core/errors.ts'
import type { Sealer } from '../core/secrets.ts'
import { isReadOnly, presetCapabilities } from '../mis/capabilities.ts'
import { type Mis, MisError, type MisSchool } from '../mis/mis.ts'
import { createPace, createWonde, resolveBaseUrl } from '../mis/wonde/wonde.ts'
import { getSite, requireMis } from '../sites/sites.ts'
import * as store from './store.ts'

export { addProved, findConnection } from './store.ts'
export type ConnectionRow = store.ConnectionRow

// One for the whole process: its limits hold over all sites and jobs (design.md §7 Pace).
const pace = createPace()

const sealContext = (siteId: string) => `mis-token:${siteId}`

/** Preset by the table of MIS, corrected by what was proved at this school. */
export function capabilitiesOf(
  row: Pick<ConnectionRow, 'mis' | 'allows_writeback' | 'proved'>,
): Capabilities {
  return { ...presetCapabilities(row.mis, row.allows_writeback), ...row.proved }
}

/** Whether a test mark may be tried: not where the MIS or the school's link is read only by its nature. */
export function takesTests(row: Pick<ConnectionRow, 'mis' | 'allows_writeback'>): boolean {
  return row.allows_writeback !== false && !isReadOnly(row.mis)
}

export function presentConnection(row: ConnectionRow): Connection {
  return {
    provider: row.provider,
    schoolId: row.school_id,
    schoolName: row.school_name,
    mis: row.mis,
    state: row.state,
    capabilities: capabilitiesOf(row),
    takesTests: takesTests(row),
    checkedAt: row.checked_at.toISOString(),
  }
}

export type Where = {
  siteId: string
  provider: Provider
  schoolId: string
  token: string
  region: string | null
}

/** A `Mis` that is not linked yet, or no longer. */
export function misWith(app: App, where: Where): Mis {
  const setting = where.provider === 'wonde' ? app.settings.wondeUrl : app.settings.sandboxUrl
  return createWonde({
    ...resolveBaseUrl(setting, where.region),
    schoolId: where.schoolId,
    token: where.token,
    region: where.region,
    pace,
    onRegion: (region) => {
      app.db
        .write(where.siteId, (tx) => store.updateConnection(tx, { region }))
        .catch((error: Error) =>
          app.log.warn({ err: error, siteId: where.siteId }, 'the region was not stored'),
        )
    },
    onUnknownWord: (word) =>
      app.log.warn({ siteId: where.siteId, word }, 'unknown word in a write-back status'),
  })
}

/** The `Mis` of a connection; whoever uses it tells `learn` what it showed. */
export function misOf(app: App, row: ConnectionRow): Mis {
  return misWith(app, {
    siteId: row.site_id,
    provider: row.provider,
    schoolId: row.school_id,
    token: app.sealer.open(row.token_sealed, sealContext(row.site_id)),
    region: row.region,
  })
}

export async function requireConnection(db: Db): Promise<ConnectionRow> {
  const row = await store.findConnection(db)
  if (row === undefined) throw notFound('MIS connection')
  return row
}

/** What an answer of the school's own object says of the link. */
export function stateOf(school: MisSchool): ConnectionState {
  if (school.approved === false) return 'revoked'
  return school.online === false ? 'offline' : 'connected'
}

/** What a failure says of the link; null where it says nothing (a slow-down, a broken page). */
export function stateAfter(error: unknown): ConnectionState | null {
  if (!(error instanceof MisError)) return null
  switch (error.kind) {
    case 'unauthorised':
      return 'unauthorised'
    case 'unavailable':
      return error.status === 423 ? 'offline' : 'unreachable'
    case 'rejected':
    case 'slow-down':
    case 'unreadable':
      return null
  }
}

/** Only the school's own object tells that access was withdrawn: elsewhere 403 is one refused permission. */
export function schoolStateAfter(error: unknown): ConnectionState | null {
  if (
    error instanceof MisError &&
    error.kind === 'rejected' &&
    (error.status === 403 || error.status === 404)
  )
    return 'revoked'
  return stateAfter(error)
}

export type Learnt = {
  state?: ConnectionState | null
  school?: MisSchool
  marksReadable?: boolean
  statusSupported?: boolean
}

/** Stores what an answer showed, if it is news. Returns the connection as it stands, or undefined if cut off. */
export async function learn(app: App, siteId: string, learnt: Learnt): Promise<ConnectionRow | undefined> {
  const { school } = learnt
  return await app.db.write(siteId, async (tx) => {
    const row = await store.findConnection(tx)
    if (row === undefined) return undefined
    const set = {
      ...(learnt.state ? { state: learnt.state } : {}),
      ...(learnt.marksReadable === undefined ? {} : { marks_readable: learnt.marksReadable }),
      ...(learnt.statusSupported === undefined ? {} : { status_supported: learnt.statusSupported }),
      ...(school === undefined
        ? {}
        : {
            school_name: school.name,
            mis: school.mis,
            allows_writeback: school.allowsWriteback,
            checked_at: app.clock.now(),
          }),
    }
    const news = Object.entries(set).some(
      ([key, value]) => key !== 'checked_at' && row[key as keyof ConnectionRow] !== value,
    )
    if (Object.keys(set).length > 0 && (news || school !== undefined)) await store.updateConnection(tx, set)
    if (news) {
      wake(tx, 'changed', `${siteId}:mis`)
      wake(tx, 'marks', siteId)
    }
    return { ...row, ...set }
  })
}

/** Asks for the school once; stores and returns what that shows of the link. Throws nothing but aborts. */
export async function probe(app: App, siteId: string, mis: Mis): Promise<ConnectionState | null> {
  try {
    const school = await mis.school()
    const state = stateOf(school)
    await learn(app, siteId, { state, school })
    return state
  } catch (error) {
    if (!(error instanceof MisError)) throw error
    const state = schoolStateAfter(error)
    if (state !== null) await learn(app, siteId, { state })
    return state
  }
}

const refusals: Record<string, AppError> = {
  unauthorised: new AppError(
    422,
    'mis.unauthorised',
    'The provider did not accept this token for this school. Check both, and that the school has approved us.',
    { fields: { token: 'was not accepted for this school' } },
  ),
  unreachable: new AppError(
    422,
    'mis.unreachable',
    'The provider could not be reached or gave no usable answer. Try again in a minute.',
  ),
}

async function tryToken(app: App, where: Where): Promise<MisSchool> {
  try {
    const school = await misWith(app, where).school()
    if (school.approved === false) throw refusals.unauthorised!
    return school
  } catch (error) {
    if (!(error instanceof MisError)) throw error
    throw refusalOf(error)
  }
}

/** What a caller who gave a token is told of a failure. */
export function refusalOf(error: MisError): AppError {
  const wrong = error.kind === 'unauthorised' || (error.kind === 'rejected' && error.status !== 400)
  return wrong ? refusals.unauthorised! : refusals.unreachable!
}

/** Links a site: the token is tried on the school first, and nothing is kept unless it works. */
export async function connect(
  app: App,
  siteId: string,
  wanted: { provider: Provider; schoolId: string; token: string },
): Promise<{ row: ConnectionRow; created: boolean }> {
  await app.db.read(siteId, async (db) => {
    requireMis(await getSite(db, siteId), app.clock.now())
    refuseOther(await store.findConnection(db), wanted)
  })
  const school = await tryToken(app, { siteId, ...wanted, region: null })
  const now = app.clock.now()
  return await app.db.write(siteId, async (tx) => {
    const before = await store.lockConnection(tx)
    const live = before?.disconnected_at === null ? before : undefined
    refuseOther(live, wanted)
    const same = before?.school_id === wanted.schoolId && before.provider === wanted.provider
    await store.putConnection(tx, {
      provider: wanted.provider,
      school_id: wanted.schoolId,
      school_name: school.name,
      mis: school.mis,
      allows_writeback: school.allowsWriteback,
      state: stateOf(school),
      token_sealed: app.sealer.seal(wanted.token, sealContext(siteId)),
      // What was proved holds for the school, not for the token.
      proved: JSON.stringify(same ? before.proved : {}),
      marks_readable: null,
      region: null,
      status_supported: true,
      connected_at: live?.connected_at ?? now,
      checked_at: now,
      disconnected_at: null,
    })
    wake(tx, 'changed', `${siteId}:mis`)
    wake(tx, 'marks', siteId)
    return { row: await requireConnection(tx), created: live === undefined }
  })
}

/**
 * After a restore: what a token is sealed with becomes the present key, which is asked for only where there is one.
 * Null where it is that already. Throws where neither that key nor the one that came with the backup opens it.
 */
export function resealed(
  token: Buffer,
  context: string,
  { present, brought }: { present: () => Sealer; brought: Sealer | null },
): Buffer | null {
  const opened = (sealer: Sealer): string | null => {
    try {
      return sealer.open(token, context)
    } catch {
      return null
    }
  }
  if (opened(present()) !== null) return null
  const open = brought === null ? null : opened(brought)
  if (open === null)
    throw new Error(
      'SECRET_KEY: the tokens for the MIS are sealed with another one. Set it to what it was when the backup was taken.',
    )
  return present().seal(open, context)
}

/** After a restore: see `resealed`. */
export async function resealToken(tx: Tx, keys: Parameters<typeof resealed>[2]): Promise<void> {
  const row = await store.lockConnection(tx)
  if (row === undefined) return
  const sealed = resealed(row.token_sealed, sealContext(tx.siteId), keys)
  if (sealed !== null) await store.updateConnection(tx, { token_sealed: sealed })
}

function refuseOther(
  live: ConnectionRow | undefined,
  wanted: { provider: Provider; schoolId: string },
): void {
  if (live === undefined) return
  if (live.school_id !== wanted.schoolId || live.provider !== wanted.provider)
    throw conflict('mis.other_school', 'This site is linked to another school. Disconnect that one first.')
}

/** Cuts the link. Everybody and every history stay; marks still owed are held. */
export async function disconnect(app: App, siteId: string): Promise<Connection> {
  return await app.db.write(siteId, async (tx: Tx) => {
    const row = await requireConnection(tx)
    await store.updateConnection(tx, { disconnected_at: app.clock.now() })
    wake(tx, 'changed', `${siteId}:mis`)
    wake(tx, 'marks', siteId)
    return presentConnection(row)
  })
}
