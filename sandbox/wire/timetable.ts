/**
 * Classes, lessons, periods, rooms and subjects (wonde-api.md §7.2, §7.3). Primaries publish no classes. Lessons are
 * not stored: a class, a day and an hour make one, and its id says which.
 */
import { addDays, instantOf, localDay, weekdayOf } from '../state/time.ts'
import { wondeId } from '../world/ids.ts'
import type { Employee, Student } from '../world/people.ts'
import { firstSchoolYear } from '../world/people.ts'
import { type Form, formOf, onRoll, type School } from '../world/school.ts'
import { type Body, employeeBasics, studentBasics } from './basics.ts'
import { type Answer, type SchoolCall, WireError } from './call.ts'
import { listAnswer, readIncludes, readTime } from './lists.ts'
import { oneOf } from './one.ts'
import { flag, included, type Includes, instant, under, words } from './shapes.ts'

const madeAt = Date.UTC(firstSchoolYear, 8, 1, 2)
const dates = { restored_at: null, created_at: instant(madeAt), updated_at: instant(madeAt) }

type Named = { n: number; id: string; name: string }
export type Class = Named & { form: Form; teacher: Employee | null }
type Period = Named & { day: number; hour: number }
export type Lesson = { n: number; id: string; class: Class; day: string; hour: number }

const subjectNames = [
  'English',
  'Mathematics',
  'Science',
  'History',
  'Geography',
  'French',
  'Art',
  'Computing',
]
const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

const named = (school: School, kind: 'subject' | 'room', names: readonly string[]): Named[] =>
  names.map((name, n) => ({ n, id: wondeId(school.place.seed, school.ix, kind, n), name }))

const subjectsOf = (school: School) => named(school, 'subject', subjectNames)
const subjectOf = (school: School, { form }: Class) => subjectsOf(school)[form.n % subjectNames.length]!
const roomsOf = (school: School) =>
  named(
    school,
    'room',
    school.forms.map(({ name }) => `Room ${name}`),
  )
const roomOf = (school: School, { form }: Class) => roomsOf(school)[form.n]!

/** Arbor has a lesson every hour of every day, so that a mark always finds one (contract §4). */
const always = (school: School): boolean => school.plan.system.writing === 'needs-lesson'
const hoursOf = (school: School): number[] =>
  always(school) ? Array.from({ length: 24 }, (_, hour) => hour) : [9, 10, 11, 13, 14]
const daysOf = (school: School): number[] => (always(school) ? [1, 2, 3, 4, 5, 6, 7] : [1, 2, 3, 4, 5])

function periodsOf(school: School): Period[] {
  if (school.plan.phase === 'primary') return []
  return daysOf(school).flatMap((day) =>
    hoursOf(school).map((hour) => {
      const n = day * 24 + hour
      const id = wondeId(school.place.seed, school.ix, 'period', n)
      return { n, id, name: `${weekdays[day - 1]!.slice(0, 3)} ${hour}`, day, hour }
    }),
  )
}

/** One class for each form. */
export function classesOf(school: School): Class[] {
  if (school.plan.phase === 'primary') return []
  return school.forms.map((form) => ({
    n: form.n,
    id: wondeId(school.place.seed, school.ix, 'class', form.n),
    name: `${form.name} ${subjectNames[form.n % subjectNames.length]}`,
    form,
    teacher: school.employees.find((employee) => employee.form === form.n) ?? null,
  }))
}

export function classesOfStudent(school: School, student: Student): Class[] {
  const form = formOf(school, student.year, student.stream)
  return classesOf(school).filter((one) => form !== null && one.form.n === form.n)
}

export const classesTaughtBy = (school: School, employee: Employee): Class[] =>
  classesOf(school).filter(({ teacher }) => teacher?.id === employee.id)

const studentsIn = (school: School, { form }: Class): Student[] =>
  onRoll(school).filter((student) => formOf(school, student.year, student.stream)?.n === form.n)

const epoch = '2020-01-01'
const dayNumber = (day: string) => Math.round((Date.parse(day) - Date.parse(epoch)) / 86_400_000)

