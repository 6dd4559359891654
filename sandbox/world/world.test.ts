import { expect, test } from 'vitest'
import { onRoll } from './school.ts'
import { makeWorld } from './world.ts'

const world = makeWorld('1')

test('there are ten schools, one per MIS, with the sizes that others rely on', () => {
  const sizes = world.schools.map((school) => [
    school.plan.name,
    school.plan.system.mis,
    onRoll(school).length,
  ])
  expect(new Set(world.schools.map(({ plan }) => plan.system.mis)).size).toBe(10)
  expect(sizes).toContainEqual(['Oakfield Primary School', 'SIMS', 210])
  expect(sizes).toContainEqual(['Northgate Academy', 'Bromcom', 1_200])
  expect(sizes.map(([, , students]) => students)).toContain(2_400)
})

test('people, ids and tokens follow from the seed alone', () => {
  expect(makeWorld('1')).toEqual(world)
  const other = makeWorld('2')
  expect(other.applicationToken).not.toBe(world.applicationToken)
  const ids = new Set(world.schools.flatMap(({ students }) => students.map(({ id }) => id)))
  expect(other.schools.flatMap(({ students }) => students).filter(({ id }) => ids.has(id))).toEqual([])
})

test('no id is given twice, and none has more than ten digits', () => {
  const ids = world.schools.flatMap((school) => [
    school.id,
    ...school.students.map(({ id }) => id),
    ...school.employees.map(({ id }) => id),
    ...school.codes.map(({ id }) => id),
    ...school.forms.map(({ id }) => id),
  ])
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.filter((id) => !/^A\d{1,10}$/.test(id))).toEqual([])
  for (const { students } of world.schools) {
    expect(new Set(students.map(({ upn }) => upn)).size).toBe(students.length)
    expect(new Set(students.map(({ misId }) => misId)).size).toBe(students.length)
  }
})

test.each(world.schools.map((school) => [school.plan.name, school] as const))(
  '%s has names that break careless programs',
  (_, school) => {
    const roll = onRoll(school)
    const names = roll.map(({ forename, surname }) => `${forename} ${surname}`)
    expect(names).toEqual(expect.arrayContaining(['Zoë O’Brien', "Seán O'Brien", 'Anne-Marie Smith-Jones']))
    expect(roll.some(({ forename }) => forename === null)).toBe(true)
    expect(roll.some(({ surname }) => surname === null)).toBe(true)
    expect(roll.filter(({ forename, surname }) => forename === null && surname === null)).toEqual([])
    const twins = roll.filter(({ surname }) => surname === 'Adeyemi-Hart')
    expect(twins).toHaveLength(2)
    expect(new Set(twins.map(({ bornOn, year, stream }) => `${bornOn} ${year} ${stream}`)).size).toBe(1)
    const namesakes = roll.filter(({ forename, surname }) => forename === 'Emily' && surname === 'Jones')
    expect(new Set(namesakes.map(({ year }) => year)).size).toBeGreaterThan(1)
  },
)

test('every pupil is of the age of the year, and every form has a tutor', () => {
  for (const school of world.schools) {
    const named = new Set(['Adeyemi-Hart', 'McAllister'])
    for (const { year, bornOn, surname } of onRoll(school)) {
      if (year === null || named.has(surname ?? '')) continue
      expect(bornOn >= `${2026 - 5 - year}-09-01` && bornOn < `${2027 - 5 - year}-09-01`).toBe(true)
    }
    const tutors = school.employees.flatMap(({ form }) => (form === null ? [] : [form]))
    expect(tutors.sort((a, b) => a - b)).toEqual(school.forms.map(({ n }) => n))
  }
})

test('staff who left are among the staff, and no register has a mark', () => {
  for (const { employees, plan, registers } of world.schools) {
    expect(employees.filter(({ current }) => current)).toHaveLength(plan.employees)
    expect(employees.filter(({ current }) => !current)).toHaveLength(plan.formerEmployees)
    expect(registers.cells).toEqual([])
  }
})
