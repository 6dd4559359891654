/** The directory over HTTP (contract §3.3). */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Person } from '../../shared/people.ts'
import { type Answer, createWorld, linkedSite, type World } from '../../test/world.ts'

type Page = { data: Person[]; meta: { next: string | null } }

let world: World
let site: string
/** linked to the sandbox's primary, with everybody imported */
let linked: string

beforeAll(async () => {
  world = await createWorld()
  const made = await world.api('POST', '/sites', { name: 'Hillcrest', phase: 'primary', timeZone: 'UTC' })
  site = made.body.id
  linked = (await linkedSite(world, 'Oakfield')).id
}, 60_000)
afterAll(() => world?.close())

const students = (query = '') => world.api('GET', `/sites/${site}/students${query}`)
const names = async (query: string): Promise<string[]> =>
  (await students(query)).body.data.map((person: Person) => person.name)

async function add(kind: 'students' | 'employees', body: object): Promise<Person> {
  const made = await world.api<Person>('POST', `/sites/${site}/${kind}`, body)
  expect(made.status).toBe(201)
  return made.body
}

describe('by hand', () => {
  test('without a token or the permission nobody reads or writes', async () => {
    const reader = await world.as(['people.read'], [site])
    const other = await world.as(['mis.read'], [site])
    expect((await reader('POST', `/sites/${site}/students`, { surname: 'X' })).status).toBe(403)
    expect((await other('GET', `/sites/${site}/students`)).status).toBe(403)
    expect((await fetch(`${world.url}/api/v1/sites/${site}/students`)).status).toBe(401)
  })

  test.each([
    ['no name at all', { forename: '', surname: '' }],
    ['an unknown key', { surname: 'X', misId: 'A1' }],
    ['an e-mail that is none', { surname: 'X', email: 'x' }],
    ['a number for a name', { surname: 7 }],
    ['a list', []],
  ])('%s is refused', async (_what, body) => {
    const refused = await world.api('POST', `/sites/${site}/employees`, body)
    expect([refused.status, refused.body.error.code]).toEqual([422, 'request.invalid'])
  })

  test('added, changed, archived and restored as the same record', async () => {
    const person = await add('employees', { forename: ' Jo\u0000 ', surname: 'Bloggs', email: 'jo@x.uk' })
    expect(person).toMatchObject({ kind: 'employee', misId: null, name: 'Jo Bloggs', state: 'active' })
    expect(person.importing).toBe(false)
    const at = `/sites/${site}/employees/${person.id}`
    const changed = await world.api('PATCH', at, { forename: 'Joanna', email: null })
    expect(changed.body).toMatchObject({ id: person.id, name: 'Joanna Bloggs', email: null })
    for (let times = 0; times < 2; times++) {
      const archived = await world.api('POST', `${at}/archive`)
      expect([archived.status, archived.body.state]).toEqual([200, 'archived'])
    }
    expect((await world.api('POST', `${at}/restore`)).body).toMatchObject({ id: person.id, state: 'active' })
  })

  test('a student is no employee, and a malformed id is nobody', async () => {
    const { id } = await add('students', { forename: 'Only', surname: 'Student' })
    for (const [method, path] of [
      ['GET', `/employees/${id}`],
      ['PATCH', `/employees/${id}`],
      ['POST', `/employees/${id}/archive`],
      ['GET', '/students/x'],
      ['GET', `/students/${randomUUID()}`],
    ] as const) {
      const { status } = await world.api(method, `/sites/${site}${path}`, method === 'PATCH' ? {} : undefined)
      expect.soft(`${method} ${path} ${status}`).toBe(`${method} ${path} 404`)
    }
    expect((await world.api('GET', `/sites/${site}/students/${id.toUpperCase()}`)).status).toBe(200)
  })

  test('the same Idempotency-Key adds one person and answers with them as they are now', async () => {
    const key = { 'idempotency-key': randomUUID() }
    const body = { forename: 'Once', surname: 'Only' }
    const first = await world.api('POST', `/sites/${site}/students`, body, key)
    await world.api('PATCH', `/sites/${site}/students/${first.body.id}`, { regGroup: '3C' })
    const again = await world.api('POST', `/sites/${site}/students`, body, key)
    expect([first.status, again.status]).toEqual([201, 200])
    expect(again.body).toMatchObject({ id: first.body.id, regGroup: '3C' })
    const other = await world.api('POST', `/sites/${site}/students`, { ...body, forename: 'Two' }, key)
    expect(other.status).toBe(409)
    expect(await names('?q=once+only')).toEqual(['Once Only'])
  })
})