function lesson(school: School, one: Class, { day, hour }: { day: string; hour: number }): Lesson {
  const number = dayNumber(day)
  const digits = [
    String(number).padStart(4, '0'),
    String(one.n).padStart(2, '0'),
    String(hour).padStart(2, '0'),
  ]
  return {
    n: number * 10_000 + one.n * 100 + hour,
    id: `A4${school.ix}${digits.join('')}`,
    class: one,
    day,
    hour,
  }
}

/** The lesson that an id names at this school, if there is one. */
export function findLesson(school: School, id: string): Lesson | null {
  const [, ix, days, form, hour] = /^A4(\d)(\d{4})(\d{2})(\d{2})$/.exec(id) ?? []
  const one = classesOf(school)[Number(form)]
  if (Number(ix) !== school.ix || one === undefined) return null
  const day = addDays(epoch, Number(days))
  const held = hoursOf(school).includes(Number(hour)) && daysOf(school).includes(weekdayOf(day))
  return held ? lesson(school, one, { day, hour: Number(hour) }) : null
}

/** From a day on, at most two weeks of them. */
function lessonsBetween(school: School, from: string, to: string): Lesson[] {
  const lessons: Lesson[] = []
  const classes = classesOf(school)
  const end = to < addDays(from, 13) ? to : addDays(from, 13)
  for (let day = from; day <= end; day = addDays(day, 1)) {
    if (!daysOf(school).includes(weekdayOf(day))) continue
    for (const one of classes)
      for (const hour of hoursOf(school)) lessons.push(lesson(school, one, { day, hour }))
  }
  return lessons
}

const classIncludes = ['subject', 'students', 'employees', 'lessons', 'lessons.room', 'lessons.period']

/** Without its include `subject` is a bare id (§2.1). */
export function classBody(school: School, one: Class, includes: Includes): Body {
  const subject = subjectOf(school, one)
  const teacher = one.teacher
  const role = { is_main_teacher: true, is_class_teacher: true, role: 'Main Class Teacher' }
  const meta = { ...role, all_roles: ['Main Class Teacher', 'Class Teacher'] }
  return {
    id: one.id,
    mis_id: String(400 + one.n),
    name: one.name,
    code: one.name,
    description: one.name,
    subject: includes.has('subject') ? included(subjectBody(subject)) : subject.id,
    alternative: false,
    priority: null,
    ...dates,
    meta: null,
    ...(includes.has('students') && {
      students: included(studentsIn(school, one).map((student) => studentBasics(school, student))),
    }),
    ...(includes.has('employees') && {
      employees: included(teacher === null ? [] : [{ ...employeeBasics(school, teacher), meta }]),
    }),
  }
}

export function listClasses(call: SchoolCall): Answer {
  const { school, query } = call
  const includes = readIncludes(query, classIncludes, 'classes')
  const subject = words(query, 'class_subject')
  const name = query.getAll('class_name').at(-1)
  return listAnswer(call, {
    rows: classesOf(school).filter(
      (one) =>
        (subject === null || subject.includes(subjectOf(school, one).id)) &&
        (name === undefined || one.name === name) &&
        (flag(query, 'has_students') !== true || studentsIn(school, one).length > 0),
    ),
    n: ({ n }) => n,
    updatedAt: () => madeAt,
    shape: (one) => withLessons(call, one, includes),
    includes: classIncludes,
  })
}

export function getClass(call: SchoolCall): Answer {
  const includes = readIncludes(call.query, classIncludes, 'classes')
  const one = oneOf(call, classesOf(call.school))
  return { body: { data: withLessons(call, one, includes), meta: { includes: classIncludes } } }
}

/** Today's lessons of a class hang under it. */
function withLessons({ school, now }: SchoolCall, one: Class, includes: Includes): Body {
  const body = classBody(school, one, includes)
  if (!includes.has('lessons')) return body
  const today = localDay(now)
  const lessons = lessonsBetween(school, today, today).filter((lesson) => lesson.class.id === one.id)
  const inner = under(includes, 'lessons')
  return { ...body, lessons: included(lessons.map((lesson) => lessonBody(school, lesson, inner))) }
}

const lessonIncludes = ['class', 'employee', 'period', 'room']

