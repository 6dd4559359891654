/** Tap to mark, and durable check-ins (design.md §9). */
import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import type { CheckIns } from './check-ins.ts'
import { rate } from './rate.ts'
import { measure, type Measure, percentile } from './table.ts'
import { type BenchWorld, studentsOf } from './world.ts'

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Late pupils spread evenly over a time; from the mark owed to the provider's yes. */
export async function measureTaps(
  world: BenchWorld,
  site: string,
  { pupils, within }: { pupils: number; within: number },
): Promise<Measure[]> {
  const people = (await studentsOf(world, site)).slice(0, pupils)
  const reasons = (await world.api('GET', `/sites/${site}/reasons?type=late-arrival`)).data
  const reason = reasons.find((one: { code: string }) => one.code === 'L').id
  const floor = await barePost(world)
  const began = performance.now()
  const taps = people.map(async (person, i) => {
    await sleep(Math.max(0, began + (i * within * 1000) / pupils - performance.now()))
    const happenedAt = new Date().toISOString()
    const body = { id: randomUUID(), type: 'late-arrival', person: person.id, reason, happenedAt }
    return (await world.api('POST', `/sites/${site}/movements`, body)).writeBacks[0].id as string
  })
  const marks = await Promise.all(taps)
  const waits: number[] = []
  for (const id of marks) {
    let mark = await world.api('GET', `/sites/${site}/write-backs/${id}`)
    for (const end = performance.now() + 30_000; mark.sentAt === null && performance.now() < end; ) {
      await sleep(50)
      mark = await world.api('GET', `/sites/${site}/write-backs/${id}`)
    }
    waits.push(
      mark.sentAt === null ? Number.POSITIVE_INFINITY : Date.parse(mark.sentAt) - Date.parse(mark.owedAt),
    )
  }
  const of = `tap to mark, ${pupils} pupils in ${within} s`
  return [
    measure({
      ...{ name: `${of}, p50`, value: percentile(waits, 50), unit: 'ms', floor, target: '< 150 ms' },
      holds: (value) => value < 150,
    }),
    measure({
      ...{ name: `${of}, p99`, value: percentile(waits, 99), unit: 'ms', floor, target: '< 1 s' },
      holds: (value) => value < 1000,
    }),
  ]
}

/** One POST of a mark straight to the sandbox, at a school nobody else uses here: median of twenty, in ms. */
async function barePost(world: BenchWorld): Promise<number> {
  const school = world.sandbox.schools.find((one) => one.name.startsWith('Fenland'))!
  const headers = { authorization: `Bearer ${school.token}`, 'content-type': 'application/json' }
  const ask = async (path: string, init = {}) =>
    (await (
      await fetch(`${world.sandbox.baseUrl}/schools/${school.id}${path}`, { headers, ...init })
    ).json()) as {
      data: { id: string; code: string }[]
    }
  const students = (await ask('/students?per_page=20')).data
  const code = (await ask('/attendance-codes')).data.find((one) => one.code === 'L')!.id
  const times: number[] = []
  for (const { id } of students) {
    const date = new Date().toISOString().slice(0, 10)
    const row = { student_id: id, date, session: 'AM', attendance_code_id: code }
    const start = performance.now()
    await ask('/attendance/session', { method: 'POST', body: JSON.stringify({ attendance: [row] }) })
    times.push(performance.now() - start)
  }
  return percentile(times, 50)
}

export async function measureCheckIns(world: BenchWorld, site: string, seconds: number): Promise<Measure[]> {
  const { pool } = world.running.app.db
  await pool.query('create table if not exists system.bench_row (id uuid primary key, at timestamptz)')
  const plain = () => pool.query('insert into system.bench_row values ($1, now())', [randomUUID()])
  await rate(1, plain)
  const [floor] = await rate(seconds, plain)
  const people = (await studentsOf(world, site)).map((person) => person.id as string)
  const { value, p99 } = await checkIns({ ...world.caller, site, people, seconds })
  await pool.query('drop table system.bench_row')
  return [
    measure({
      ...{ name: 'durable check-ins, by the API', value, unit: '/s', floor, target: '≥ 850/s, ≥ 0.5 ×' },
      holds: (perSecond, ratio) => perSecond >= 850 && ratio! >= 0.5,
    }),
    measure({
      ...{ name: 'the same, p99', value: p99, unit: 'ms', floor: null, target: '< 100 ms' },
      holds: (ms) => ms < 100,
    }),
  ]
}

/** From a process of their own, as callers are. */
async function checkIns(given: CheckIns): Promise<{ value: number; p99: number }> {
  const child = fork(join(import.meta.dirname, 'check-ins.ts'))
  child.send(given)
  const [answer] = await once(child, 'message')
  return answer as { value: number; p99: number }
}
