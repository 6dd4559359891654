/** `npm run -s admin -- VERB …` (contract §1.1): works whether the server runs or not, with the same settings. */
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'
import { permission, type Permission, role } from '../shared/accounts.ts'
import { edition, phase, timeZone } from '../shared/sites.ts'
import { day } from '../shared/values.ts'
import { createAccount, createApiToken } from './accounts/accounts.ts'
import { backUp, restore, withOpenDatabase } from './backup.ts'
import type { Database } from './core/db/db.ts'
import { holdInUse } from './core/db/in-use.ts'
import { migrate } from './core/db/migrate.ts'
import { AppError } from './core/errors.ts'
import { asId, newId } from './core/ids.ts'
import { attachOrStartPostgres } from './core/postgres/launcher.ts'
import { clockOf, readSettings, type Settings } from './core/settings.ts'
import { createSite, getSite, listSites, presentSite, putLicence } from './sites/sites.ts'

/** Wrong words: exit 2. */
class UsageError extends Error {}

type Admin = { settings: Settings; db: Database; clock: ReturnType<typeof clockOf> }
type Words = Record<string, string | boolean | (string | boolean)[] | undefined>
type Said = { json: unknown; text: string }
type Verb = { usage: string; options: ParseArgsOptionsConfig } & (
  | { run: (admin: Admin, words: Words) => Promise<Said> }
  /** Sees to the database itself. */
  | { runAlone: (words: Words) => Promise<Said> }
)

const text = (words: Words, name: string): string | undefined => {
  const value = words[name]
  return typeof value === 'string' ? value : undefined
}
function need(words: Words, name: string): string {
  const value = text(words, name)?.trim()
  if (!value) throw new UsageError(`--${name} is needed`)
  return value
}
function oneOf<T extends string>(name: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value)
  if (found === undefined) throw new UsageError(`--${name}: must be one of ${allowed.join(', ')}`)
  return found
}
const many = (words: Words, name: string) =>
  ((words[name] as string[] | undefined) ?? []).flatMap((one) => one.split(','))

async function knownSites({ db }: Admin, given: readonly string[]): Promise<string[]> {
  return await db.system(async (tx) => {
    const ids: string[] = []
    for (const one of given) {
      const id = asId(one)
      if (id === null) throw new Error(`--site: there is no site with the id ${one}`)
      await getSite(tx, id).catch(() => {
        throw new Error(`--site: there is no site with the id ${one}`)
      })
      ids.push(id)
    }
    return ids
  })
}

async function readStdin(): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '')
}

const string = { type: 'string' } as const
const list = { type: 'string', multiple: true } as const
const flag = { type: 'boolean' } as const

