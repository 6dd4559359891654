/** The registers as the MIS itself has them, and the trainer's board of one form. */
import type { FaultKind } from '../state/faults.ts'
import { type Cell, findCell, type Session, standing } from '../state/register.ts'
import { addDays, localDay, weekdayOf } from '../state/time.ts'
import type { Employee, Student } from '../world/people.ts'
import { type Form, formOf, fullName, onRoll, type School } from '../world/school.ts'

const compare = new Intl.Collator('en-GB').compare
const bySurname = (a: Student, b: Student) =>
  compare(`${a.surname ?? ''} ${a.forename ?? ''}`, `${b.surname ?? ''} ${b.forename ?? ''}`) || a.n - b.n

const letter = (school: School, codeId: string) => school.codes.find(({ id }) => id === codeId)?.code ?? null
const iso = (at: number) => new Date(at).toISOString()

export type RegisterRow = {
  student: string
  name: string
  regGroup: string | null
  code: string | null
  minutesLate: number | null
  comment: string | null
  by: 'teacher' | 'outside' | null
  at: string | null
  /** What came from outside last, whether or not it stands. */
  outside: {
    code: string | null
    minutesLate: number | null
    comment: string | null
    at: string
    times: number
  } | null
}

export function registerRow(school: School, student: Student, date: string, session: Session): RegisterRow {
  const cell = findCell(school.registers, student.id, date, session)
  const mark = cell === undefined ? null : standing(cell)
  return {
    student: student.id,
    name: fullName(student),
    regGroup: formOf(school, student.year, student.stream)?.name ?? null,
    code: mark === null ? null : letter(school, mark.codeId),
    minutesLate: mark?.minutesLate ?? null,
    comment: mark?.comment ?? null,
    by: mark?.by ?? null,
    at: mark === null ? null : iso(mark.at),
    outside: outsideOf(school, cell),
  }
}

function outsideOf(school: School, cell: Cell | undefined): RegisterRow['outside'] {
  const wish = cell?.outside ?? null
  if (wish === null) return null
  const { codeId, minutesLate, comment, at, times } = wish
  return { code: letter(school, codeId), minutesLate, comment, at: iso(at), times }
}

/** Everybody on roll, marked or not. */
export const registerOf = (school: School, date: string, session: Session): RegisterRow[] =>
  onRoll(school)
    .sort(bySurname)
    .map((student) => registerRow(school, student, date, session))

export const teacherOf = (school: School, form: Form | null): Employee | null =>
  form === null ? null : (school.employees.find((employee) => employee.form === form.n) ?? null)

function schoolDaysBefore(today: string, wanted: number): string[] {
  const days: string[] = []
  for (let day = addDays(today, -1); days.length < wanted; day = addDays(day, -1)) {
    if (weekdayOf(day) <= 5) days.unshift(day)
  }
  return days
}

const inNone = 'No form'

/** One form's page: its last days, marks with who wrote them, and what is switched on. */
export function boardOf(school: School, wanted: string | undefined, now: number): Record<string, unknown> {
  const roll = onRoll(school).sort(bySurname)
  const formName = (student: Student) => formOf(school, student.year, student.stream)?.name ?? inNone
  const names = [
    ...school.forms.map(({ name }) => name),
    ...(roll.some((one) => formName(one) === inNone) ? [inNone] : []),
  ]
  const regGroup = wanted !== undefined && names.includes(wanted) ? wanted : (names[0] ?? inNone)
  const today = localDay(now)
  const days = [...schoolDaysBefore(today, 3), today]
  const pupils = roll.filter((student) => formName(student) === regGroup)
  const teacher = teacherOf(school, school.forms.find(({ name }) => name === regGroup) ?? null)
  const marks = (student: Student) =>
    days.flatMap((date) =>
      (['AM', 'PM'] as const).map((session) => {
        const { code, minutesLate, comment, by, at, outside } = registerRow(school, student, date, session)
        return { code, minutesLate, comment, by, at, outside }
      }),
    )
  return {
    now: iso(now),
    access: school.access,
    regGroups: names,
    regGroup,
    teacher:
      teacher === null
        ? null
        : [teacher.title, teacher.forename?.[0], teacher.surname].filter(Boolean).join(' '),
    days,
    codes: school.codes.map(({ code, description }) => ({ code, description })),
    students: pupils.map((student) => ({
      student: student.id,
      name: [student.surname, student.forename].filter((part) => part !== null).join(', '),
      marks: marks(student),
    })),
    leavers: school.students
      .filter(({ state }) => state === 'left')
      .toReversed()
      .slice(0, 20)
      .map((student) => ({ student: student.id, name: fullName(student) })),
    employees: school.employees
      .filter(({ current }) => current)
      .map((employee) => ({ employee: employee.id, name: fullName(employee), role: employee.role })),
  }
}

/** A fault as the control API tells it. */
export type ToldFault = {
  on: string
  kind: FaultKind
  times?: number
  ms?: number
  method?: string
  used: number
  since: string
}

export const toldFaults = (school: School): ToldFault[] =>
  school.faults.map(({ on, kind, times, ms, method, used, since }) => ({
    on,
    kind,
    ...(times !== null && { times }),
    ...(ms !== null && { ms }),
    ...(method !== null && { method }),
    used,
    since: iso(since),
  }))
