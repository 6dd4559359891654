/**
 * The control API (contract §4): what a trainer or a test does to the simulated schools, as their teachers and
 * offices would. It has no login; who may use it is the guard's to say.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { RequestLog } from '../state/requests.ts'
import { localDay, localHour } from '../state/time.ts'
import { findPerson, formOf, onRoll, type School } from '../world/school.ts'
import { findSchool } from '../world/world.ts'
import type { SandboxContext } from '../wire/call.ts'
import { ControlError, invalid } from './errors.ts'
import { guard } from './guard.ts'
import {
  accessBody,
  boardQuery,
  faultsBody,
  marksBody,
  read,
  readQuery,
  registerQuery,
  requestsQuery,
  resetBody,
  rollBody,
} from './inputs.ts'
import { boardOf, registerOf, registerRow, teacherOf, toldFaults } from './register.ts'

export type Control = { context: SandboxContext; log: RequestLog; controlKey: string | null }

type Run = (request: FastifyRequest) => unknown
type SchoolRun = (school: School, request: FastifyRequest) => unknown
type Methods = Partial<Record<string, Run>>

export function mountControl(http: FastifyInstance, control: Control): void {
  const { context, controlKey } = control
  http.removeAllContentTypeParsers()
  http.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    try {
      done(null, body === '' ? undefined : JSON.parse(String(body)))
    } catch {
      done(new ControlError(400, 'request.not_json', 'The body is not JSON.'))
    }
  })
  http.addHook('onRequest', async (request) => guard(request, controlKey, context.publicUrl))
  http.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
    const told = error instanceof ControlError ? error : otherError(error)
    const { status, code, message, fields } = told
    return reply.code(status).send({ error: { code, message, ...(fields && { fields }) } })
  })
  http.setNotFoundHandler(() => {
    throw new ControlError(404, 'not_found', 'There is nothing at this address.')
  })
  for (const [path, methods] of Object.entries(addresses(control))) {
    http.all(path, (request, reply) => {
      const run = methods[request.method]
      if (run === undefined)
        throw new ControlError(405, 'method_not_allowed', 'This address has no such method.')
      return reply.send(run(request))
    })
  }
}

function otherError(error: Error & { statusCode?: number }): ControlError {
  const { statusCode = 500, message } = error
  if (statusCode === 415) return new ControlError(400, 'request.not_json', 'Send JSON, as application/json.')
  if (statusCode < 500) return new ControlError(statusCode, 'request.invalid', message)
  console.error(error)
  return new ControlError(500, 'server_error', 'Something went wrong. The log of the sandbox says what.')
}

function addresses({ context, log }: Control): Record<string, Methods> {
  // The state is opened after the port is ours.
  const world = () => context.store.world
  const of =
    (run: SchoolRun): Run =>
    (request) => {
      const { id } = request.params as { id: string }
      const school = findSchool(world(), id)
      if (school === undefined) throw new ControlError(404, 'not_found', 'There is no school with this id.')
      return run(school, request)
    }
  return {
    '/schools': {
      GET: () => ({
        applicationToken: world().applicationToken,
        data: world().schools.map(schoolOf),
      }),
    },
    '/schools/:id/register': { GET: of((school, { query }) => readRegister(context, school, query)) },
    '/schools/:id/board': {
      GET: of((school, { query }) => ({
        ...boardOf(school, readQuery(boardQuery, query).regGroup, context.now()),
        faults: toldFaults(school),
        requests: log.list({ school: school.id, last: 12 }),
      })),
    },
    '/schools/:id/marks': { POST: of((school, { body }) => teacherMarks(context, school, body)) },
    '/schools/:id/roll': { POST: of((school, { body }) => changeRoll(context, school, body)) },
    '/schools/:id/faults': {
      GET: of((school) => ({ data: toldFaults(school) })),
      PUT: of((school, { body }) => putFaults(context, school, read(faultsBody, body).data)),
      DELETE: of((school) => {
        const data = toldFaults(school)
        putFaults(context, school, [])
        return { data }
      }),
    },
    '/schools/:id/access': {
      PUT: of((school, { body }) => {
        const { state: access } = read(accessBody, body)
        context.store.record({ t: 'access', id: school.id, access })
        return { state: access }
      }),
    },
    '/requests': { GET: ({ query }) => readRequests(context, log, query) },
    '/reset': {
      POST: ({ body }) => {
        const { seed } = read(resetBody, body ?? {})
        context.store.reset(seed)
        log.clear()
        return { applicationToken: world().applicationToken, data: world().schools.map(schoolOf) }
      },
    },
  }
}

const schoolOf = (school: School) => ({
  id: school.id,
  name: school.plan.name,
  mis: school.plan.system.mis,
  phase: school.plan.phase,
  token: school.token,
  students: onRoll(school).length,
  // Those employed now; the wire's list holds former staff as well.
  employees: school.employees.filter(({ current }) => current).length,
  capabilities: school.plan.system.capabilities,
})

function readRegister(context: SandboxContext, school: School, query: unknown): unknown {
  const { date, session } = readQuery(registerQuery, query)
  const now = context.now()
  return { data: registerOf(school, date ?? localDay(now), session ?? (localHour(now) < 12 ? 'AM' : 'PM')) }
}

/** One mark, or `{marks: […]}` for a whole class at once; answers the rows as they stand. */
function teacherMarks(context: SandboxContext, school: School, body: unknown): unknown {
  const given = read(marksBody, body)
  const single = !(typeof body === 'object' && body !== null && 'marks' in body)
  const rows = given.map(({ student: id, code: letter, ...when }, i) => {
    const at = (field: string) => (single ? field : `marks.${i}.${field}`)
    const student = school.students.find((one) => one.id === id && one.state === 'on-roll')
    if (student === undefined) throw invalid({ [at('student')]: 'nobody on roll at this school has this id' })
    const code = school.codes.find((one) => one.code === letter)
    if (code === undefined) throw invalid({ [at('code')]: 'this school has no such code' })
    return { student, codeId: code.id, ...when }
  })
  // The mark is the form tutor's; a class is marked at one time by one person.
  const [first] = rows
  const form = first === undefined ? null : formOf(school, first.student.year, first.student.stream)
  const employee = teacherOf(school, form)?.id ?? null
  const marks = rows.map(({ student, ...mark }) => ({ ...mark, student: student.id }))
  context.store.record({ t: 'teacher', school: school.ix, at: context.now(), employee, marks })
  const told = rows.map(({ student, date, session }) => registerRow(school, student, date, session))
  return single ? told[0] : { data: told }
}

