/** What the directory says of a person, and in which words. Pure. */
import { IconArchive, IconLink, IconPencil, IconX } from '@tabler/icons-react'
import type { Person } from '../../../shared/people.ts'
import type { Look } from '../../ui/states.ts'
import { listed } from '../../ui/words.ts'

export const kinds = {
  student: {
    title: 'Students',
    one: 'student',
    many: 'students',
    path: 'students',
    list: '/sites/$site/students',
    record: '/sites/$site/students/$person',
  },
  employee: {
    title: 'Staff',
    one: 'member of staff',
    many: 'members of staff',
    path: 'employees',
    list: '/sites/$site/staff',
    record: '/sites/$site/staff/$person',
  },
} as const

/** Whether the next import writes the MIS's fields: one switched off is the school's own. */
export const isTheirs = (person: Person) => person.misId !== null && person.importing

/** Where a record comes from. */
export function sourceLook(person: Person, mis: string): Look {
  if (person.misId === null) return { word: 'By hand', tone: 'grey', icon: IconPencil }
  if (!person.importing) return { word: 'Not importing', tone: 'red', icon: IconX }
  return { word: `From ${mis}`, tone: 'grey', icon: IconLink }
}
export const archivedLook: Look = { word: 'Archived', tone: 'amber', icon: IconArchive, fill: true }

export const dayNames = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** "Mon to Fri", "Mon, Wed and Fri" */
export function daysInWords(days: readonly number[] | null): string | null {
  if (days === null) return null
  if (days.length === 0) return 'No day'
  const first = days[0]!
  const last = days.at(-1)!
  if (days.length > 2 && last - first === days.length - 1)
    return `${dayNames[first - 1]} to ${dayNames[last - 1]}`
  return listed(days.map((day) => dayNames[day - 1]!))
}

const fieldWords: Record<string, string> = {
  ...{ forename: 'Forename', surname: 'Surname', email: 'Email', phone: 'Phone', vehicle: 'Vehicle' },
  ...{ workingDays: 'Working days', yearGroup: 'Year', regGroup: 'Group', dateOfBirth: 'Date of birth' },
  ...{ state: 'State', misId: 'Record in the MIS', upi: 'Pupil’s number at Wonde' },
}
export const fieldWord = (field: string) => fieldWords[field] ?? field

/** "Year 9, 9 Heron" */
export const groupsOf = (person: Person) => [person.yearGroup, person.regGroup].filter(Boolean).join(', ')
