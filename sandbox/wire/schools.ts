/** Schools, access to them, and what is told about them (wonde-api.md §3). */
import { contactsOf } from '../world/contacts.ts'
import { hasOwnCodes } from '../world/codes.ts'
import { onRoll, type School } from '../world/school.ts'
import type { Access, Phase, SchoolPlan } from '../world/schools.ts'
import { type Answer, type Call, type SchoolCall, WireError } from './call.ts'
import { listAnswer, readIncludes } from './lists.ts'
import { allGroups } from './groups.ts'
import { included, instant } from './shapes.ts'
import { classesOf } from './timetable.ts'

type Listed = Pick<SchoolPlan, 'name' | 'phase' | 'urn' | 'laCode' | 'establishmentNumber' | 'address'> & {
  id: string
  access: Access
  mis: string
  school: School | null
}

const approvedAt = Date.UTC(2026, 6, 20, 10, 24, 14)
const phases: Record<Phase, string> = {
  primary: 'PRIMARY',
  secondary: 'SECONDARY',
  'all-through': 'ALL THROUGH',
}

/** Every school the provider knows, ours first. */
function knownSchools({ context, caller }: Call): Listed[] {
  const { world } = context.store
  const ours = world.schools.map((school) => ({
    ...school.plan,
    id: school.id,
    access: school.access,
    mis: school.plan.system.mis,
    school,
  }))
  const all = [...ours, ...world.others.map((other) => ({ ...other, school: null }))]
  return caller.kind === 'application' ? all : all.filter(({ id }) => id === caller.school.id)
}

const isOnline = (school: School): boolean => !school.faults.some(({ kind }) => kind === 'offline')

type Which = 'approved' | 'all' | 'pending' | 'audited' | 'offline' | 'revoked' | 'declined'

const belongs: Record<Which, (school: Listed) => boolean> = {
  all: () => true,
  approved: ({ access }) => access === 'approved',
  audited: ({ access }) => access === 'approved',
  offline: ({ access, school }) => access === 'approved' && school !== null && !isOnline(school),
  pending: ({ access }) => access === 'pending',
  revoked: ({ access }) => access === 'revoked',
  declined: ({ access }) => access === 'declined',
}

export function listSchools(which: Which): (call: Call) => Answer {
  return (call) => {
    const { query } = call
    readIncludes(query, ['cbds'], 'schools')
    const asked = (name: string) => query.getAll(name).at(-1)?.trim().toLowerCase() ?? ''
    const same = (name: string, value: string | number) => asked(name) === '' || asked(name) === String(value)
    const rows = knownSchools(call)
      .filter(belongs[which])
      .filter(({ address }) => address.postcode.toLowerCase().startsWith(asked('postcode')))
      .filter(({ laCode }) => same('la_code', laCode))
      .filter(({ establishmentNumber }) => same('establishment_number', establishmentNumber))
      .filter(({ urn }) => same('urn', urn))
      .map((school, n) => ({ school, n }))
    const shape = (row: { school: Listed }) => schoolBody(row.school, call)
    return listAnswer(call, { rows, n: ({ n }) => n, updatedAt: () => approvedAt, shape, includes: ['cbds'] })
  }
}

export function getSchool(call: SchoolCall): Answer {
  const { school } = call
  const includes = readIncludes(call.query, ['cbds'], 'schools')
  const { plan, id, access } = school
  const body = schoolBody({ ...plan, id, access, mis: plan.system.mis, school }, call)
  const cbds = includes.has('cbds') ? { cbds: included([]) } : {}
  return { body: { data: { ...body, ...cbds }, meta: { includes: ['cbds'] } } }
}

