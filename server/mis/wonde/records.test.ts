import { describe, expect, test } from 'vitest'
import { day, id, instant, relation, text, truth, whole } from './loose.ts'
import { dateObject, wireEmployee, wireStudent } from './loopback.ts'
import {
  parseAttendanceCode,
  parseEmployee,
  parseMark,
  parsePage,
  parseSchool,
  parseStudent,
} from './records.ts'

const student = (more: Record<string, unknown>) => parseStudent(wireStudent(1, more), 'Record 1')
const employee = (more: Record<string, unknown>) => parseEmployee(wireEmployee(1, more), 'Record 1')
const rowOf = (parsed: { row: unknown } | { problem: unknown }) => ('row' in parsed ? parsed.row : parsed)

describe('a student', () => {
  test('as the reference prints it', () => {
    expect(student({})).toEqual({
      row: {
        misId: 'A1100000001',
        upi: '0f3c1d2e4b5a69788796a5b4c3d2e1f0',
        forename: 'Tom 1',
        surname: 'Hale',
        dateOfBirth: '2014-06-11',
        yearGroup: 'Year 5',
        regGroup: '5H',
        leavingOn: null,
      },
    })
  })

  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    [
      'an unlisted gender and unknown keys',
      { gender: 'Prefer not to say', gender_identity: 7, zzz: { a: [] } },
      { surname: 'Hale' },
    ],
    ['no upi', { upi: null }, { upi: null }],
    ['a number for an id', { id: 42 }, { misId: '42' }],
    ['a number for a name', { surname: 7 }, { surname: '7' }],
    ['only a forename', { surname: null }, { forename: 'Tom 1', surname: '' }],
    ['only a surname', { forename: '  ' }, { forename: '', surname: 'Hale' }],
    ['blanks, NUL and half characters in a name', { surname: ' O\u0000’Ne\ud800il ' }, { surname: 'O’Neil' }],
    ['a very long name', { surname: 'x'.repeat(300) }, { surname: 'x'.repeat(200) }],
    [
      'a summer birthday, midnight in London',
      { date_of_birth: dateObject('2014-07-01') },
      { dateOfBirth: '2014-07-01' },
    ],
    ['a birthday as text', { date_of_birth: '2014-07-01T00:00:00+01:00' }, { dateOfBirth: '2014-07-01' }],
    ['a birthday not permitted', { date_of_birth: null }, { dateOfBirth: null }],
    ['a birthday that is no day', { date_of_birth: dateObject('2014-02-30') }, { dateOfBirth: null }],
    ['PHP’s zero date', { date_of_birth: dateObject('-0001-11-30') }, { dateOfBirth: null }],
    ['year null', { year: null }, { yearGroup: null }],
    ['year data null', { year: { data: null } }, { yearGroup: null }],
    ['year an empty list', { year: { data: [] } }, { yearGroup: null }],
    ['year unwrapped', { year: { id: 'A1', name: 'Year 6' } }, { yearGroup: 'Year 6' }],
    ['year a list of one', { year: { data: [{ name: 'Year 6' }] } }, { yearGroup: 'Year 6' }],
    [
      'year a bare id: there is one, and which is not told',
      { year: 'A1200000005' },
      { yearGroup: undefined },
    ],
    ['year a bare number', { year: 1200 }, { yearGroup: undefined }],
    ['year missing', { year: undefined }, { yearGroup: undefined }],
    ['year without a name', { year: { data: { name: null, code: 6 } } }, { yearGroup: '6' }],
    ['year without name and code', { year: { data: { name: null } } }, { yearGroup: null }],
    ['details null', { education_details: { data: null } }, { leavingOn: null }],
    ['details without the field', { education_details: { data: { upn: null } } }, { leavingOn: undefined }],
    [
      'a leaving date',
      { education_details: { data: { leaving_date: dateObject('2025-07-22') } } },
      { leavingOn: '2025-07-22' },
    ],
  ])('%s', (_, more, expected) => {
    expect(rowOf(student(more))).toMatchObject(expected)
  })

  test.each([null, '', '  ', undefined, {}, true, 1.5, 'x'.repeat(101), 'A\u00001'])(
    'id %j is a problem',
    (bad) => {
      expect(student({ id: bad })).toMatchObject({
        problem: { misId: null, message: expect.stringMatching(/no usable id/) },
      })
    },
  )

  test('neither forename nor surname is a problem that names the record', () => {
    const parsed = student({ forename: null, surname: '\u0000' })
    expect(parsed).toMatchObject({
      problem: {
        misId: 'A1100000001',
        message: 'Record 1 of the students has neither forename nor surname.',
      },
    })
  })
})

