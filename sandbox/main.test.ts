import { type ChildProcess, spawn } from 'node:child_process'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startSandbox } from './sandbox.ts'
import { type Json, read, type Reply } from './testing.ts'

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'sandbox-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

type Run = { process: ChildProcess; out(): string; ended: Promise<number | NodeJS.Signals> }

function run(env: Record<string, string>): Run {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts')], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal ?? 0))
  })
  return { process: child, out: () => text, ended }
}

async function started(
  env: Record<string, string>,
): Promise<Run & { url: string; token: string; oakfield: string }> {
  const running = run(env)
  await expect.poll(running.out, { timeout: 10_000 }).toContain('Holy Cross')
  const text = running.out()
  return {
    ...running,
    url: /MIS sandbox: (\S+)/.exec(text)![1]!,
    token: /for all schools: (\w+)/.exec(text)![1]!,
    oakfield: /(A\d+) .*Oakfield/.exec(text)![1]!,
  }
}

const control = async (url: string, method: string, path: string, body?: unknown): Promise<Reply> =>
  read(
    await fetch(`${url}/control${path}`, {
      method,
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    }),
  )

test('what was answered outlives a kill; what a kill tore is left out', async () => {
  const dir = folder()
  const env = { SANDBOX_PORT: String(await freePort()), DATA_DIR: dir }
  const first = await started(env)
  const { url, oakfield, token } = first
  const authorization = `Bearer ${token}`
  const wire = async (path: string) =>
    (await fetch(`${url}/v1.0${path}`, { headers: { authorization } })).json() as Promise<Json>
  const codes = (await wire(`/schools/${oakfield}/attendance-codes`)).data
  const [one, two, three] = (await wire(`/schools/${oakfield}/students`)).data
  const mark = {
    student_id: one.id,
    date: '2026-11-24',
    session: 'AM',
    attendance_code_id: codes[2].id,
    minutes_late: 3,
  }
  const posted = await fetch(`${url}/v1.0/schools/${oakfield}/attendance/session`, {
    method: 'POST',
    headers: { authorization },
    body: JSON.stringify({ attendance: [mark] }),
  })
  const { writeback_id: receipt } = (await posted.json()) as Json
  await control(url, 'POST', `/schools/${oakfield}/marks`, {
    student: two.id,
    date: '2026-11-24',
    session: 'AM',
    code: '/',
  })
  await control(url, 'POST', `/schools/${oakfield}/roll`, { leave: [three.id], join: 1 })
  await control(url, 'PUT', `/schools/${oakfield}/faults`, {
    data: [{ on: 'employees', kind: '503', times: 2 }],
  })
  expect((await wire(`/schools/${oakfield}/employees`)).error).toBe('server_error')
  const register = async () =>
    (await control(url, 'GET', `/schools/${oakfield}/register?date=2026-11-24&session=AM`)).body
  const before = [await control(url, 'GET', '/schools').then(({ body }) => body), await register()]

  first.process.kill('SIGKILL')
  expect(await first.ended).toBe('SIGKILL')
  const journal = join(dir, 'sandbox', 'journal.jsonl')
  appendFileSync(journal, '{"t":"teacher","school":0,"ma')
  const second = await started(env)
  expect([await control(url, 'GET', '/schools').then(({ body }) => body), await register()]).toEqual(before)
  expect((await wire(`/writebacks/${receipt}`)).data.status).toBe('completed')
  expect((await control(url, 'GET', `/schools/${oakfield}/faults`)).body.data).toMatchObject([
    { kind: '503', times: 1 },
  ])
  await control(url, 'POST', `/schools/${oakfield}/marks`, {
    student: two.id,
    date: '2026-11-24',
    session: 'AM',
    code: 'L',
  })
  second.process.kill('SIGTERM')
  expect(await second.ended).toBe(0)
  const lines = readFileSync(journal, 'utf8').trimEnd().split('\n')
  expect(lines.map((line) => (JSON.parse(line) as { t?: string }).t)).toEqual([
    undefined,
    'write',
    'teacher',
    'roll',
    'faults',
    'fault-used',
    'teacher',
  ])
})

test('a port in use ends the start with exit 1, names port and setting, and touches no state', async () => {
  const holder = createServer()
  onTestFinished(() => void holder.close())
  await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
  const { port } = holder.address() as AddressInfo
  const dir = folder()
  const blocked = run({ SANDBOX_PORT: String(port), DATA_DIR: join(dir, 'data') })
  expect(await blocked.ended).toBe(1)
  expect(blocked.out()).toContain('SANDBOX_PORT')
  expect(blocked.out()).toContain(String(port))
  expect(() => readFileSync(join(dir, 'data', 'sandbox', 'journal.jsonl'))).toThrow('ENOENT')
})

test.each([
  ['SANDBOX_PORT', 'eighty'],
  ['SANDBOX_PORT', '70000'],
  ['SANDBOX_PUBLIC_URL', 'mis.example'],
  ['TEST_NOW_FILE', '/tmp/now'],
])('%s=%s is refused by name', async (name, value) => {
  const wrong = run({ DATA_DIR: folder(), [name]: value })
  expect(await wrong.ended).toBe(1)
  expect(wrong.out()).toMatch(new RegExp(`^${name}: `))
})

test('SIGINT ends it with exit 0 while a request hangs', async () => {
  const running = await started({ SANDBOX_PORT: String(await freePort()), DATA_DIR: folder() })
  const { url, oakfield, token } = running
  await control(url, 'PUT', `/schools/${oakfield}/faults`, { data: [{ on: '*', kind: 'timeout-before' }] })
  const hanging = fetch(`${url}/v1.0/schools/${oakfield}/students`, {
    headers: { authorization: token },
  }).catch(() => 'cut')
  await expect.poll(async () => (await control(url, 'GET', '/requests')).body.data.length).toBe(1)
  running.process.kill('SIGINT')
  expect(await running.ended).toBe(0)
  expect(await hanging).toBe('cut')
})

test('a state that cannot be read stops the start and is left alone', async () => {
  const dir = folder()
  const sandbox = await startSandbox({ port: 0, dataDir: dir })
  await sandbox.close()
  const journal = join(dir, 'sandbox', 'journal.jsonl')
  const spoilt = `${readFileSync(journal, 'utf8')}nonsense\n{"t":"access","id":"A1","access":"none"}\n`
  writeFileSync(journal, spoilt)
  await expect(startSandbox({ port: 0, dataDir: dir })).rejects.toThrow('Move it away')
  expect(readFileSync(journal, 'utf8')).toBe(spoilt)
})

test('a state keeps its own seed, and another start has the same people', async () => {
  const dir = folder()
  const first = await startSandbox({ port: 0, dataDir: dir, seed: 5 })
  await first.close()
  const second = await startSandbox({ port: 0, dataDir: dir })
  await second.close()
  expect(second.applicationToken).toBe(first.applicationToken)
  expect(second.schools).toEqual(first.schools)
})
