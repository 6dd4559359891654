/** Pupils and staff with what hangs on them (wonde-api.md §4, §5). */
import { contactsOf } from '../world/contacts.ts'
import type { Employee, Student } from '../world/people.ts'
import { photoOf } from '../world/photos.ts'
import { formOf, onRoll, type School, yearCode } from '../world/school.ts'
import { type Body, contactDetails, employeeBasics, studentBasics } from './basics.ts'
import type { Answer, SchoolCall } from './call.ts'
import { contactBody, relationship } from './contacts.ts'
import { formGroup, groupBody, groupsOfStudent, houseGroup, yearGroup } from './groups.ts'
import { listAnswer, readIncludes, readTime } from './lists.ts'
import { oneOf } from './one.ts'
import { photoBody } from './photos.ts'
import { permits } from './schools.ts'
import { day, flag, included, type Includes, under, words } from './shapes.ts'
import { summaryBody, summaryOf } from './summaries.ts'
import { classBody, classesOfStudent, classesTaughtBy } from './timetable.ts'

const studentIncludes = [
  'education_details',
  'extended_details',
  'contact_details',
  'attendance_summary',
  'identifiers',
  'photo',
  'year',
  'year.employees',
  'registration',
  'registration.employees',
  'house',
  'house.employees',
  'boarding',
  'campus',
  'groups',
  'groups.employees',
  'classes',
  'classes.employees',
  'classes.subject',
  'siblings',
  'contacts',
  'contacts.contact_details',
]
const employeeIncludes = [
  'employment_details',
  'contact_details',
  'extended_details',
  'identifiers',
  'photo',
  'groups',
  'campus',
  'classes',
  'classes.subject',
]

const needs: Record<string, string> = {
  contacts: 'contacts.read',
  photo: 'photos.read',
  classes: 'classes.read',
  attendance_summary: 'attendance.read',
}

/** The includes that this school permits: one it does not is refused like one that does not exist (§2.3). */
const permitted = (school: School, names: readonly string[]): string[] =>
  names.filter((name) => permits(school, needs[name.split('.')[0]!] ?? ''))

type Relation<T> = (school: School, row: T, includes: Includes) => unknown

const studentRelations: Record<string, Relation<Student>> = {
  education_details: (_, student) => ({
    admission_number: student.admissionNumber,
    upn: student.upn,
    local_upn: null,
    former_upn: null,
    learner_number: null,
    current_nc_year: student.year === null ? null : yearCode(student.year),
    part_time: false,
    part_time_rate: null,
    admission_date: day(student.admittedOn),
    leaving_date: day(student.leavingOn),
  }),
  // Sensitive, and not permitted at any of these schools (§4.5).
  extended_details: () => ({
    sen_status: null,
    free_school_meals: null,
    premium_pupil_indicator: null,
    first_language: null,
    ethnicity: null,
    enrolment_status: null,
  }),
  contact_details: (school, student) =>
    contactDetails({ home: contactsOf(school, student)[0]?.phone ?? null }, school),
  attendance_summary: (school, student) => summaryBody(summaryOf(school, student)),
  identifiers: (_, student) => ({ upn: student.upn, admission_number: student.admissionNumber }),
  photo: (school, student) => {
    const photo = photoOf(school, student)
    return photo === null ? null : photoBody(photo)
  },
  year: (school, { year }, includes) =>
    year === null ? null : groupBody(school, yearGroup(school, year), includes),
  registration: (school, { year, stream }, includes) => {
    const form = formOf(school, year, stream)
    return form === null ? null : groupBody(school, formGroup(form), includes)
  },
  house: (school, { house }, includes) =>
    house === null ? null : groupBody(school, houseGroup(school, house), includes),
  boarding: () => null,
  campus: () => null,
  groups: (school, student, includes) =>
    groupsOfStudent(school, student).map((group) => groupBody(school, group, includes)),
  classes: (school, student, includes) =>
    classesOfStudent(school, student).map((one) => classBody(school, one, includes)),
  siblings: (school, { id, surname, bornOn }) =>
    onRoll(school)
      .filter((other) => other.id !== id && other.surname === surname && other.bornOn === bornOn)
      .map((other) => studentBasics(school, other)),
  contacts: (school, student, includes) =>
    contactsOf(school, student).map((contact) => ({
      ...contactBody(school, contact, includes),
      relationship: relationship(contact),
    })),
}

