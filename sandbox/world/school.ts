/** One simulated school as the MIS holds it: its forms, its people and what stands in its registers. */
import type { Fault } from '../state/faults.ts'
import type { Registers } from '../state/register.ts'
import { codesOf, type Code } from './codes.ts'
import { tokenOf, wondeId } from './ids.ts'
import { fourOak, oddNames, type OddName, twins } from './names.ts'
import {
  type Employee,
  firstSchoolYear,
  makeEmployee,
  makeStudent,
  type Place,
  type Student,
} from './people.ts'
import { type Access, type SchoolPlan, schoolPlans } from './schools.ts'

/** A registration group. */
export type Form = { n: number; id: string; name: string; year: number; stream: number }

export type Deletion = {
  n: number
  type: 'student'
  id: string
  misId: string
  deletedAt: number
  restoredAt: number | null
}

export type School = {
  ix: number
  id: string
  token: string
  plan: SchoolPlan
  place: Place
  codes: Code[]
  forms: Form[]
  students: Student[]
  employees: Employee[]
  deletions: Deletion[]
  /** The one that its roll stands in, 2026 for 2026/27; a roll-over adds one. */
  schoolYear: number
  access: Access
  faults: Fault[]
  registers: Registers
}

const streamsIn = (plan: SchoolPlan, year: number): number =>
  year >= 12 ? Math.ceil(plan.streams / 2) : plan.streams

/** The years a school teaches, lowest first. */
export const yearsOf = (plan: SchoolPlan): number[] =>
  Array.from({ length: plan.years.to - plan.years.from + 1 }, (_, i) => plan.years.from + i)

export const yearCode = (year: number): string => (year === 0 ? 'R' : String(year))
export const yearName = (year: number): string => (year === 0 ? 'Reception' : `Year ${year}`)

function formsOf(seed: string, school: number, plan: SchoolPlan): Form[] {
  const places = yearsOf(plan).flatMap((year) =>
    Array.from({ length: streamsIn(plan, year) }, (_, stream) => ({ year, stream })),
  )
  return places.map(({ year, stream }, n) => {
    // A primary with one form a year gives each year's room a name; the others letter their streams.
    const name =
      plan.streams === 1
        ? `${yearCode(year)} ${plan.formNames[year - plan.years.from]}`
        : `${yearCode(year)}${plan.formNames[stream]}`
    return { n, id: wondeId(seed, school, 'registration', n), name, year, stream }
  })
}

/** The form of a year and stream; the sixth form has fewer, so streams fold together. */
export function formOf(school: School, year: number | null, stream: number | null): Form | null {
  if (year === null || stream === null) return null
  const wanted = stream % streamsIn(school.plan, year)
  return school.forms.find((form) => form.year === year && form.stream === wanted) ?? null
}

export const onRoll = (school: School): Student[] => school.students.filter((s) => s.state === 'on-roll')

/** A student, in any state, or an employee. */
export const findPerson = (school: School, id: string): Student | Employee | undefined =>
  school.students.find((one) => one.id === id) ?? school.employees.find((one) => one.id === id)

export const fullName = (person: { forename: string | null; surname: string | null }): string =>
  [person.forename, person.surname].filter((part) => part !== null).join(' ')

/** Makes a school as the seed has it, before anything happened. */
export function makeSchool(seed: string, ix: number): School {
  const plan = schoolPlans[ix]!
  const id = wondeId(seed, ix, 'school', 0)
  const place: Place = { seed, school: ix, schoolId: id, plan }
  const school: School = {
    ix,
    id,
    token: tokenOf(seed, id),
    plan,
    place,
    codes: codesOf(seed, ix, plan.system.mis),
    forms: formsOf(seed, ix, plan),
    students: [],
    employees: [],
    deletions: [],
    schoolYear: firstSchoolYear,
    access: 'approved',
    faults: [],
    registers: { cells: [], byKey: new Map(), lessons: [], lessonByKey: new Map() },
  }
  addRoll(school)
  addEdges(school)
  addEmployees(school)
  return school
}

