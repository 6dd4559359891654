/** Parents and carers of a pupil, made when they are asked for. */
import { upiOf, wondeId } from './ids.ts'
import { boys, girls } from './names.ts'
import type { Student } from './people.ts'
import { randomFrom } from './random.ts'
import type { School } from './school.ts'

export type Contact = {
  n: number
  id: string
  upi: string
  misId: string
  title: string
  forename: string
  surname: string
  gender: 'MALE' | 'FEMALE'
  phone: string
  email: string | null
  relationship: 'Mother' | 'Father'
  priority: number
  student: Student
}

/** One or two for each pupil, the same each time. */
export function contactsOf(school: School, student: Student): Contact[] {
  const { seed, school: ix, schoolId } = school.place
  const chance = randomFrom(seed, ix, 'contacts', student.n)
  const both = chance.chance(0.7)
  const one: Contact['relationship'][] = [chance.chance(0.7) ? 'Mother' : 'Father']
  const kinds: Contact['relationship'][] = both ? ['Mother', 'Father'] : one
  return kinds.map((relationship, i) => {
    const n = student.n * 2 + i
    const misId = String(20_000 + n)
    const gender = relationship === 'Mother' ? 'FEMALE' : 'MALE'
    const forename = chance.pick(gender === 'FEMALE' ? girls : boys)
    return {
      n,
      id: wondeId(seed, ix, 'contact', n),
      upi: upiOf(schoolId, `contact ${misId}`),
      misId,
      title: gender === 'FEMALE' ? 'Mrs' : 'Mr',
      forename,
      surname: student.surname ?? student.forename ?? 'Unknown',
      gender,
      // Ofcom keeps these numbers for drama: nobody can be rung by mistake.
      phone: `07700 900${String(n % 1_000).padStart(3, '0')}`,
      email: chance.chance(0.8) ? `parent${n}@family.example` : null,
      relationship,
      priority: i + 1,
      student,
    }
  })
}