const verbs: Record<string, Verb> = {
  'create-account': {
    usage: '--email E --name N --role admin|reception|staff [--site ID …] --password-stdin',
    options: { email: string, name: string, role: string, site: list, 'password-stdin': flag },
    async run(admin, words) {
      const email = need(words, 'email')
      if (!/^[^\s@]+@[^\s@]+$/.test(email)) throw new UsageError('--email: is not an address')
      const name = need(words, 'name')
      const as = oneOf('role', need(words, 'role'), role.options)
      if (words['password-stdin'] !== true)
        throw new UsageError('--password-stdin is needed: the password is read from standard input')
      const sites = await knownSites(admin, many(words, 'site'))
      const password = await readStdin()
      if (password.length < 12) throw new Error('The password must have at least 12 characters.')
      const made = await admin.db.system((tx) =>
        createAccount(admin, tx, {
          email,
          name,
          role: as,
          password,
          siteIds: sites.length === 0 ? null : sites,
        }),
      )
      return { json: made, text: `Account ${made.email} (${made.role}) is made.` }
    },
  },
  'create-site': {
    usage:
      '--name N --phase primary|secondary|all-through [--edition education] [--time-zone Europe/London] [--mis-from YYYY-MM-DD]',
    options: { name: string, phase: string, edition: string, 'time-zone': string, 'mis-from': string },
    async run(admin, words) {
      const name = need(words, 'name')
      const of = oneOf('phase', need(words, 'phase'), phase.options)
      const sold = oneOf('edition', text(words, 'edition') ?? 'education', edition.options)
      const zone = timeZone.safeParse(text(words, 'time-zone') ?? 'Europe/London')
      if (!zone.success) throw new UsageError('--time-zone: must be an IANA time zone such as Europe/London')
      const from = text(words, 'mis-from')
      if (from !== undefined && !day.safeParse(from).success)
        throw new UsageError('--mis-from: must be a day YYYY-MM-DD')
      if (from !== undefined && sold !== 'education')
        throw new UsageError('--mis-from: MIS integration is an option of the education edition only')
      const id = newId()
      await admin.db.system((tx) =>
        createSite(admin, tx, id, { name, phase: of, edition: sold, timeZone: zone.data }),
      )
      if (from !== undefined)
        await putLicence(admin, id, { edition: sold, misIntegration: { startsOn: from } })
      const row = await admin.db.system((tx) => getSite(tx, id))
      return { json: presentSite(row, admin.clock.now()), text: `Site ${name} is made: ${id}` }
    },
  },
  'create-token': {
    usage: '--name N [--site ID … | --all-sites] [--permissions all|a,b] [--days 365]',
    options: { name: string, site: list, 'all-sites': flag, permissions: list, days: string },
    async run(admin, words) {
      const name = need(words, 'name')
      const given = many(words, 'site')
      const all = words['all-sites'] === true
      if (all === given.length > 0) throw new UsageError('give either --site ID or --all-sites')
      const permissions = permissionsOf(many(words, 'permissions'))
      const days = Number(text(words, 'days') ?? '365')
      if (!Number.isInteger(days) || days < 1 || days > 3650)
        throw new UsageError('--days: must be a whole number from 1 to 3650')
      const siteIds = all ? null : await knownSites(admin, given)
      const made = await admin.db.system((tx) =>
        createApiToken(admin, tx, { name, siteIds, permissions, days }),
      )
      return {
        json: made,
        text: `Token ${made.name}, shown once, ends ${made.expiresAt.slice(0, 10)}:\n${made.token}`,
      }
    },
  },
  backup: {
    usage: '--to FILE',
    options: { to: string },
    async runAlone(words) {
      const taken = await backUp(process.env, need(words, 'to'))
      return { json: taken, text: `All as at ${taken.takenAt} is in ${taken.file} (${taken.bytes} bytes).` }
    },
  },
  restore: {
    usage: '--from FILE [--replace]',
    options: { from: string, replace: flag },
    async runAlone(words) {
      const replace = words['replace'] === true
      const restored = await restore(process.env, need(words, 'from'), replace)
      return { json: restored, text: `All is again as at ${restored.takenAt}. Start the server.` }
    },
  },
  'list-sites': {
    usage: '',
    options: {},
    async run(admin) {
      const rows = await admin.db.system((tx) => listSites(tx, null, null, 10_000))
      const data = rows.map((row) => presentSite(row, admin.clock.now()))
      return {
        json: { data },
        text:
          data.map((site) => `${site.id}  ${site.phase.padEnd(11)}  ${site.name}`).join('\n') ||
          'No sites yet.',
      }
    },
  },
}

function permissionsOf(given: readonly string[]): Permission[] {
  if (given.length === 0 || given.includes('all')) return [...permission.options]
  return given.map((one) => oneOf('permissions', one, permission.options))
}

async function withDatabase<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
  const settings = readSettings(process.env)
  return await withOpenDatabase(settings, attachOrStartPostgres, async (db, connection) => {
    const holding = await db.dedicated()
    try {
      await holdInUse(holding)
      await migrate(connection)
      return await work({ settings, db, clock: clockOf(settings) })
    } finally {
      await holding.end()
    }
  })
}

function usage(): string {
  const lines = Object.entries(verbs).map(([name, verb]) => `  ${name} ${verb.usage}`)
  return `Usage: npm run -s admin -- VERB [--json] …\n${lines.join('\n')}`
}

async function main(args: string[]): Promise<number> {
  const [name = '', ...rest] = args
  const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined
  try {
    if (verb === undefined) throw new UsageError(name === '' ? 'no verb given' : `unknown verb ${name}`)
    const words = parse(rest, verb)
    const { json, text: said } = await ('runAlone' in verb
      ? verb.runAlone(words)
      : withDatabase((admin) => verb.run(admin, words)))
    console.log(words['json'] === true ? JSON.stringify(json) : said)
    return 0
  } catch (error) {
    const wrongWords = error instanceof UsageError
    console.error(error instanceof Error ? error.message : error)
    if (wrongWords) console.error(usage())
    else if (!(error instanceof AppError) && process.env['LOG_LEVEL'] === 'debug') console.error(error)
    return wrongWords ? 2 : 1
  }
}

function parse(args: string[], verb: Verb): Words {
  try {
    return parseArgs({
      args,
      options: { ...verb.options, json: flag },
      strict: true,
      allowPositionals: false,
    }).values
  } catch (error) {
    throw new UsageError((error as Error).message)
  }
}

process.exitCode = await main(process.argv.slice(2))