describe('an employee', () => {
  test('as the reference prints it', () => {
    expect(employee({})).toEqual({
      row: {
        misId: 'A1600000001',
        upi: null,
        forename: 'Ada',
        surname: 'Okoro',
        email: 'a.okoro@school.example',
        current: true,
        employmentEndsOn: null,
      },
    })
  })

  const emails = (list: unknown) => ({ contact_details: { data: { emails: list } } })
  const employment = (data: unknown) => ({ employment_details: { data } })
  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    [
      'work before primary before email',
      emails({ email: 'e@x', primary: 'p@x', work: 'w@x' }),
      { email: 'w@x' },
    ],
    ['primary where work is blank', emails({ email: 'e@x', primary: 'p@x', work: ' ' }), { email: 'p@x' }],
    ['email last', emails({ email: ' e@x ', primary: null }), { email: 'e@x' }],
    ['never home', emails({ email: null, primary: null, work: null, home: 'h@x' }), { email: null }],
    ['no address in it', emails({ work: 'none', primary: 'p@x' }), { email: 'p@x' }],
    ['emails null', emails(null), { email: null }],
    ['emails a list', emails([{ email: 'e@x' }]), { email: null }],
    ['emails missing', { contact_details: { data: {} } }, { email: undefined }],
    ['contact details missing', { contact_details: undefined }, { email: undefined }],
    ['contact details null', { contact_details: null }, { email: null }],
    [
      'not current',
      employment({ current: false, employment_end_date: dateObject('2025-08-31') }),
      { current: false, employmentEndsOn: '2025-08-31' },
    ],
    [
      'current not told is not "left"',
      employment({ current: null, employment_end_date: null }),
      { current: null, employmentEndsOn: null },
    ],
    ['current missing', employment({}), { current: undefined, employmentEndsOn: undefined }],
    ['current as PHP writes it', employment({ current: '1' }), { current: true }],
    ['current as a word', employment({ current: 'No' }), { current: false }],
    ['current as anything else', employment({ current: 'perhaps' }), { current: null }],
    [
      'employment missing',
      { employment_details: undefined },
      { current: undefined, employmentEndsOn: undefined },
    ],
  ])('%s', (_, more, expected) => {
    expect(rowOf(employee(more))).toMatchObject(expected)
  })
})

test('bad records are numbered over all pages, and the good ones between them are kept', () => {
  const page = parsePage(
    [null, wireStudent(2), 'x', [], wireStudent(5, { id: null }), wireStudent(2)],
    200,
    parseStudent,
  )
  expect(page.read).toBe(6)
  expect(page.rows.map((row) => row.misId)).toEqual(['A1100000002', 'A1100000002'])
  expect(page.problems.map((problem) => problem.message)).toEqual([
    'Record 201 is not a record.',
    'Record 203 is not a record.',
    'Record 204 is not a record.',
    'Record 205 of the students has no usable id.',
  ])
})

test('attendance codes: any text is a code, without one the record is a problem', () => {
  const code = (row: Record<string, unknown>) => parseAttendanceCode(row, 'Record 1')
  expect(code({ id: 'A17', code: '\\', description: ' Present (PM) ', type: 'PRESENT' })).toEqual({
    row: { misId: 'A17', code: '\\', description: 'Present (PM)', type: 'PRESENT' },
  })
  expect(rowOf(code({ id: 17, code: 1, description: null }))).toEqual({
    misId: '17',
    code: '1',
    description: '',
    type: null,
  })
  expect(rowOf(code({ id: 'A17', code: 'C1', description: 'x' }))).toMatchObject({ code: 'C1' })
  expect(code({ id: 'A17', code: ' ' })).toMatchObject({ problem: { misId: 'A17' } })
  expect(code({ code: 'L' })).toMatchObject({ problem: { misId: null } })
})