function schoolBody(listed: Listed, { base }: Call): Record<string, unknown> {
  const { id, name, urn, laCode, establishmentNumber, address, phase, mis, school } = listed
  const system = school?.plan.system
  return {
    id,
    name,
    establishment_number: establishmentNumber,
    urn,
    phase_of_education: phases[phase],
    la_code: laCode,
    timezone: 'Europe/London',
    mis,
    address: {
      address_line_1: address.street,
      address_line_2: null,
      address_town: address.town,
      address_postcode: address.postcode,
      address_country: { code: 'GBR', name: 'United Kingdom' },
    },
    extended: {
      allows_writeback: system !== undefined && system.writing !== 'refuses',
      has_timetables: school !== null && classesOf(school).length > 0,
      has_lesson_attendance: system?.capabilities.lessonMark === 'yes',
      // This one comes without microseconds, as recorded (§2.5).
      audit_approved_at: { ...instant(approvedAt), date: '2026-07-20 10:24:14' },
    },
    region: {
      code: 'GBR',
      // Clients build `https://{domain}/v1.0/…` of it, so it is our own host (§17.4).
      domain: new URL(base).host,
      school_url: `${base}/schools/${id}`,
      identifiers: { la_code: laCode, establishment_number: establishmentNumber, urn },
    },
  }
}

/** Asking for a school and giving it back work on any school that the provider knows (§3.3). */
export function changeAccess(wanted: 'request' | 'revoke'): (call: Call) => Answer {
  return (call) => {
    const id = call.params['id'] ?? ''
    const { store } = call.context
    const known = [...store.world.schools, ...store.world.others].find((school) => school.id === id)
    if (known === undefined) throw new WireError(404, 'not_found', 'There is no such school.')
    if (call.caller.kind === 'school' && call.caller.school.id !== id) {
      throw new WireError(403, 'forbidden', 'This token does not reach that school.')
    }
    if (wanted === 'revoke') {
      store.record({ t: 'access', id, access: 'revoked' })
      return { body: { success: true, state: 'revoked', message: 'Access revoked' } }
    }
    const state = known.access === 'approved' ? 'approved' : 'pending'
    if (known.access !== state) store.record({ t: 'access', id, access: state })
    return { body: { success: true, state, message: 'Access request successfully received' } }
  }
}

export function getMeta({ school }: SchoolCall): Answer {
  const custom_attendance_codes = hasOwnCodes(school.plan.system.mis)
  return {
    body: { data: { online: isOnline(school), approved: true, audited: true, custom_attendance_codes } },
  }
}

const permissions: readonly [resource: string, optional: boolean][] = [
  ['students.read', false],
  ['students-leaver.read', true],
  ['students-pre-admission.read', true],
  ['employees.read', false],
  ['contacts.read', true],
  ['groups.read', false],
  ['classes.read', true],
  ['photos.read', true],
  ['attendance.read', true],
  ['attendance.write', true],
]

/** Whether a school gave a permission; one whose link cannot write cannot give `attendance.write`. */
export function permits({ plan }: School, permission: string): boolean {
  if (permission === 'attendance.write' && plan.system.writing === 'refuses') return false
  return !plan.declined.includes(permission)
}

export function getPermissions({ school }: SchoolCall): Answer {
  const data = permissions.map(([identity, optional]) => {
    const [group = '', deed = ''] = identity.split('.')
    const name = `${group[0]?.toUpperCase()}${group.slice(1).replaceAll('-', ' ')}`
    const approved = permits(school, identity)
    return {
      identity,
      name,
      description: `${deed === 'read' ? 'Read' : 'Write'} ${group.replaceAll('-', ' ')} records`,
      parent: null,
      group,
      active_from: approved ? instant(approvedAt) : null,
      optional,
      approved,
      audited: approved,
      declined: !approved,
    }
  })
  return { body: { data } }
}

/** Nobody is hidden here, so the list is empty whichever way it is asked (§3.6). */
export function getAcl(): Answer {
  return { body: { data: { mode: 'exclude', ids: [] } } }
}

const counts: Record<string, (school: School) => number> = {
  students: (school) => onRoll(school).length,
  'students-leaver': ({ students }) => students.filter(({ state }) => state === 'left').length,
  'students-pre-admission': ({ students }) =>
    students.filter(({ state }) => state === 'pre-admission').length,
  employees: ({ employees }) => employees.length,
  contacts: (school) => onRoll(school).flatMap((student) => contactsOf(school, student)).length,
  groups: (school) => allGroups(school).length,
  classes: (school) => classesOf(school).length,
}

export function getCounts({ school, query }: SchoolCall): Answer {
  const names = [...readIncludes(query, Object.keys(counts), 'counts')]
  const data = Object.fromEntries(names.map((name) => [name, included({ count: counts[name]!(school) })]))
  return { body: { data, meta: { includes: Object.keys(counts) } } }
}
