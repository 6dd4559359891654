/** The arrows (docs/architecture.md): who may import whom. A few plain rules over the import lines of our files. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const root = join(import.meta.dirname, '..')

/** Features in their order: each may use those before it. */
const order = [
  'sites',
  'accounts',
  'mis-link',
  'people',
  'kiosks',
  'presence',
  'write-backs',
  'attendance',
  'imports',
  'today',
  'api',
]
const pure = /\/(rules|plan|precedence|states|judge|retry)\.ts$/
const databaseLibraries = new Set(['kysely', 'kysely/migration', 'pg', 'pg-boss'])

type Import = { file: string; line: number; target: string; typeOnly: boolean }

function filesIn(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return filesIn(path)
    return /\.tsx?$/.test(entry.name) ? [path] : []
  })
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8')
  const found = text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^'"]*?from\s+)?['"]([^'"]+)['"]/gm)
  return [...found].map((match) => {
    const given = match[2]!
    const target = given.startsWith('.') ? relative(root, join(root, dirname(file), given)) : given
    return {
      file,
      line: text.slice(0, match.index).split('\n').length,
      target,
      typeOnly: match[1] !== undefined,
    }
  })
}

const top = (path: string) => path.split('/')[0]!
const isTest = (file: string) => /\.test\.tsx?$/.test(file) || file.startsWith('test/')
const within = (path: string, folder: string) => path.startsWith(`${folder}/`)

/** Why this import may not be; null where it may. */
function wrongWith({ file, target, typeOnly }: Import): string | null {
  if (isTest(file) || top(file) === 'scripts') return null
  const own = /^(server|shared|web|sandbox|scripts|test)\//.test(target)
  if (within(file, 'shared')) {
    const allowed = within(target, 'shared') || target === 'zod' || target === 'temporal-polyfill'
    return allowed ? null : 'shared/ uses nothing but itself'
  }
  if (own && within(file, 'web') && !within(target, 'web') && !within(target, 'shared'))
    return 'web/ uses only web/ and shared/'
  if (own && within(file, 'sandbox') && !within(target, 'sandbox')) return 'sandbox/ stands alone'
  if (own && within(file, 'server') && !within(target, 'server') && !within(target, 'shared'))
    return 'server/ uses only server/ and shared/'
  if (!within(file, 'server')) return null
  return wrongInServer(file, target, typeOnly)
}

function wrongInServer(file: string, target: string, typeOnly: boolean): string | null {
  if (databaseLibraries.has(target)) {
    const mayQuery = /(^|\/|\.)store\.ts$/.test(file) || within(file, 'server/core')
    return mayQuery || typeOnly ? null : 'only a store speaks SQL'
  }
  if (pure.test(file) && within(target, 'server') && !pure.test(target) && !typeOnly) {
    const helper = target === 'server/people/names.ts' || target === 'server/mis/mis.ts'
    if (!helper) return 'a file of rules is pure'
  }
  if (
    within(file, 'server/mis') &&
    within(target, 'server') &&
    !within(target, 'server/mis') &&
    !within(target, 'server/core')
  )
    return 'the driver knows no feature'
  if (within(file, 'server/mis') && within(target, 'server/core/db')) return 'the driver knows no table'
  const feature = file.split('/')[1]!
  if (feature === 'core' && within(target, 'server') && !within(target, 'server/core'))
    return 'core/ knows no feature'
  const from = order.indexOf(feature)
  const to = order.indexOf(target.split('/')[1] ?? '')
  if (from >= 0 && to > from && within(target, 'server'))
    return `${feature}/ comes before ${order[to]}/ and may not use it`
  return null
}

function cyclesOf(imports: readonly Import[]): string[] {
  const graph = Map.groupBy(
    imports.filter((one) => !one.typeOnly && /^(server|shared|sandbox|web)\//.test(one.target)),
    (one) => one.file,
  )
  const state = new Map<string, 'open' | 'done'>()
  const cycles: string[] = []
  function visit(file: string, path: string[]): void {
    if (state.get(file) === 'done') return
    if (state.get(file) === 'open') {
      cycles.push([...path.slice(path.indexOf(file)), file].join(' → '))
      return
    }
    state.set(file, 'open')
    for (const { target } of graph.get(file) ?? []) visit(target, [...path, file])
    state.set(file, 'done')
  }
  for (const file of graph.keys()) visit(file, [])
  return cycles
}

/** Every import that breaks a rule, as `file:line: why`. */
export function brokenImports(): string[] {
  const imports = ['server', 'shared', 'sandbox', 'web', 'scripts'].flatMap(filesIn).flatMap(importsOf)
  const wrong = imports.flatMap((one) => {
    const why = wrongWith(one)
    return why === null ? [] : [`${one.file}:${one.line}: ${one.target}: ${why}`]
  })
  return [...wrong, ...cyclesOf(imports).map((cycle) => `a cycle: ${cycle}`)]
}

if (import.meta.main) {
  const wrong = brokenImports()
  for (const line of wrong) console.error(line)
  process.exit(wrong.length === 0 ? 0 : 1)
}
