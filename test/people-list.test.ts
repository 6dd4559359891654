/** The school's own list of staff, over HTTP (contract §3.3, product.md §15). */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type ListReply, listTemplate, type Person } from '../shared/people.ts'
import { workbook } from './workbook.ts'
import { type Api, createWorld, imported, linkedSite, type World } from './world.ts'

let world: World
let site: string
let token: string

beforeAll(async () => {
  world = await createWorld()
  const { app } = world.running
  const { createApiToken } = await import('../server/accounts/accounts.ts')
  const made = await app.db.system((tx) =>
    createApiToken(app, tx, {
      name: 'lists',
      siteIds: null,
      permissions: ['people.read', 'people.write'],
      days: 1,
    }),
  )
  token = made.token
}, 60_000)
afterAll(() => world?.close())
beforeEach(async () => {
  const made = await world.api('POST', '/sites', { name: 'Hillcrest', phase: 'primary', timeZone: 'UTC' })
  site = made.body.id
})

const csv = 'text/csv'
const xlsx = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

async function send(
  file: string | Uint8Array,
  {
    dryRun,
    type = csv,
    at = site,
    headers = {},
  }: { dryRun?: boolean; type?: string; at?: string; headers?: object } = {},
) {
  const query = dryRun === undefined ? '' : `?dryRun=${dryRun}`
  const response = await fetch(`${world.url}/api/v1/sites/${at}/employees/import${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': type, ...headers },
    body: file as never,
  })
  return {
    status: response.status,
    body: (await response.json()) as ListReply & { error: { code: string; message: string } },
  }
}
const staff = async (at = site): Promise<Person[]> =>
  (await world.api('GET', `/sites/${at}/employees?limit=500`)).body.data
const results = (reply: ListReply) => reply.rows.map(({ line, result }) => `${line} ${result}`)

const head = 'forename,surname,email,phone,vehicle,workingDays\r\n'
const three = `${head}Ann,Lee,ann@x.uk,01234 567890,AB12 CDE,Mon-Fri\r\nBo,Ng,,,,\r\nCy,Fox,cy@x.uk,,,"Mon, Wed"\r\n`

describe('who may, and what is none', () => {
  test('needs a login and people.write, and another site is not there', async () => {
    expect((await send(three, { headers: { authorization: '' } })).status).toBe(401)
    const reader = await world.as(['people.read'], [site])
    expect((await reader('POST', `/sites/${site}/employees/import`, {})).status).toBe(403)
    expect((await send(three, { at: randomUUID() })).status).toBe(404)
    expect(await staff()).toEqual([])
  })

  test.each([
    ['no content at all', new Uint8Array(), csv, 415],
    ['JSON', '{}', 'application/json', 415],
    ['no known column', 'a,b\n1,2\n', csv, 422],
    ['two columns of one meaning', 'surname,email,E-mail address\nLee,a@x.uk,b@x.uk\n', csv, 422],
    ['quotes that never close', 'forename,surname\nAnn,"Lee\nBo,Ng\n', csv, 422],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), csv, 422],
    ['an old workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'application/vnd.ms-excel', 422],
    ['a zip that is no workbook', Buffer.from('504b0304aabbcc', 'hex'), xlsx, 422],
  ])('%s: refused as a whole and nothing is stored', async (_what, file, type, status) => {
    const refused = await send(file, { type })
    expect([refused.status, refused.body.error.message.length > 20]).toEqual([status, true])
    expect(await staff()).toEqual([])
  })

  test('too large a file, too many rows and a bomb: 413', async () => {
    expect((await send(Buffer.alloc(9 * 1024 * 1024, 'a'))).status).toBe(413)
    expect((await send(`surname\n${'Lee\n'.repeat(20_002)}`)).status).toBe(413)
    const bomb = workbook([['surname']], { padding: 40 * 1024 * 1024 })
    expect(bomb.length).toBeLessThan(200_000)
    expect((await send(bomb, { type: xlsx })).status).toBe(413)
    expect(await staff()).toEqual([])
  })

  test('a list sent elsewhere is no JSON there', async () => {
    const response = await fetch(`${world.url}/api/v1/sites/${site}/employees`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': csv },
      body: three,
    })
    expect(response.status).toBe(400)
  })
})

describe('what a file may look like', () => {
  const ann = {
    forename: 'Ånn',
    surname: 'O’Leé',
    email: 'ann@x.uk',
    phone: '01234 567890',
    vehicle: 'AB12 CDE',
  }
  const windows1252 = Buffer.from(
    `${head}\xc5nn,O\x92Le\xe9,ann@x.uk,01234 567890,AB12 CDE,Mon-Fri`,
    'latin1',
  )
  const line = 'Ånn,O’Leé,ann@x.uk,01234 567890,AB12 CDE,Mon-Fri'
  const utf16 = Buffer.from(`\uFEFF${head}${line}`, 'utf16le')
  test.each([
    ['UTF-8', `${head}${line}\r\n`],
    ['UTF-8 with its mark', `\uFEFF${head}${line}`],
    ['Windows-1252', windows1252],
    ['UTF-16', utf16],
    ['semicolons', `${head}${line}`.replaceAll(',', ';')],
    ['tabs', `${head}${line}`.replaceAll(',', '\t')],
    ['Excel’s separator line', `sep=;\r\n${`${head}${line}`.replaceAll(',', ';')}`],
    ['old line ends', `${head}${line}`.replaceAll('\r\n', '\r')],
    [
      'head in any case, with spaces',
      line.replace(/^/, ' First Name ,SURNAME,E-Mail Address,Telephone,Car reg,Working Days\n'),
    ],
    [
      'columns in another order',
      `email,workingDays,vehicle,surname,phone,forename\nann@x.uk,Mon-Fri,AB12 CDE,O’Leé,01234 567890,Ånn`,
    ],
    ['everything in quotes', `${head}${line}`.replace(/[^,\r\n]+/g, '"$&"')],
    ['empty lines between', `\r\n${head}\r\n,,,,,\r\n${line}\r\n\r\n`],
  ])('%s', async (_what, file) => {
    const { status, body } = await send(file)
    expect([status, body.counts]).toEqual([200, { new: 1, changed: 0, unchanged: 0, refused: 0 }])
    expect(await staff()).toMatchObject([
      { ...ann, workingDays: [1, 2, 3, 4, 5], misId: null, state: 'active' },
    ])
  })

  test('a quoted cell over two lines: lines are counted as an editor does', async () => {
    const { body } = await send('forename,surname\n"Ann\nMarie","Le""e"\nBo,Ng\n')
    expect(results(body)).toEqual(['2 new', '4 new'])
    expect((await staff()).map((person) => person.name)).toEqual(['Ann Marie Le"e', 'Bo Ng'])
  })

  test('a workbook: shared, inline and rich texts, numbers, gaps, a hidden sheet before it', async () => {
    const file = workbook([
      ['Forename', 'Surname', 'Email', 'Phone', 'Ignored', 'Working days'],
      ['Ann', { rich: ['O’', 'Lee & Co'] }, { inline: 'ann@x.uk' }, 7700900123, 'x', 'Mon;Tue'],
      [],
      [null, 'Ng'],
    ])
    const { status, body } = await send(file, { type: xlsx })
    expect([status, results(body), body.ignoredColumns]).toEqual([200, ['2 new', '4 new'], ['Ignored']])
    expect(await staff()).toMatchObject([
      { name: 'Ng' },
      { name: 'Ann O’Lee & Co', email: 'ann@x.uk', phone: '7700900123', workingDays: [1, 2] },
    ])
  })

  test('the template is itself an empty list', async () => {
    expect((await send(listTemplate)).body).toMatchObject({ rows: [], counts: { new: 0 } })
  })
})

describe('what a list does', () => {
  test('a dry run tells what saving does and stores nothing; the same file twice changes nothing', async () => {
    const looked = await send(three, { dryRun: true })
    expect([looked.status, results(looked.body), await staff()]).toEqual([
      200,
      ['2 new', '3 new', '4 new'],
      [],
    ])
    expect(looked.body.rows.every((row) => row.person === null)).toBe(true)
    const saved = await send(three, { dryRun: false })
    const people = await staff()
    expect(saved.body.counts).toEqual({ new: 3, changed: 0, unchanged: 0, refused: 0 })
    expect(new Set(saved.body.rows.map((row) => row.person))).toEqual(
      new Set(people.map((person) => person.id)),
    )
    const again = await send(three)
    expect(again.body.counts).toEqual({ new: 0, changed: 0, unchanged: 3, refused: 0 })
    expect(await staff()).toEqual(people)
  })

  test('matched by e-mail whatever its case, else by exact name; an empty cell says nothing', async () => {
    await send(three)
    const before = await staff()
    const { body } = await send(`${head}Anna,Lee,ANN@X.UK,,,\r\nBO,NG,bo@x.uk,,,\r\nCy,Fox,,0999,,\r\n`)
    expect(results(body)).toEqual(['2 changed', '3 changed', '4 changed'])
    expect(body.rows[0]!.fields).toEqual([{ field: 'forename', from: 'Ann', to: 'Anna' }])
    const after = await staff()
    expect(after.map(({ id }) => id).toSorted()).toEqual(before.map(({ id }) => id).toSorted())
    expect(after).toContainEqual(
      expect.objectContaining({
        name: 'Anna Lee',
        email: 'ann@x.uk',
        phone: '01234 567890',
        vehicle: 'AB12 CDE',
      }),
    )
    expect(after).toContainEqual(expect.objectContaining({ name: 'Cy Fox', email: 'cy@x.uk', phone: '0999' }))
  })

  test('bad lines are refused with line and cause, good ones beside them are stored', async () => {
    const { body } = await send(
      `${head},,x@x.uk,,,\nAnn,Lee,no-address,,,\nBo,Ng,,,,Funday\nCy,Fox,,,,,extra\nDi,Day,di@x.uk,,,\nDi,Daye,DI@x.uk,,,\n` +
        `Ed,Low,,,,\nEd,Low,,,,\nFi,Fo,,${'1'.repeat(60)},,\n`,
    )
    expect(body.rows.map(({ line, cause }) => [line, cause?.code ?? null])).toEqual([
      [2, 'people.list_no_name'],
      [3, 'people.list_email'],
      [4, 'people.list_working_days'],
      [5, 'people.list_cells'],
      [6, null],
      [7, 'people.list_twice'],
      [8, null],
      [9, 'people.list_twice'],
      [10, 'people.list_too_long'],
    ])
    expect((await staff()).map(({ name }) => name)).toEqual(['Di Day', 'Ed Low'])
  })

  test('namesakes: two e-mail addresses are two people, a bare name among two is nobody’s', async () => {
    const two = `${head}Jo,Smith,jo1@x.uk,,,\nJo,Smith,jo2@x.uk,,,\n`
    expect((await send(two)).body.counts.new).toBe(2)
    expect((await send(two)).body.counts.unchanged).toBe(2)
    expect((await send(`${head}Jo,Smith,,1,,\n`)).body.rows).toMatchObject([
      { result: 'refused', cause: { code: 'people.list_which' } },
    ])
  })

  test('whatever lines stand together, the second time changes nothing', async () => {
    const names = ['Jo,Smith', 'jo,smith', 'Al,Ray']
    const emails = ['', 'a@x.uk', 'b@x.uk']
    const all = names.flatMap((name) => emails.map((email) => `${name},${email},,,`))
    for (const [a, b, c] of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 3],
      [4, 8, 0],
      [3, 2, 7],
      [6, 7, 8],
      [5, 0, 1],
    ]) {
      const made = await world.api('POST', '/sites', { name: 'Pairs', phase: 'primary', timeZone: 'UTC' })
      const file = `${head}${[all[a!], all[b!], all[c!]].join('\n')}\n`
      const first = await send(file, { at: made.body.id })
      const people = await staff(made.body.id)
      const second = await send(file, { at: made.body.id })
      expect.soft([file, second.body.counts.new, second.body.counts.changed]).toEqual([file, 0, 0])
      expect.soft(second.body.counts.refused).toBe(first.body.counts.refused)
      expect.soft(await staff(made.body.id)).toEqual(people)
    }
  })

  test('an archived person in the list is brought back as the same record', async () => {
    await send(three)
    const ann = (await staff()).find(({ name }) => name === 'Ann Lee')!
    await world.api('POST', `/sites/${site}/employees/${ann.id}/archive`)
    const { body } = await send(three)
    expect(body.rows[0]).toMatchObject({
      result: 'changed',
      person: ann.id,
      fields: [{ field: 'state', to: 'active' }],
    })
    expect((await world.api('GET', `/sites/${site}/employees/${ann.id}`)).body.state).toBe('active')
  })

  test('the same Idempotency-Key: the first answer; another file with it: 409', async () => {
    const headers = { 'idempotency-key': randomUUID() }
    const first = await send(three, { headers })
    const again = await send(three, { headers })
    expect([again.status, again.body]).toEqual([200, first.body])
    expect((await send(`${three}Di,Day,,,,\n`, { headers })).status).toBe(409)
    expect(await staff()).toHaveLength(3)
  })

  test('10,000 lines in a few seconds', async () => {
    const lines = Array.from(
      { length: 10_000 },
      (_, i) => `First${i},Last${i % 977},p${i}@x.uk,0${i},,Mon-Fri`,
    )
    const file = `${head}${lines.join('\r\n')}`
    const began = performance.now()
    const { body } = await send(file)
    const took = performance.now() - began
    expect(body.counts).toEqual({ new: 10_000, changed: 0, unchanged: 0, refused: 0 })
    expect(took).toBeLessThan(8000)
    expect((await send(file)).body.counts.unchanged).toBe(10_000)
  })
})

describe('beside the MIS', () => {
  let linked: string
  let api: Api
  beforeAll(async () => {
    linked = (await linkedSite(world, 'Oakfield')).id
    api = (method, path, body) => world.api(method, `/sites/${linked}${path}`, body)
  }, 60_000)

  test('what the MIS owns is left to it and named; what is ours on the same line is kept, through imports too', async () => {
    const [ann] = (await api('GET', '/employees?state=active&limit=1')).body.data as Person[]
    const file = `${head}Wrong,Name,${ann!.email},0777,AB1,Tue\n`
    const { body } = await send(file, { at: linked })
    expect(body.rows).toMatchObject([
      { result: 'changed', person: ann!.id, cause: { code: 'people.list_mis_owned' } },
    ])
    expect(body.rows[0]!.cause!.message).toContain('forename, surname')
    const after = (await api('GET', `/employees/${ann!.id}`)).body
    expect(after).toMatchObject({ name: ann!.name, phone: '0777', vehicle: 'AB1', workingDays: [2] })
    expect((await send(file, { at: linked })).body.counts.unchanged).toBe(1)
    expect((await imported(world, linked)).state).toBe('done')
    expect((await api('GET', `/employees/${ann!.id}`)).body).toMatchObject({
      phone: '0777',
      workingDays: [2],
    })
    expect((await api('PATCH', `/employees/${ann!.id}`, { surname: 'X' })).status).toBe(422)
    expect(
      (await api('PATCH', `/employees/${ann!.id}`, { phone: '', workingDays: [5, 1, 5] })).body,
    ).toMatchObject({
      phone: null,
      workingDays: [1, 5],
    })
    expect((await api('GET', '/employees?q=ab1')).body.data.map((one: Person) => one.id)).toEqual([ann!.id])
  })

  test('removed staff on the school’s own list come back as the same records, and are its own then', async () => {
    const gone = (await api('GET', '/employees?state=active&limit=500')).body.data as Person[]
    const [first] = gone
    expect((await api('POST', '/employees/archive-imported', { confirmCount: gone.length })).status).toBe(200)
    const { body } = await send(`${head}Known,As,${first!.email},,,\n`, { at: linked })
    expect(body.rows).toMatchObject([{ result: 'changed', person: first!.id, cause: null }])
    expect((await imported(world, linked)).state).toBe('done')
    expect((await api('GET', '/employees?state=active')).body.data).toMatchObject([
      { id: first!.id, name: 'Known As', importing: false },
    ])
  })

  test('a name that the MIS offers too: said what the next import would write over', async () => {
    const school = world.sandbox.schools.find((one) => one.name.startsWith('Holy Cross'))!
    await world.api('PUT', `/sites/${site}/licence`, {
      edition: 'education',
      misIntegration: { startsOn: world.clock.now().toISOString().slice(0, 10) },
    })
    const connection = { provider: 'sandbox', schoolId: school.id, token: school.token }
    expect((await world.api('PUT', `/sites/${site}/mis/connection`, connection)).status).toBe(201)
    await imported(world, site, { preview: true })
    const [theirs] = (await world.api('GET', `/sites/${site}/mis/people?kind=employee&limit=1`)).body.data
    const [forename, ...surname] = (theirs.name as string).split(' ')
    const file = `${head}${forename},${surname.join(' ')},someone@x.uk,,,\nNobody,There,,,,\n`
    const told = (await send(file, { dryRun: true })).body.rows
    expect(told.map((row) => row.cause?.code ?? null)).toEqual(['people.list_overwrites', null])
    expect(told[0]!.cause!.message).toContain('forename, surname, email')
    await send(file)
    expect((await send(file)).body.rows[0]).toMatchObject({ result: 'unchanged', cause: told[0]!.cause })
  })
})