function addRoll(school: School): void {
  const { plan, place, forms } = school
  const names = namedPlaces(school)
  for (let n = 0; n < plan.students; n++) {
    const { year, stream } = forms[n % forms.length]!
    const placing = { year, stream, schoolYear: firstSchoolYear }
    school.students.push(makeStudent(place, n, placing, names.get(n)))
  }
  const sameDay = twinPlaces(school)
  for (const [first, second] of sameDay) {
    school.students[second]!.bornOn = school.students[first]!.bornOn
  }
  // New pupils who were not put in a form yet; someone without a year even.
  if (plan.students >= 300) {
    school.students[plan.students - 1]!.stream = null
    Object.assign(school.students[plan.students - 2]!, { year: null, stream: null })
  }
}

/** Twins sit in one form: places a whole round of forms apart. */
function twinPlaces({ forms, ix }: School): [number, number][] {
  const round = forms.length
  return twins.map((_, i) => {
    const form = ix === 0 ? 5 + i : (2 + i) % round
    return [3 * round + form, 4 * round + form]
  })
}

function namedPlaces(school: School): Map<number, OddName> {
  const { forms, ix } = school
  const names = new Map<number, OddName>()
  if (ix === 0) fourOak.forEach((name, i) => names.set(i * forms.length + 4, name))
  let n = 0
  for (const [i, name] of oddNames.entries()) {
    while (names.has(n)) n++
    // The last of them is a namesake and belongs into another year.
    if (i === oddNames.length - 1) n += school.plan.streams
    while (names.has(n)) n++
    names.set(n++, name)
  }
  for (const [i, [first, second]] of twinPlaces(school).entries()) {
    names.set(first, twins[i]![0])
    names.set(second, twins[i]![1])
  }
  return names
}

/** Pupils who left last summer, with their deletions, and a few who come next year. */
function addEdges(school: School): void {
  const { plan, place } = school
  for (let i = 0; i < 8; i++) {
    const n = plan.students + i
    const leaver = i < 5
    const placing = { year: leaver ? plan.years.to : plan.years.from, stream: 0, schoolYear: firstSchoolYear }
    const student = makeStudent(place, n, placing)
    school.students.push(student)
    if (!leaver) {
      Object.assign(student, { state: 'pre-admission', admittedOn: `${firstSchoolYear + 1}-09-03` })
      continue
    }
    const deletedAt = Date.UTC(firstSchoolYear, 7, 1, 3, 12, 40 + i)
    Object.assign(student, { state: 'left', leavingOn: `${firstSchoolYear}-07-21`, updatedAt: deletedAt })
    school.deletions.push({
      n: i,
      type: 'student',
      id: student.id,
      misId: student.misId,
      deletedAt,
      restoredAt: null,
    })
  }
}

function addEmployees(school: School): void {
  const { plan, place, forms } = school
  for (let n = 0; n < plan.employees + plan.formerEmployees; n++) {
    const left = n >= plan.employees
    const form = !left && n < forms.length ? n : null
    const teaching = form !== null || n % 5 < 3
    school.employees.push(makeEmployee(place, n, { form, teaching, left }))
  }
  const head = school.employees[forms.length]!
  Object.assign(head, { teaching: true, role: 'Headteacher' })
  // Two in the office share one mailbox, as they do.
  for (const office of school.employees.slice(plan.employees - 2, plan.employees)) {
    Object.assign(office, { teaching: false, role: 'Receptionist', workEmail: `office@${plan.domain}` })
  }
  if (school.ix === 0) {
    Object.assign(school.employees[4]!, {
      title: 'Miss',
      forename: 'Tahira',
      surname: 'Rahman',
      gender: 'FEMALE',
      workEmail: `t.rahman@${plan.domain}`,
    })
  }
}