describe('the list', () => {
  beforeAll(async () => {
    await add('students', { forename: 'Zoë', surname: 'O’Neill', yearGroup: 'Year 9', regGroup: '9B' })
    await add('students', { forename: 'Mary-Jane', surname: 'Quill', yearGroup: 'Year 9', regGroup: '9C' })
    const left = await add('students', { forename: 'Gone', surname: 'Quill', yearGroup: 'Year 9' })
    await world.api('POST', `/sites/${site}/students/${left.id}/archive`)
  })

  test('finds words of a name in any order and spelling, and parts of an e-mail', async () => {
    expect(await names('?q=oneill')).toEqual(['Zoë O’Neill'])
    expect(await names(`?q=${encodeURIComponent("o'neill zoe")}`)).toEqual(['Zoë O’Neill'])
    expect(await names('?q=maryjane')).toEqual(['Mary-Jane Quill'])
    expect(await names('?q=%25')).toEqual([])
    await add('employees', { surname: 'Postman', email: 'Pat@Post.example' })
    const { data } = (await world.api('GET', `/sites/${site}/employees?q=PAT@post`)).body
    expect(data.map((person: Person) => person.name)).toEqual(['Postman'])
  })

  test('both states unless one is asked for; groups exactly', async () => {
    expect(await names('?q=quill')).toEqual(['Gone Quill', 'Mary-Jane Quill'])
    expect(await names('?q=quill&state=archived')).toEqual(['Gone Quill'])
    expect(await names('?yearGroup=Year+9&state=active')).toEqual(['Zoë O’Neill', 'Mary-Jane Quill'])
    expect(await names('?regGroup=9b')).toEqual([])
    expect(await names('?regGroup=9B')).toEqual(['Zoë O’Neill'])
  })

  test.each(['?foo=1', '?state=left', '?limit=0', '?limit=501', '?cursor=x', '?cursor=WyJhIiwiYiIsImMiXQ'])(
    '%s is refused',
    async (query) => {
      const refused = await students(query)
      expect([refused.status, refused.body.error.code]).toEqual([422, 'request.invalid'])
    },
  )

  test('goes page by page over everybody once, in order, though somebody comes in between', async () => {
    const at = `/sites/${linked}/students`
    const whole: Person[] = (await world.api('GET', `${at}?limit=500`)).body.data
    const seen: Person[] = []
    for (let next: string | null = ''; next !== null; ) {
      const { body }: Answer<Page> = await world.api('GET', `${at}?limit=40${next && `&cursor=${next}`}`)
      seen.push(...body.data)
      next = body.meta.next
      if (seen.length === 40) await world.api('POST', at, { forename: 'A', surname: 'A' })
    }
    expect(whole.length).toBeGreaterThan(150)
    expect(seen.map((one) => one.id)).toEqual(whole.map((one) => one.id))
    const keys = whole.map((one) => `${one.surname}\u0000${one.forename}\u0000${one.id}`)
    expect(keys).toEqual([...keys].sort())
  })
})

describe('an imported person', () => {
  const first = async (kind: string): Promise<Person> =>
    (await world.api('GET', `/sites/${linked}/${kind}?state=active`)).body.data.find(
      (person: Person) => person.misId !== null,
    )

  test('is importing, and what the MIS owns is refused by name', async () => {
    const student = await first('students')
    expect(student.importing).toBe(true)
    const at = `/sites/${linked}/students/${student.id}`
    const refused = await world.api('PATCH', at, { forename: 'X', regGroup: null, email: 'a@b.uk' })
    expect([refused.status, refused.body.error.code]).toEqual([422, 'people.mis_owned'])
    expect(Object.keys(refused.body.error.fields)).toEqual(['forename', 'regGroup'])
    expect((await world.api('GET', at)).body).toMatchObject({
      forename: student.forename,
      email: student.email,
    })
    expect((await world.api('PATCH', at, { email: 'a@b.uk' })).body.email).toBe('a@b.uk')
    const employee = await first('employees')
    const work = await world.api('PATCH', `/sites/${linked}/employees/${employee.id}`, { email: 'a@b.uk' })
    expect(Object.keys(work.body.error.fields)).toEqual(['email'])
  })

  test('has a date of birth only for whoever may know it, and never in a list', async () => {
    const student = await first('students')
    const at = `/sites/${linked}/students`
    expect(student).not.toHaveProperty('dateOfBirth')
    expect((await world.api('GET', `${at}/${student.id}`)).body.dateOfBirth).toMatch(/^\d{4}-\d\d-\d\d$/)
    const reader = await world.as(['people.read'], [linked])
    expect((await reader('GET', `${at}/${student.id}`)).body).not.toHaveProperty('dateOfBirth')
  })

  test('switched off at the MIS page is not importing and archived; on again, the same record', async () => {
    const { id, misId } = await first('students')
    const select = (importing: boolean) =>
      world.api('POST', `/sites/${linked}/mis/people/selection`, { importing, misIds: [misId] })
    const now = async () => (await world.api('GET', `/sites/${linked}/students/${id}`)).body
    await select(false)
    expect(await now()).toMatchObject({ importing: false, state: 'archived' })
    await select(true)
    expect(await now()).toMatchObject({ importing: true, state: 'active' })
  })
})
