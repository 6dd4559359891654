/** Wonde's own identifiers (wonde-api.md §2.6): `A` and ten digits, of which the kind is one part, never the same twice. */
import { createHash } from 'node:crypto'
import { hash } from './random.ts'

const kinds = {
  school: 10,
  student: 11,
  employee: 16,
  contact: 19,
  year: 20,
  registration: 21,
  house: 22,
  class: 30,
  period: 31,
  room: 32,
  subject: 33,
  'attendance-code': 40,
  'general-code': 41,
  photo: 50,
  summary: 60,
} as const

export type IdKind = keyof typeof kinds

/** The id of the n-th thing of a kind at a school (0–9), as this seed numbers them. */
export function wondeId(seed: string, school: number, kind: IdKind, n: number): string {
  const number = ((hash(`${seed}:${school}:${kind}`) % 400_000) + n) % 1_000_000
  return `A1${school}${kinds[kind]}${String(number).padStart(6, '0')}`
}

/** Marks and write-backs are made while it runs, and there are more of them than six digits hold. */
export const markId = (school: number, n: number): string => `A2${school}${String(n).padStart(8, '0')}`
export const lessonMarkId = (school: number, n: number): string => `A5${school}${String(n).padStart(8, '0')}`
export const writebackId = (n: number): string => `A3${String(n).padStart(9, '0')}`

/** Made from the MIS's own id and the school's, so that it is the same wherever the same person turns up. */
export function upiOf(schoolId: string, misId: string): string {
  return createHash('md5').update(`${schoolId}:${misId}`).digest('hex')
}

/** 40 hexadecimal characters (wonde-api.md §1.2). */
export function tokenOf(seed: string, owner: string): string {
  return createHash('sha1').update(`e-reception-book sandbox:${seed}:${owner}`).digest('hex')
}
