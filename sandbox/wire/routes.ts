/** Every address of the wire (wonde-api.md §17.1). Fixed words win over ids. */
import {
  getAbsence,
  getWriteback,
  listAbsences,
  listCodes,
  listDeletions,
  listGeneralCodes,
  listLessonMarks,
  listSessionMarks,
  listWritebacks,
  writeLessonMarks,
  writeSessionMarks,
} from './attendance.ts'
import type { Operation, Route, SchoolHandler } from './call.ts'
import type { Resource } from '../state/faults.ts'
import { getContact, listContacts } from './contacts.ts'
import { getGroup, listGroups } from './groups.ts'
import { getEmployee, getStudent, listEmployees, listStudents } from './people.ts'
import { getPhoto, listPhotos } from './photos.ts'
import {
  changeAccess,
  getAcl,
  getCounts,
  getMeta,
  getPermissions,
  getSchool,
  listSchools,
} from './schools.ts'
import { getSummary, listSummaries } from './summaries.ts'
import { getClass, getLesson, listClasses, listLessons, periods, rooms, subjects } from './timetable.ts'

const root = (run: Extract<Operation, { of: 'root' }>['run']): Operation => ({ of: 'root', run })

/** Permissions carry the resource's name (wonde-api.md §3.5); some things need none of their own. */
const school = (resource: Resource, run: SchoolHandler, permission: string | null = null): Operation => ({
  of: 'school',
  resource,
  permission,
  run,
})

type Reader = { list: SchoolHandler; get: SchoolHandler; permission?: string }

const readers: Partial<Record<Resource, Reader>> = {
  students: { list: listStudents('on-roll'), get: getStudent('on-roll'), permission: 'students.read' },
  'students-pre-admission': {
    list: listStudents('pre-admission'),
    get: getStudent('pre-admission'),
    permission: 'students-pre-admission.read',
  },
  'students-leaver': {
    list: listStudents('left'),
    get: getStudent('left'),
    permission: 'students-leaver.read',
  },
  employees: { list: listEmployees, get: getEmployee, permission: 'employees.read' },
  contacts: { list: listContacts, get: getContact, permission: 'contacts.read' },
  groups: { list: listGroups, get: getGroup, permission: 'groups.read' },
  classes: { list: listClasses, get: getClass, permission: 'classes.read' },
  lessons: { list: listLessons, get: getLesson, permission: 'classes.read' },
  periods,
  rooms,
  subjects,
  photos: { list: listPhotos, get: getPhoto, permission: 'photos.read' },
  'attendance-summaries': { list: listSummaries, get: getSummary, permission: 'attendance.read' },
  'attendance/absence': { list: listAbsences, get: getAbsence, permission: 'attendance.read' },
}

const readerRoutes = Object.entries(readers).flatMap(([name, { list, get, permission = null }]): Route[] => [
  { path: `/schools/:id/${name}`, methods: { GET: school(name as Resource, list, permission) } },
  { path: `/schools/:id/${name}/:oid`, methods: { GET: school(name as Resource, get, permission) } },
])

export const routes: readonly Route[] = [
  { path: '', methods: { GET: root(() => ({ body: { data: { name: 'Wonde', version: '1.0' } } })) } },
  { path: '/attendance-codes', methods: { GET: root(listGeneralCodes) } },
  { path: '/writebacks', methods: { GET: root(listWritebacks) } },
  { path: '/writebacks/:id', methods: { GET: root(getWriteback) } },
  { path: '/meta/schools/:id', methods: { GET: school('meta', getMeta) } },
  { path: '/meta/schools/:id/permissions', methods: { GET: school('meta', getPermissions) } },
  { path: '/meta/schools/:id/acl', methods: { GET: school('meta', getAcl) } },
  { path: '/schools', methods: { GET: root(listSchools('approved')) } },
  ...(['all', 'approved', 'pending', 'audited', 'offline', 'revoked', 'declined'] as const).map(
    (which): Route => ({ path: `/schools/${which}`, methods: { GET: root(listSchools(which)) } }),
  ),
  { path: '/schools/:id', methods: { GET: school('school', getSchool) } },
  { path: '/schools/:id/request-access', methods: { POST: root(changeAccess('request')) } },
  { path: '/schools/:id/revoke-access', methods: { DELETE: root(changeAccess('revoke')) } },
  { path: '/schools/:id/counts', methods: { GET: school('counts', getCounts) } },
  ...readerRoutes,
  { path: '/schools/:id/deletions', methods: { GET: school('deletions', listDeletions) } },
  { path: '/schools/:id/attendance-codes', methods: { GET: school('attendance-codes', listCodes) } },
  {
    path: '/schools/:id/attendance/session',
    methods: {
      GET: school('attendance/session', listSessionMarks('on-roll'), 'attendance.read'),
      POST: school('attendance/session', writeSessionMarks, 'attendance.write'),
    },
  },
  {
    path: '/schools/:id/attendance/lesson',
    methods: {
      GET: school('attendance/lesson', listLessonMarks, 'attendance.read'),
      POST: school('attendance/lesson', writeLessonMarks, 'attendance.write'),
    },
  },
  {
    path: '/schools/:id/attendance-leavers/session',
    methods: { GET: school('attendance-leavers/session', listSessionMarks('left'), 'attendance.read') },
  },
]