/** All or nothing: an id that is nobody's changes nothing. */
function changeRoll(context: SandboxContext, school: School, body: unknown): unknown {
  const roll = read(rollBody, body)
  const students = new Map(school.students.map(({ id, state }) => [id, state]))
  const check = (field: string, ids: string[], fits: (id: string) => boolean, words: string) =>
    ids.forEach((id, i) => {
      if (!fits(id)) throw invalid({ [`${field}.${i}`]: words })
    })
  check(
    'leave',
    roll.leave,
    (id) => students.get(id) === 'on-roll',
    'nobody on roll at this school has this id',
  )
  const gone = (id: string) => students.has(id) && students.get(id) !== 'on-roll'
  check('rejoin', roll.rejoin, gone, 'nobody who left this school, or is to come, has this id')
  const renamed = roll.rename.map(({ id }) => id)
  check('rename', renamed, (id) => findPerson(school, id) !== undefined, 'nobody at this school has this id')
  const employed = new Set(school.employees.filter(({ current }) => current).map(({ id }) => id))
  check(
    'employeesEnd',
    roll.employeesEnd,
    (id) => employed.has(id),
    'nobody employed at this school has this id',
  )
  return context.store.record({ t: 'roll', school: school.ix, at: context.now(), roll }).roll
}

type FaultInput = { on: string; kind: School['faults'][number]['kind'] } & Pick<
  School['faults'][number],
  'times' | 'ms' | 'method'
>

/** The whole list; a switch that stays as it was keeps its count and its time. */
function putFaults(context: SandboxContext, school: School, list: FaultInput[]): unknown {
  const now = context.now()
  const faults = list.map(({ on, kind, times, ms, method }) => {
    const same = school.faults.find((one) => one.on === on && one.kind === kind && one.method === method)
    return { on, kind, times, ms, method, since: same?.since ?? now, used: same?.used ?? 0 }
  })
  context.store.record({ t: 'faults', school: school.ix, at: now, faults, showAt: now + context.delayMs })
  return { data: toldFaults(school) }
}

function readRequests({ store }: SandboxContext, log: RequestLog, query: unknown): unknown {
  const { school, since } = readQuery(requestsQuery, query)
  if (school !== undefined && findSchool(store.world, school) === undefined) {
    throw new ControlError(404, 'not_found', 'There is no school with this id.')
  }
  return { data: log.list({ school, since }) }
}
