/** How a roll changes: people come, go, come back, change their names, end their posts, and go up a year. */
import { findPerson, formOf, onRoll, type School, yearsOf } from '../world/school.ts'
import { surnames } from '../world/names.ts'
import { isoDay, makeStudent, type Student } from '../world/people.ts'
import { randomFrom } from '../world/random.ts'
import { localDay } from './time.ts'

export type Rename = { id: string; forename?: string | undefined; surname?: string | undefined }
export type Roll = {
  join: number
  leave: string[]
  rejoin: string[]
  rename: Rename[]
  employeesEnd: string[]
  rollOver: boolean
}
export type RollResult = {
  joined: string[]
  left: string[]
  rejoined: string[]
  renamed: string[]
  employeesEnded: string[]
  rolledOver: number
}

/** Carries out a change whose ids were all found; in this order: up a year, leave, come back, names, posts, join. */
export function changeRoll(school: School, roll: Roll, at: number): RollResult {
  const over = roll.rollOver ? goUpAYear(school, at) : { joined: [], left: [], moved: 0 }
  const left = roll.leave.filter((id) => leave(school, id, at))
  const rejoined = roll.rejoin.filter((id) => rejoin(school, id, at))
  for (const entry of roll.rename) rename(school, entry, at)
  const ended = roll.employeesEnd.filter((id) => endPost(school, id, at))
  const joined = Array.from({ length: roll.join }, () => {
    const form = school.forms[school.students.length % school.forms.length]!
    return join(school, form.year, form.stream, at)
  })
  return {
    joined: [...over.joined, ...joined],
    left: [...over.left, ...left],
    rejoined,
    renamed: roll.rename.map(({ id }) => id),
    employeesEnded: ended,
    rolledOver: over.moved,
  }
}

function join(school: School, year: number, stream: number, at: number): string {
  const placing = { year, stream, schoolYear: school.schoolYear }
  const student = makeStudent(school.place, school.students.length, placing)
  Object.assign(student, { admittedOn: localDay(at), createdAt: at, updatedAt: at })
  school.students.push(student)
  return student.id
}

function leave(school: School, id: string, at: number): boolean {
  const student = school.students.find((one) => one.id === id)
  if (student?.state !== 'on-roll') return false
  Object.assign(student, { state: 'left', leavingOn: localDay(at), updatedAt: at })
  const n = school.deletions.length
  const { misId } = student
  school.deletions.push({ n, type: 'student', id, misId, deletedAt: at, restoredAt: null })
  return true
}

/** The same person again, under the same ids: `restored_at` on both rows (wonde-api.md §11). */
function rejoin(school: School, id: string, at: number): boolean {
  const student = school.students.find((one) => one.id === id)
  if (student === undefined || student.state === 'on-roll') return false
  if (student.state === 'left') {
    student.restoredAt = at
    const gone = school.deletions.findLast((row) => row.id === id)
    if (gone !== undefined) gone.restoredAt = at
  }
  const year = student.year === null ? null : Math.min(student.year, school.plan.years.to)
  Object.assign(student, { state: 'on-roll', leavingOn: null, year, updatedAt: at })
  return true
}

function rename(school: School, { id, forename, surname }: Rename, at: number): void {
  const person = findPerson(school, id)
  if (person === undefined) return
  if (forename === undefined && surname === undefined) {
    person.surname = randomFrom(school.place.seed, id, person.updatedAt).pick(surnames)
  }
  if (forename !== undefined) person.forename = forename
  if (surname !== undefined) person.surname = surname
  person.updatedAt = at
}

function endPost(school: School, id: string, at: number): boolean {
  const employee = school.employees.find((one) => one.id === id)
  if (employee === undefined || !employee.current) return false
  Object.assign(employee, { current: false, endedOn: isoDay(at - 86_400_000), form: null, updatedAt: at })
  return true
}

/** Everybody goes up a year, the top year leaves, and as many as the first year had come in new. */
function goUpAYear(school: School, at: number): { joined: string[]; left: string[]; moved: number } {
  const [first] = yearsOf(school.plan)
  const roll = onRoll(school)
  const intake = roll.filter(({ year }) => year === first).length
  const left = roll.filter(({ year }) => year === school.plan.years.to).map(({ id }) => id)
  for (const id of left) leave(school, id, at)
  const staying = roll.filter((student) => student.state === 'on-roll' && student.year !== null)
  for (const student of staying) moveUp(student, at)
  school.schoolYear += 1
  const expected = school.students.filter(({ state }) => state === 'pre-admission')
  for (const [i, student] of expected.entries()) {
    Object.assign(student, { state: 'on-roll', stream: i, admittedOn: localDay(at), updatedAt: at })
  }
  const joined = Array.from({ length: Math.max(0, intake - expected.length) }, (_, i) => {
    const stream = formOf(school, first ?? 0, i + expected.length)?.stream ?? 0
    return join(school, first ?? 0, stream, at)
  })
  return { joined: [...expected.map(({ id }) => id), ...joined], left, moved: staying.length }
}

function moveUp(student: Student, at: number): void {
  student.year = (student.year ?? 0) + 1
  student.updatedAt = at
}
