/** What each permission of a token lets a program do, in plain words, in the order they are offered. */
import type { Permission } from '../../../shared/accounts.ts'

export const permissionWords: Record<Permission, string> = {
  'people.read': 'See pupils and staff',
  'people.write': 'Add, change and archive pupils and staff',
  'people.birthdays': 'See dates of birth',
  'presence.read': 'See who is here now',
  'attendance.read': 'See late arrivals, early leaves and marks',
  'attendance.write': 'Send marks again and settle them',
  'movements.write': 'Record arrivals and leaves',
  'mis.read': 'See the MIS link and its imports',
  'mis.write': 'Change the MIS link, start imports, choose who comes across',
  'kiosks.write': 'Add and remove kiosks',
  'settings.write': 'Change the school’s settings',
  'api.tokens': 'Make and revoke tokens, with no more than it may do itself',
  'sites.create': 'Add schools',
  'licence.write': 'Confirm and change licences',
}

export const permissionsInOrder = Object.keys(permissionWords) as Permission[]

/** How long a token can be made to last, by its days. */
export const lifetimes = [
  { value: '30', label: 'A month' },
  { value: '90', label: 'Three months' },
  { value: '365', label: 'A year' },
  { value: '1095', label: 'Three years' },
]
