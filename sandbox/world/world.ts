/** The whole of it: ten schools, those that never approved us, and what was written through the link. */
import type { Writeback } from '../state/writebacks.ts'
import { wondeId, tokenOf } from './ids.ts'
import { makeSchool, type School } from './school.ts'
import { type OtherSchool, otherSchools, schoolPlans } from './schools.ts'

export type OutsideSchool = OtherSchool & { id: string }

export type World = {
  seed: string
  applicationToken: string
  schools: School[]
  others: OutsideSchool[]
  writebacks: Map<string, Writeback>
}

/** A world before anything happened in it; the same for the same seed. */
export function makeWorld(seed: string): World {
  return {
    seed,
    applicationToken: tokenOf(seed, 'application'),
    schools: schoolPlans.map((_, ix) => makeSchool(seed, ix)),
    others: otherSchools.map((other, i) => ({ ...other, id: wondeId(seed, 0, 'school', 100 + i) })),
    writebacks: new Map(),
  }
}

export const findSchool = (world: World, id: string): School | undefined =>
  world.schools.find((school) => school.id === id)