function lessonBody(school: School, lesson: Lesson, includes: Includes): Body {
  const { id, n, class: one, day, hour } = lesson
  const weekday = weekdayOf(day)
  const room = roomOf(school, one)
  const periodNumber = weekday * 24 + hour
  const period = periodsOf(school).find((each) => each.n === periodNumber) ?? null
  const relation = (name: string, bare: string | null, full: () => unknown) =>
    includes.has(name) ? included(full()) : bare
  return {
    id,
    mis_id: `${one.n}-${firstSchoolYear}-${n}`,
    room: relation('room', room.id, () => roomBody(room)),
    period: relation('period', period?.id ?? null, () => period && periodBody(period)),
    period_instance_id: String(dayNumber(day) * 24 + hour),
    employee: relation(
      'employee',
      one.teacher?.id ?? null,
      () => one.teacher && employeeBasics(school, one.teacher),
    ),
    alternative: false,
    priority: null,
    start_at: instant(instantOf(day, hour)),
    end_at: instant(instantOf(day, hour, 59) + 60_000),
    day_number: weekday,
    created_at: instant(madeAt),
    updated_at: instant(madeAt),
    ...(includes.has('class') && { class: included(classBody(school, one, new Set())) }),
  }
}

/** Today's, unless a window of start times is given. */
export function listLessons(call: SchoolCall): Answer {
  const { school, query, now } = call
  const includes = readIncludes(query, lessonIncludes, 'lessons')
  const after = readTime(query, 'lessons_start_after')
  const before = readTime(query, 'lessons_start_before')
  const from = localDay(after ?? (before === null ? now : before - 86_400_000))
  const to = localDay(before ?? (after === null ? now : after + 13 * 86_400_000))
  const starts = new Map<string, number>()
  const startOf = ({ day, hour }: Lesson) => {
    const key = `${day} ${hour}`
    const at = starts.get(key) ?? instantOf(day, hour)
    starts.set(key, at)
    return at
  }
  return listAnswer(call, {
    rows: lessonsBetween(school, from, to).filter(
      (one) => (after === null || startOf(one) >= after) && (before === null || startOf(one) <= before),
    ),
    n: ({ n }) => n,
    updatedAt: () => madeAt,
    shape: (one) => lessonBody(school, one, includes),
    includes: lessonIncludes,
  })
}

export function getLesson(call: SchoolCall): Answer {
  const includes = readIncludes(call.query, lessonIncludes, 'lessons')
  const found = findLesson(call.school, call.params['oid'] ?? '')
  if (found === null) throw new WireError(404, 'not_found', 'There is no such record at this school.')
  return { body: { data: lessonBody(call.school, found, includes), meta: { includes: lessonIncludes } } }
}

const clock = (hour: number) => `${String(hour % 24).padStart(2, '0')}:00:00`

/** Clock times are plain local text (§2.5). */
function periodBody({ id, n, name, day, hour }: Period): Body {
  const times = {
    start_time: clock(hour),
    end_time: clock(hour + 1),
    day: weekdays[day - 1],
    day_number: day,
  }
  return { id, mis_id: String(n), name, ...times, ...dates }
}

const roomBody = ({ id, n, name }: Named): Body => ({ id, mis_id: String(n), name, code: name, ...dates })
const subjectBody = ({ id, n, name }: Named): Body => ({
  id,
  mis_id: String(n),
  name,
  code: name.slice(0, 2),
  active: true,
  ...dates,
})

function plainList<T extends Named>(all: (school: School) => T[], body: (row: T) => Body) {
  return {
    list: (call: SchoolCall): Answer => {
      readIncludes(call.query, [], 'this list')
      return listAnswer(call, {
        rows: all(call.school),
        n: ({ n }) => n,
        updatedAt: () => madeAt,
        shape: body,
        includes: [],
      })
    },
    get: (call: SchoolCall): Answer => ({ body: { data: body(oneOf(call, all(call.school))) } }),
  }
}

const ifTaught = (all: (school: School) => Named[]) => (school: School) =>
  school.plan.phase === 'primary' ? [] : all(school)

export const periods = plainList(periodsOf, periodBody)
export const rooms = plainList(ifTaught(roomsOf), roomBody)
export const subjects = plainList(ifTaught(subjectsOf), subjectBody)