const employeeRelations: Record<string, Relation<Employee>> = {
  employment_details: (_, employee) => ({
    current: employee.current,
    teaching_staff: employee.teaching,
    employment_start_date: day(employee.startedOn),
    employment_end_date: day(employee.endedOn),
    role_text: employee.role,
  }),
  contact_details: (school, { workEmail }) => contactDetails({ work: workEmail }, school),
  extended_details: () => ({ nationality: null, ethnicity: null }),
  identifiers: (_, { misId }) => ({ staff_code: misId }),
  photo: () => null,
  groups: (school, { form }, includes) =>
    form === null ? [] : [groupBody(school, formGroup(school.forms[form]!), includes)],
  campus: () => null,
  classes: (school, employee, includes) =>
    classesTaughtBy(school, employee).map((one) => classBody(school, one, includes)),
}

function withRelations<T>(
  basics: Body,
  relations: Record<string, Relation<T>>,
  { school, row, includes }: { school: School; row: T; includes: Includes },
): Body {
  for (const [name, make] of Object.entries(relations)) {
    if (includes.has(name)) basics[name] = included(make(school, row, under(includes, name)))
  }
  return basics
}

const studentBody = (school: School, row: Student, includes: Includes): Body =>
  withRelations(studentBasics(school, row), studentRelations, { school, row, includes })
const employeeBody = (school: School, row: Employee, includes: Includes): Body =>
  withRelations(employeeBasics(school, row), employeeRelations, { school, row, includes })

/** `/students`, `/students-pre-admission`, `/students-leaver`: on roll or not is told by the address (§4.1). */
export function listStudents(state: Student['state']): (call: SchoolCall) => Answer {
  return (call) => {
    const { school, query } = call
    const known = permitted(school, studentIncludes)
    const includes = readIncludes(query, known, 'students')
    const misIds = words(query, 'only_mis_ids')
    const upns = words(query, 'only_upns')
    return listAnswer(call, {
      rows: school.students.filter(
        (student) =>
          student.state === state &&
          (misIds === null || misIds.includes(student.misId)) &&
          (upns === null || upns.includes(student.upn)),
      ),
      n: ({ n }) => n,
      updatedAt: ({ updatedAt }) => updatedAt,
      shape: (student) => studentBody(school, student, includes),
      includes: known,
    })
  }
}

export function getStudent(state: Student['state']): (call: SchoolCall) => Answer {
  return (call) => {
    const { school } = call
    const known = permitted(school, studentIncludes)
    const includes = readIncludes(call.query, known, 'students')
    const student = oneOf(
      call,
      school.students.filter((one) => one.state === state),
    )
    return { body: { data: studentBody(school, student, includes), meta: { includes: known } } }
  }
}

/** The list holds people who are not current any more (§5.3). */
export function listEmployees(call: SchoolCall): Answer {
  const { school, query } = call
  const known = permitted(school, employeeIncludes)
  const includes = readIncludes(query, known, 'employees')
  const misIds = words(query, 'only_mis_ids')
  const before = readTime(query, 'employment_start_before')
  const after = readTime(query, 'employment_start_after')
  const started = ({ startedOn }: Employee) => Date.parse(`${startedOn}T00:00:00Z`)
  const withForm = flag(query, 'has_class') === true || flag(query, 'has_group') === true
  return listAnswer(call, {
    rows: school.employees.filter(
      (employee) =>
        (misIds === null || misIds.includes(employee.misId)) &&
        (before === null || started(employee) < before) &&
        (after === null || started(employee) > after) &&
        (!withForm || employee.form !== null),
    ),
    n: ({ n }) => n,
    updatedAt: ({ updatedAt }) => updatedAt,
    shape: (employee) => employeeBody(school, employee, includes),
    includes: known,
  })
}

export function getEmployee(call: SchoolCall): Answer {
  const known = permitted(call.school, employeeIncludes)
  const includes = readIncludes(call.query, known, 'employees')
  const employee = oneOf(call, call.school.employees)
  return { body: { data: employeeBody(call.school, employee, includes), meta: { includes: known } } }
}
