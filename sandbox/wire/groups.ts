/** Year groups, registration groups and houses (wonde-api.md §7.1). */
import { wondeId } from '../world/ids.ts'
import type { Employee, Student } from '../world/people.ts'
import { firstSchoolYear } from '../world/people.ts'
import { type Form, formOf, onRoll, type School, yearCode, yearName, yearsOf } from '../world/school.ts'
import { employeeBasics, studentBasics } from './basics.ts'
import type { Answer, SchoolCall } from './call.ts'
import { listAnswer, readIncludes } from './lists.ts'
import { oneOf } from './one.ts'
import { included, type Includes, instant, words } from './shapes.ts'

export type Group = { n: number; id: string; misId: string; name: string; code: string; type: string }

const madeAt = Date.UTC(firstSchoolYear, 8, 1, 2)

export function yearGroup({ place }: School, year: number): Group {
  const id = wondeId(place.seed, place.school, 'year', year)
  return { n: year, id, misId: `Y${year}`, name: yearName(year), code: yearCode(year), type: 'YEAR' }
}

export function formGroup(form: Form): Group {
  const { n, id, name } = form
  return { n: 100 + n, id, misId: String(51 + n), name, code: name, type: 'REGISTRATION' }
}

export function houseGroup({ place, plan }: School, house: number): Group {
  const id = wondeId(place.seed, place.school, 'house', house)
  const name = plan.houses[house]!
  return {
    n: 1_000 + house,
    id,
    misId: `H${house + 1}`,
    name,
    code: name.slice(0, 3).toUpperCase(),
    type: 'HOUSE',
  }
}

export const allGroups = (school: School): Group[] => [
  ...yearsOf(school.plan).map((year) => yearGroup(school, year)),
  ...school.forms.map(formGroup),
  ...school.plan.houses.map((_, house) => houseGroup(school, house)),
]

export function groupsOfStudent(school: School, student: Student): Group[] {
  const form = formOf(school, student.year, student.stream)
  return [
    student.year === null ? null : yearGroup(school, student.year),
    form === null ? null : formGroup(form),
    student.house === null ? null : houseGroup(school, student.house),
  ].filter((group) => group !== null)
}

/** Who takes its register; the years and houses have nobody. */
const tutorsOf = (school: School, group: Group): Employee[] =>
  group.type === 'REGISTRATION' ? school.employees.filter(({ form }) => form === group.n - 100) : []

export function groupBody(school: School, group: Group, includes: Includes): Record<string, unknown> {
  const { id, misId, name, code, type } = group
  return {
    id,
    mis_id: misId,
    name,
    code,
    type,
    description: name,
    notes: null,
    division: null,
    restored_at: null,
    meta: null,
    created_at: instant(madeAt),
    updated_at: instant(madeAt),
    ...(includes.has('employees') && {
      employees: included(tutorsOf(school, group).map((employee) => employeeBasics(school, employee))),
    }),
    ...(includes.has('students') && {
      students: included(
        onRoll(school)
          .filter((student) => groupsOfStudent(school, student).some((one) => one.id === id))
          .map((student) => studentBasics(school, student)),
      ),
    }),
  }
}

const groupIncludes = ['students', 'employees']

export function listGroups(call: SchoolCall): Answer {
  const includes = readIncludes(call.query, groupIncludes, 'groups')
  const types = words(call.query, 'type')?.map((type) => type.toUpperCase())
  return listAnswer(call, {
    rows: allGroups(call.school).filter(({ type }) => types === undefined || types.includes(type)),
    n: ({ n }) => n,
    updatedAt: () => madeAt,
    shape: (group) => groupBody(call.school, group, includes),
    includes: groupIncludes,
  })
}

export function getGroup(call: SchoolCall): Answer {
  const includes = readIncludes(call.query, groupIncludes, 'groups')
  const group = oneOf(call, allGroups(call.school))
  return { body: { data: groupBody(call.school, group, includes), meta: { includes: groupIncludes } } }
}
