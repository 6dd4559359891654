/**
 * What each of the ten MIS does with a mark that comes from outside, as data (wonde-api.md §15.2, §15.3). Where the
 * sources disagree or do not tell, this is the behaviour that we simulate and not a claim about the system.
 */

export type YesNo = 'yes' | 'no'
export type Capabilities = {
  read: YesNo
  sessionMark: YesNo
  comment: YesNo
  minutesLate: YesNo
  lessonMark: YesNo
}

/**
 * `stores` · `needs-lesson`: only into a lesson that runs now, else accepted and nothing changes · `fails`: accepted,
 * and its write-back fails · `refuses`: the school's link cannot write, 403.
 */
export type Writing = 'stores' | 'needs-lesson' | 'fails' | 'refuses'

export type MisSystem = {
  mis: string
  writing: Writing
  capabilities: Capabilities
  misIds: 'number' | 'hash'
}

const system = (
  mis: string,
  writing: Writing,
  takes: Partial<Capabilities>,
  misIds: MisSystem['misIds'] = 'number',
): MisSystem => ({
  mis,
  writing,
  misIds,
  capabilities: {
    read: 'yes',
    sessionMark: writing === 'fails' || writing === 'refuses' ? 'no' : 'yes',
    comment: 'no',
    minutesLate: 'no',
    lessonMark: 'no',
    ...takes,
  },
})

export const misSystems = {
  sims: system('SIMS', 'stores', { comment: 'yes', minutesLate: 'yes', lessonMark: 'yes' }),
  bromcom: system('Bromcom', 'stores', { comment: 'yes', minutesLate: 'yes', lessonMark: 'yes' }),
  arbor: system('Arbor', 'needs-lesson', { minutesLate: 'yes', lessonMark: 'yes' }),
  isams: system('iSAMS', 'stores', { comment: 'yes', minutesLate: 'yes' }, 'hash'),
  engage: system('Engage', 'fails', {}),
  schoolbase: system('SchoolBase', 'stores', {}),
  scholarpack: system('ScholarPack', 'stores', { minutesLate: 'yes' }),
  pupilasset: system('Pupil Asset', 'stores', { comment: 'yes', minutesLate: 'yes' }, 'hash'),
  wcbs: system('WCBS', 'refuses', {}),
  integris: system('RM Integris', 'refuses', {}),
} as const