describe('a mark', () => {
  const wire = {
    id: 'A18',
    date: dateObject('2025-07-01'),
    session: 'AM',
    comment: 'Dentist',
    student: 'A11',
    employee: null,
    attendance_code: 'A17',
    minutes_late: 25,
    updated_at: { date: '2025-07-01 08:26:19.000000', timezone_type: 3, timezone: 'UTC' },
  }
  test('as the reference prints it', () => {
    expect(parseMark(wire)).toEqual({
      student: 'A11',
      date: '2025-07-01',
      session: 'AM',
      codeId: 'A17',
      comment: 'Dentist',
      minutesLate: 25,
      employee: null,
      updatedAt: new Date('2025-07-01T08:26:19Z'),
    })
  })

  test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
    ['minutes late not given back', { minutes_late: undefined }, { minutesLate: undefined }],
    ['minutes late null', { minutes_late: null }, { minutesLate: null }],
    ['minutes late as text', { minutes_late: '25' }, { minutesLate: 25 }],
    [
      'relations included',
      { student: { data: { id: 'A11' } }, attendance_code: { data: { id: 17, code: 'L' } } },
      { student: 'A11', codeId: '17' },
    ],
    [
      'the names of the write body',
      { attendance_code: undefined, attendance_code_id: 'A17' },
      { codeId: 'A17' },
    ],
    ['no code', { attendance_code: null }, { codeId: null }],
    ['lower case session', { session: 'pm' }, { session: 'PM' }],
    ['date as text', { date: '2025-07-01' }, { date: '2025-07-01' }],
    [
      'local time of change',
      { updated_at: { date: '2025-07-01 09:26:19', timezone: 'Europe/London' } },
      { updatedAt: new Date('2025-07-01T08:26:19Z') },
    ],
    ['no time of change', { updated_at: undefined }, { updatedAt: null }],
  ])('%s', (_, more, expected) => {
    expect(parseMark({ ...wire, ...more })).toMatchObject(expected)
  })

  test.each([{ student: null }, { date: null }, { session: 'ALL' }, { session: null }])(
    '%j says nothing',
    (more) => {
      expect(parseMark({ ...wire, ...more })).toBeNull()
    },
  )
  test('what is no record says nothing', () =>
    expect([parseMark(null), parseMark('x'), parseMark([])]).toEqual([null, null, null]))
})

test('single values in every odd type', () => {
  expect([text(3430), text('3430'), text(null), text(true), text({}), text(Number.NaN), text('')]).toEqual([
    '3430',
    '3430',
    null,
    null,
    null,
    null,
    null,
  ])
  expect([id(148187), id(' A1 '), id(2 ** 60), id([])]).toEqual(['148187', 'A1', null, null])
  expect([truth(1), truth('false'), truth(null), truth([])]).toEqual([true, false, null, null])
  expect([whole('7'), whole(7.5), whole(''), whole(null), whole('x')]).toEqual([7, null, null, null, null])
  expect([day({}), day(20250701), day('01/07/2025')]).toEqual([null, null, null])
  expect([instant('2025-07-01T09:00:00+01:00'), instant({ date: 'x' }), instant(5)]).toEqual([
    new Date('2025-07-01T08:00:00Z'),
    null,
    null,
  ])
  expect(instant({ date: '2024-07-20 10:24:14', timezone: 'Mars/Base' })).toBeNull()
  expect([relation(undefined), relation('A1'), relation({ data: 'A1' }), relation(null)]).toEqual([
    undefined,
    undefined,
    undefined,
    null,
  ])
})

test('a school with both kinds of every odd type', () => {
  const school = parseSchool(
    'A1',
    { id: 'A1', name: 'Example', mis: 'SIMS', urn: '148187', extended: { data: { allows_writeback: 0 } } },
    null,
  )
  expect(school).toEqual({
    id: 'A1',
    name: 'Example',
    mis: 'SIMS',
    phase: null,
    timeZone: null,
    allowsWriteback: false,
    online: null,
    approved: null,
    audited: null,
  })
  expect(parseSchool('A1', { extended: null }, { online: false })).toMatchObject({
    name: 'A1',
    mis: '',
    allowsWriteback: null,
    online: false,
  })
})
