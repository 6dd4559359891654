/** The attendance codes of England since August 2024, and how each MIS lists them. */
import { wondeId } from './ids.ts'

/** The words of `type` are our own (wonde-api.md §9). */
export type CodeType =
  | 'PRESENT'
  | 'LATE'
  | 'AUTHORISED_ABSENCE'
  | 'UNAUTHORISED_ABSENCE'
  | 'NOT_REQUIRED'
  | 'NO_MARK'
export type Code = { n: number; id: string; code: string; description: string; type: CodeType }

type Row = [code: string, description: string, type: CodeType]

const national: readonly Row[] = [
  ['/', 'Present (AM)', 'PRESENT'],
  ['\\', 'Present (PM)', 'PRESENT'],
  ['L', 'Late (before registers closed)', 'LATE'],
  ['K', 'Education provision arranged by the local authority', 'PRESENT'],
  ['V', 'Educational visit or trip', 'PRESENT'],
  ['P', 'Participating in a sporting activity', 'PRESENT'],
  ['W', 'Work experience', 'PRESENT'],
  ['B', 'Other approved educational activity', 'PRESENT'],
  ['D', 'Dual registered at another school', 'NOT_REQUIRED'],
  ['C', 'Leave of absence for exceptional circumstances', 'AUTHORISED_ABSENCE'],
  ['C1', 'Leave of absence for a regulated performance', 'AUTHORISED_ABSENCE'],
  ['C2', 'Leave of absence for a part-time timetable', 'AUTHORISED_ABSENCE'],
  ['E', 'Suspended or permanently excluded', 'AUTHORISED_ABSENCE'],
  ['I', 'Illness (not medical or dental appointment)', 'AUTHORISED_ABSENCE'],
  ['J1', 'Leave of absence for an interview', 'AUTHORISED_ABSENCE'],
  ['M', 'Medical or dental appointment', 'AUTHORISED_ABSENCE'],
  ['R', 'Religious observance', 'AUTHORISED_ABSENCE'],
  ['S', 'Study leave', 'AUTHORISED_ABSENCE'],
  ['T', 'Parent travelling for occupational purposes', 'AUTHORISED_ABSENCE'],
  ['G', 'Holiday not granted by the school', 'UNAUTHORISED_ABSENCE'],
  ['N', 'Reason for absence not yet established', 'UNAUTHORISED_ABSENCE'],
  ['O', 'Absent in other or unknown circumstances', 'UNAUTHORISED_ABSENCE'],
  ['U', 'Arrived after registers closed', 'UNAUTHORISED_ABSENCE'],
  ['X', 'Non-compulsory school age, not required to attend', 'NOT_REQUIRED'],
  ['Q', 'Unable to attend: lack of access arrangements', 'NOT_REQUIRED'],
  ['Y1', 'Unable to attend: transport not available', 'NOT_REQUIRED'],
  ['Y2', 'Unable to attend: widespread disruption to travel', 'NOT_REQUIRED'],
  ['Y3', 'Unable to attend: part of school premises closed', 'NOT_REQUIRED'],
  ['Y4', 'Unable to attend: whole school site unexpectedly closed', 'NOT_REQUIRED'],
  ['Y5', 'Unable to attend: criminal justice detention', 'NOT_REQUIRED'],
  ['Y6', 'Unable to attend: public health guidance or law', 'NOT_REQUIRED'],
  ['Y7', 'Unable to attend: any other unavoidable cause', 'NOT_REQUIRED'],
  ['Z', 'Prospective pupil not on admission register', 'NOT_REQUIRED'],
  ['#', 'Planned whole school closure', 'NOT_REQUIRED'],
]

/** Old lists keep withdrawn codes, and iSAMS schools make their own (attendance reference §2). */
const extras: Record<string, readonly Row[]> = {
  iSAMS: [
    ['MU', 'Music lesson', 'PRESENT'],
    ['SAN', 'In the sanatorium', 'AUTHORISED_ABSENCE'],
  ],
  WCBS: [
    ['H', 'Family holiday (agreed)', 'AUTHORISED_ABSENCE'],
    ['J', 'Interview', 'AUTHORISED_ABSENCE'],
  ],
  'RM Integris': [
    ['H', 'Holiday authorised by school', 'AUTHORISED_ABSENCE'],
    ['Y', 'Unable to attend due to exceptional circumstances', 'NOT_REQUIRED'],
  ],
}

/** A school's own list; each school has ids of its own. */
export function codesOf(seed: string, school: number, mis: string): Code[] {
  return [...national, ...(extras[mis] ?? [])].map(([code, description, type], n) => ({
    n,
    id: wondeId(seed, school, 'attendance-code', n),
    code,
    description,
    type,
  }))
}

/** Wonde's general list, which belongs to no school. */
export function generalCodes(seed: string): Code[] {
  return national.map(([code, description, type], n) => ({
    n,
    id: wondeId(seed, 0, 'general-code', n),
    code,
    description,
    type,
  }))
}

export const hasOwnCodes = (mis: string): boolean => Object.hasOwn(extras, mis)
