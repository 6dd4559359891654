/** Who is at a school: pupils and staff, each made from the seed, the school and a running number alone. */
import { createHash } from 'node:crypto'
import { upiOf, wondeId } from './ids.ts'
import { boys, girls, type OddName, surnames } from './names.ts'
import { type Random, randomFrom } from './random.ts'
import type { SchoolPlan } from './schools.ts'

export type Student = {
  n: number
  id: string
  upi: string
  misId: string
  forename: string | null
  surname: string | null
  middleNames: string | null
  gender: 'MALE' | 'FEMALE' | null
  bornOn: string
  /** National year, 0 for Reception. */
  year: number | null
  stream: number | null
  house: number | null
  admissionNumber: string
  upn: string
  admittedOn: string
  leavingOn: string | null
  state: 'pre-admission' | 'on-roll' | 'left'
  createdAt: number
  updatedAt: number
  restoredAt: number | null
}

export type Employee = {
  n: number
  id: string
  upi: string
  misId: string
  title: string | null
  forename: string | null
  surname: string | null
  gender: 'MALE' | 'FEMALE'
  bornOn: string
  workEmail: string | null
  teaching: boolean
  role: string
  startedOn: string
  endedOn: string | null
  current: boolean
  /** The form whose register this person takes. */
  form: number | null
  createdAt: number
  updatedAt: number
}

/** Where and for whom a person is made. */
export type Place = { seed: string; school: number; schoolId: string; plan: SchoolPlan }

/** The school year in which the seeded roll stands: 2026 for 2026/27. */
export const firstSchoolYear = 2026
const day = 86_400_000

export const isoDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10)
/** A day in the twelve months from 1 September of that year. */
const dayFromSeptember = (year: number, chance: Random): string =>
  isoDay(Date.UTC(year, 8, 1) + chance.below(365) * day)

const misIdOf = (place: Place, kind: string, n: number): string =>
  place.plan.system.misIds === 'number'
    ? String((kind === 'student' ? 5_000 : 300) + n * 3 + place.school)
    : createHash('md5').update(`${place.schoolId}:${kind}:${n}`).digest('hex').slice(0, 13)

export type Placing = { year: number | null; stream: number | null; schoolYear: number }

/** The n-th pupil ever entered at a school; `name` is given for the odd ones. */
export function makeStudent(place: Place, n: number, placing: Placing, name?: OddName): Student {
  const { seed, school, schoolId, plan } = place
  const chance = randomFrom(seed, school, 'student', n)
  const gender = chance.chance(0.5) ? 'FEMALE' : 'MALE'
  const forename = chance.pick(gender === 'FEMALE' ? girls : boys)
  const person = name ?? { forename, surname: chance.pick(surnames), gender }
  const year = placing.year ?? plan.years.from
  const entered = placing.schoolYear - Math.max(0, year - plan.years.from)
  const misId = misIdOf(place, 'student', n)
  const createdAt = Date.UTC(entered, 8, 2, 8, chance.below(60), chance.below(60))
  return {
    n,
    id: wondeId(seed, school, 'student', n),
    upi: upiOf(schoolId, misId),
    misId,
    forename: person.forename,
    surname: person.surname,
    middleNames: chance.chance(0.6) ? chance.pick(person.gender === 'FEMALE' ? girls : boys) : null,
    gender: person.gender,
    bornOn: dayFromSeptember(placing.schoolYear - 5 - year, chance),
    year: placing.year,
    stream: placing.stream,
    house: plan.houses.length > 0 ? chance.below(plan.houses.length) : null,
    admissionNumber: String(1_200 + n).padStart(6, '0'),
    upn: upnOf(place, n, entered),
    admittedOn: `${entered}-09-03`,
    leavingOn: null,
    state: 'on-roll',
    createdAt,
    updatedAt: Date.UTC(placing.schoolYear, 8, 4 + chance.below(50), 4, chance.below(60), chance.below(60)),
    restoredAt: null,
  }
}

/** A letter, the authority, the school, the year of entry and a number: 13 characters, the same for nobody else here. */
function upnOf({ plan }: Place, n: number, entered: number): string {
  const letter = 'ABCDEFGHJK'[Math.floor(n / 1_000) % 10]
  const number = String(n % 1_000).padStart(3, '0')
  return `${letter}${plan.laCode}${plan.establishmentNumber}${String(entered).slice(-2)}${number}`
}

const teachingRoles = ['Class Teacher', 'Teacher of English', 'Teacher of Mathematics', 'Teacher of Science']
const otherRoles = ['Teaching Assistant', 'Receptionist', 'Site Manager', 'Midday Supervisor', 'Technician']

/** Letters for an e-mail address: accents and all else dropped. */
const plainLetters = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[^a-z]/gi, '')
    .toLowerCase()

export type Post = { form: number | null; teaching: boolean; left: boolean }

/** The n-th employee of a school. */
export function makeEmployee(place: Place, n: number, post: Post): Employee {
  const { seed, school, schoolId, plan } = place
  const chance = randomFrom(seed, school, 'employee', n)
  const gender = chance.chance(0.65) ? 'FEMALE' : 'MALE'
  const forename = chance.pick(gender === 'FEMALE' ? girls : boys)
  const surname = chance.pick(surnames)
  const misId = misIdOf(place, 'employee', n)
  const startYear = 2005 + chance.below(post.left ? 17 : 21)
  const endedOn = isoDay(Date.UTC(2023, 6, 31) + chance.below(36) * 31 * day)
  const createdAt = Date.UTC(startYear, 8, 1, 7, chance.below(60))
  return {
    n,
    id: wondeId(seed, school, 'employee', n),
    upi: upiOf(schoolId, misId),
    misId,
    title: chance.pick(gender === 'FEMALE' ? ['Miss', 'Mrs', 'Ms', 'Dr'] : ['Mr', 'Mr', 'Mr', 'Dr']),
    forename,
    surname,
    gender,
    bornOn: isoDay(Date.UTC(1962 + chance.below(38), chance.below(12), 1 + chance.below(28))),
    workEmail: chance.chance(0.08)
      ? null
      : `${plainLetters(forename)[0] ?? 'x'}.${plainLetters(surname)}${n}@${plan.domain}`,
    teaching: post.teaching,
    role: chance.pick(post.teaching ? teachingRoles : otherRoles),
    startedOn: `${startYear}-09-01`,
    endedOn: post.left && !chance.chance(0.2) ? endedOn : null,
    current: !post.left,
    form: post.form,
    createdAt,
    updatedAt: Date.UTC(2026, 8, 1 + chance.below(50), 3, chance.below(60)),
  }
}
