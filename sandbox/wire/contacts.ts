/** Parents and carers (wonde-api.md §6). */
import { type Contact, contactsOf } from '../world/contacts.ts'
import { onRoll, type School } from '../world/school.ts'
import { type Body, contactDetails, initials, studentBasics } from './basics.ts'
import type { Answer, SchoolCall } from './call.ts'
import { listAnswer, readIncludes } from './lists.ts'
import { oneOf } from './one.ts'
import { included, type Includes, instant } from './shapes.ts'

/** The link itself, which hangs on whichever of the two is nested. */
export const relationship = ({ relationship, priority }: Contact): Body => ({
  relationship,
  parental_responsibility: true,
  priority,
  lives_with_pupil: priority === 1,
  bill_payer: false,
})

export function contactBody(school: School, contact: Contact, includes: Includes): Body {
  const { student, phone: mobile, email } = contact
  return {
    id: contact.id,
    upi: contact.upi,
    mis_id: contact.misId,
    title: contact.title,
    initials: initials(contact.forename, contact.surname),
    surname: contact.surname,
    forename: contact.forename,
    middle_names: null,
    gender: contact.gender,
    date_of_birth: null,
    created_at: instant(student.createdAt),
    updated_at: instant(student.createdAt),
    ...(includes.has('contact_details') && {
      contact_details: included(contactDetails({ mobile, email }, school)),
    }),
    ...(includes.has('students') && {
      students: included([{ ...studentBasics(school, student), relationship: relationship(contact) }]),
    }),
  }
}

const contactIncludes = ['contact_details', 'students']
const allContacts = (school: School) => onRoll(school).flatMap((student) => contactsOf(school, student))

export function listContacts(call: SchoolCall): Answer {
  const includes = readIncludes(call.query, contactIncludes, 'contacts')
  return listAnswer(call, {
    rows: allContacts(call.school),
    n: ({ n }) => n,
    updatedAt: ({ student }) => student.createdAt,
    shape: (contact) => contactBody(call.school, contact, includes),
    includes: contactIncludes,
  })
}

export function getContact(call: SchoolCall): Answer {
  const includes = readIncludes(call.query, contactIncludes, 'contacts')
  const contact = oneOf(call, allContacts(call.school))
  return { body: { data: contactBody(call.school, contact, includes), meta: { includes: contactIncludes } } }
}
