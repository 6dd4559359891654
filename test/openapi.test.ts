/** The API's own description: every route that is registered stands in it, whole, and all that it names is there. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createWeb } from '../server/routes.ts'
import { caller, createWorld, type World } from './world.ts'

type Content = { content?: Record<string, { schema?: object }> }
type Operation = {
  summary?: string
  description?: string
  tags?: string[]
  security?: object[]
  requestBody?: Content
  responses: Record<string, Content>
}

/** Its answer is a stream of events and no JSON. */
const stream = '/api/v1/sites/{site}/events'
const someId = '00000000-0000-4000-8000-000000000000'
const methods = ['get', 'post', 'put', 'patch', 'delete']
let world: World
let operations: { method: string; path: string; told: Operation }[]

beforeAll(async () => {
  world = await createWorld()
  const { paths } = (await world.api('GET', '/openapi.json')).body as {
    paths: Record<string, Record<string, Operation>>
  }
  operations = Object.entries(paths).flatMap(([path, item]) =>
    methods.filter((method) => item[method]).map((method) => ({ method, path, told: item[method]! })),
  )
}, 60_000)
afterAll(() => world?.close())

test('every operation has a summary, a heading, what it needs and the shape of its answer', () => {
  expect(operations.length).toBeGreaterThan(60)
  const lacking = operations
    .filter(({ path, told }) => {
      const good = Object.entries(told.responses).filter(([status]) => status.startsWith('2'))
      const shaped = good.length > 0 && good.every(([, { content }]) => content !== undefined)
      if (!told.summary || !told.tags?.length || !/^(Needs|For) /.test(told.description ?? '')) return true
      return path !== stream && (!shaped || told.responses['4XX'] === undefined)
    })
    .map(({ method, path }) => `${method} ${path}`)
  expect(lacking).toEqual([])
})

test('every documented path answers: none is unknown to the router, none takes another method', async () => {
  const stranger = caller(world.url, {})
  const wrong: string[] = []
  for (const { method, path, told } of operations) {
    const url = path.replaceAll(/\{[^}]+\}/g, someId)
    const { status, body } = await stranger<{ error?: { message: string } }>(method.toUpperCase(), url)
    const open = told.security?.length === 0
    const fits = open ? status !== 405 && status < 500 : status === 401
    if (!fits || body?.error?.message === 'There is nothing at this address.')
      wrong.push(`${method} ${path}: ${status}`)
  }
  expect(wrong).toEqual([])
})

/** The paths of the router's own tree, four characters to a level. */
function pathsOf(tree: string): string[] {
  const above: string[] = []
  return tree.split('\n').flatMap((line) => {
    const found = /^([│ ]*)[├└]── (\S*)(?: \(.+\))?$/.exec(line)
    if (found === null) return []
    const depth = found[1]!.length / 4
    above[depth] = (depth === 0 ? '' : above[depth - 1]!) + found[2]!
    return line.endsWith(')') ? [above[depth]] : []
  })
}

test('every path of the router stands in the description, and no method beside those that do', async () => {
  const http = await createWeb(world.running.app, () => true)
  await http.ready()
  const registered = pathsOf(http.printRoutes({ commonPrefix: false }))
    .filter((path) => path.startsWith('/api/v1/') && path !== '/api/v1/openapi.json')
    .map((path) => path.replaceAll(/:(\w+)/g, '{$1}'))
  await http.close()
  const described = new Set(operations.map(({ path }) => path))
  expect(registered.length).toBeGreaterThan(60)
  expect(registered.filter((path) => !described.has(path))).toEqual([])

  const wrong: string[] = []
  for (const path of described)
    for (const method of methods) {
      if (operations.some((one) => one.path === path && one.method === method)) continue
      const url = path.replaceAll(/\{[^}]+\}/g, someId)
      const { status } = await caller(world.url, {})(method.toUpperCase(), url)
      if (status !== 405) wrong.push(`${method} ${path}: ${status}`)
    }
  expect(wrong).toEqual([])
})
