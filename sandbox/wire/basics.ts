/** The fields of a person without any relation, as they stand in lists and under other things (wonde-api.md §4.2, §5.2). */
import type { Employee, Student } from '../world/people.ts'
import type { School } from '../world/school.ts'
import { day, instant } from './shapes.ts'

export type Body = Record<string, unknown>

export const initials = (forename: string | null, surname: string | null): string =>
  [forename, surname].map((name) => name?.[0] ?? '').join('')

/** What the school did not permit is there as null. */
function hide({ plan }: School, body: Body): Body {
  for (const field of plan.hidden) if (field in body) body[field] = null
  return body
}

export const studentBasics = (school: School, student: Student): Body =>
  hide(school, {
    id: student.id,
    upi: student.upi,
    mis_id: student.misId,
    initials: initials(student.forename, student.surname),
    surname: student.surname,
    forename: student.forename,
    middle_names: student.middleNames,
    legal_surname: student.surname,
    legal_forename: student.forename,
    gender: student.gender,
    gender_identity: null,
    date_of_birth: day(student.bornOn),
    restored_at: instant(student.restoredAt),
    created_at: instant(student.createdAt),
    updated_at: instant(student.updatedAt),
  })

export const employeeBasics = (school: School, employee: Employee): Body =>
  hide(school, {
    id: employee.id,
    upi: employee.upi,
    mis_id: employee.misId,
    initials: initials(employee.forename, employee.surname),
    title: employee.title,
    surname: employee.surname,
    forename: employee.forename,
    middle_names: null,
    legal_surname: employee.surname,
    legal_forename: employee.forename,
    gender: employee.gender,
    date_of_birth: day(employee.bornOn),
    restored_at: null,
    updated_at: instant(employee.updatedAt),
    created_at: instant(employee.createdAt),
  })

/** Phones and e-mails are objects with fixed keys, not lists (§4.6). */
export function contactDetails(
  { home = null, mobile = null, work = null, email = null }: Record<string, string | null>,
  { plan }: School,
): Body {
  const unknown = { house_number: null, house_name: null, apartment: null, street: null, district: null }
  const { town } = plan.address
  return {
    phones: { phone: home ?? mobile, primary: null, home, work: null, mobile },
    emails: { email, primary: null, home: null, work },
    addresses: {
      home: { ...unknown, town, county: null, country: null, postcode: null },
      work: null,
      postal: null,
    },
    salutation: null,
  }
}
