/**
 * The arrows: who may import whom (docs/architecture.md). Tests and scripts may use anything; cycles are the
 * linter's (import/no-cycle). Written here because dependency-cruiser cannot read TypeScript 7.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseSync } from 'vite'

const root = join(import.meta.dirname, '..')

/** Features in their order: each may use those on the lines before it. */
const order = [
  ['sites', 'mail'],
  ['accounts'],
  ['questions', 'notices', 'licences', 'mis-link'],
  ['people', 'kiosks'],
  ['presence', 'write-backs'],
  ['visitors', 'attendance'],
  ['imports', 'evacuation', 'reports'],
  ['directory'],
  ['today'],
  ['api'],
]
/** What a feature shows to others, where that is not `<feature>.ts`. */
const faces: Record<string, string[]> = {
  attendance: ['movements', 'reasons', 'back'],
  'mis-link': ['link'],
  imports: ['imports', 'selection'],
  'write-backs': ['write-backs', 'merge'],
}
/** These only read, and may ask the stores of those before them. */
const readers = new Set(['today', 'api'])
const pure = /\/(rules|plan|precedence|states|judge|matching|retry|names)\.ts$/
const store = /[/.]store\.ts$/
const databaseLibrary = /^(kysely|pg|pg-boss)(\/|$)/
const coreForMis = new Set(['server/core/errors.ts', 'server/core/log.ts', 'server/core/clock.ts'])

/** One import line: files by their path from the root, packages by their name. */
export type Import = { from: string; to: string; typeOnly: boolean }

const top = (path: string) => path.slice(0, path.indexOf('/'))
const within = (path: string, folder: string) => path.startsWith(`${folder}/`)
const isOurs = (path: string) => /^(server|shared|web|sandbox|scripts|test|dist)\//.test(path)
const place = (feature: string) => order.findIndex((line) => line.includes(feature))

/** Why this import may not be; null where it may. */
export function faultOf(one: Import): string | null {
  const { from, to } = one
  if (/\.test\.tsx?$/.test(from)) return null
  switch (top(from)) {
    case 'shared':
      return within(to, 'shared') || to === 'zod' || to === 'temporal-polyfill'
        ? null
        : 'shared/ uses only itself, zod and temporal-polyfill'
    case 'web':
      return !isOurs(to) || within(to, 'web') || within(to, 'shared')
        ? null
        : 'web/ uses only web/ and shared/'
    case 'sandbox':
      return !isOurs(to) || within(to, 'sandbox') ? null : 'sandbox/ knows nothing of the product'
    case 'server':
      return faultInServer(one)
    default:
      return null
  }
}

function faultInServer({ from, to, typeOnly }: Import): string | null {
  if (pure.test(from)) {
    const fine =
      typeOnly || within(to, 'shared') || to === 'temporal-polyfill' || (isOurs(to) && pure.test(to))
    if (!fine) return 'a file of rules is pure: it uses only shared/, other rules and types'
  }
  if (databaseLibrary.test(to))
    return typeOnly || store.test(from) || within(from, 'server/core') ? null : 'only a store speaks SQL'
  if (!isOurs(to) || within(to, 'shared')) return null
  if (!within(to, 'server')) return 'server/ uses only server/ and shared/'
  if (within(from, 'server/mis'))
    return within(to, 'server/mis') || coreForMis.has(to) ? null : 'server/mis knows no table and no feature'
  if (within(from, 'server/core')) return within(to, 'server/core') ? null : 'server/core knows no feature'
  if (from === 'server/app.ts') return within(to, 'server/core') ? null : 'server/app.ts knows no feature'
  if (within(to, 'server/mis/wonde'))
    return from === 'server/mis-link/link.ts'
      ? null
      : 'only mis-link/link.ts chooses a driver; use mis/mis.ts'
  return faultBetweenFeatures(from, to, typeOnly)
}

function faultBetweenFeatures(from: string, to: string, typeOnly: boolean): string | null {
  const [, feature = '', file] = from.split('/')
  const [, other = '', used] = to.split('/')
  // The wiring (routes, tasks, start, admin) may use everything, and nothing but App is used by others.
  if (file === undefined) return null
  if (used === undefined) return other === 'app.ts' ? null : 'the wiring is not for use by a feature'
  if (place(feature) < 0) return `${feature}/ has no place in the order of features`
  if (feature === other || other === 'core' || other === 'mis') return null
  if (place(other) >= place(feature))
    return `${feature}/ may not use ${other}/, which does not come before it`
  const shown = (faces[other] ?? [other]).includes(used.replace(/\.ts$/, ''))
  const fine = shown || typeOnly || pure.test(to) || (readers.has(feature) && store.test(to))
  return fine
    ? null
    : `${other}/ shows only ${(faces[other] ?? [other]).join(' and ')}, its rules and its types`
}

function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return filesIn(path)
    return /\.tsx?$/.test(entry.name) ? [path] : []
  })
}

/** Every import, re-export and `import()` of a file. */
export function importsOf(from: string, text: string): Import[] {
  const { module, errors } = parseSync(from, text)
  if (errors.length > 0) throw new Error(`${from}: ${errors[0]?.message}`)
  const found = [...module.staticImports, ...module.staticExports.flatMap(({ entries }) => entries)].flatMap(
    (line) => {
      if (!line.moduleRequest) return []
      const entries = 'entries' in line ? line.entries : [line]
      const typeOnly = entries.length > 0 && entries.every(({ isType }) => isType)
      return [{ asked: line.moduleRequest.value, typeOnly }]
    },
  )
  const lazy = module.dynamicImports.map(({ moduleRequest: { start, end } }) => ({
    asked: text.slice(start + 1, end - 1),
    typeOnly: false,
  }))
  return [...found, ...lazy].map(({ asked, typeOnly }) => ({
    from,
    to: asked.startsWith('.') ? join(dirname(from), asked) : asked,
    typeOnly,
  }))
}

function main(): void {
  const files = ['server', 'shared', 'sandbox', 'web'].flatMap(filesIn)
  const faults = files
    .flatMap((file) => importsOf(file, readFileSync(join(root, file), 'utf8')))
    .flatMap((one) => {
      const why = faultOf(one)
      return why === null ? [] : [`${one.from} → ${one.to}: ${why}`]
    })
  for (const fault of new Set(faults)) console.error(fault)
  console.log(`${files.length} files, ${faults.length} imports against the rules`)
  process.exitCode = faults.length === 0 ? 0 : 1
}

if (import.meta.main) main()
