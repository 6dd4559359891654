/**
 * What each MIS can do over the link, as data: one table, read by the licence page, the set-up, the help page and
 * the exceptions page. It is only a preset: a school's own test write, or the first confirmed mark, corrects it.
 * Nobody publishes such a table; these are other vendors' statements, and each cell says whose.
 */

export type Capability = 'read' | 'sessionMark' | 'comment' | 'minutesLate'
export type Proof = 'yes' | 'no' | 'unproven'
export type Cell = { value: Proof; source: string; asOf: string }
export type MisRow = { key: string; name: string; note: string } & Record<Capability, Cell>

/** Where the cells come from; letters as in wonde-api.md §15.2. */
export const capabilitySources: Record<string, string> = {
  C1: 'https://mediabasedirect.help article 8630978 (product.md §12.1)',
  b: 'https://signinapp.com/docs/education/mis.html (only its crosses survive in the copy read: not crossed means probably yes)',
  c: 'https://mediabasedirect.help article 13672547 (advises minutes late)',
  L17: 'https://support.scholarpack.com article 6251882101405',
  contract: 'contract.md §3.5',
}

/** The month in which our references were last read. */
const asOf = '2026-11'
const yes = (source: string): Cell => ({ value: 'yes', source, asOf })
const no = (source: string): Cell => ({ value: 'no', source, asOf })
const unproven = (source: string): Cell => ({ value: 'unproven', source, asOf })

/** The ten MIS of the compatibility table, in its order, with the names to show. */
export const misTable: readonly MisRow[] = [
  {
    key: 'arbor',
    name: 'Arbor',
    read: yes('C1'),
    sessionMark: yes('C1'),
    comment: unproven('b'),
    minutesLate: unproven('b, c'),
    note: 'Marks live on lessons: without a lesson running now, a mark may be accepted and change nothing.',
  },
  {
    key: 'isams',
    name: 'iSAMS',
    read: yes('C1'),
    sessionMark: yes('C1'),
    comment: yes('b'),
    minutesLate: yes('b, c'),
    note: 'Over iSAMS’s REST connection.',
  },
  {
    key: 'engage',
    name: 'Engage',
    read: yes('C1'),
    sessionMark: no('contract, C1'),
    comment: no('contract, C1'),
    minutesLate: no('contract, C1'),
    note: 'The vendor lists write-back and says that its API does not write back: read-only until a test mark shows.',
  },
  {
    key: 'schoolbase',
    name: 'SchoolBase Furlong',
    read: yes('C1'),
    sessionMark: yes('C1'),
    comment: unproven('b'),
    minutesLate: unproven('b'),
    note: 'One source crosses out two of session mark, comment and minutes late, and it is not known which.',
  },
  {
    key: 'scholarpack',
    name: 'ScholarPack',
    read: yes('C1'),
    sessionMark: yes('C1, contract'),
    comment: no('b'),
    minutesLate: yes('L17'),
    note: 'Only ScholarPack’s REST connection takes marks; another vendor says that none does.',
  },
  {
    key: 'pupilasset',
    name: 'Pupil Asset',
    read: yes('C1'),
    sessionMark: yes('C1'),
    comment: yes('b'),
    minutesLate: yes('b'),
    note: '',
  },
  {
    key: 'sims',
    name: 'SIMS',
    read: yes('C1'),
    sessionMark: yes('C1'),
    comment: yes('b'),
    minutesLate: yes('b, c'),
    note: '',
  },
  {
    key: 'wcbs',
    name: 'WCBS',
    read: yes('C1'),
    sessionMark: no('C1'),
    comment: no('C1'),
    minutesLate: no('C1'),
    note: 'Read only.',
  },
  {
    key: 'bromcom',
    name: 'Bromcom',
    read: yes('C1'),
    sessionMark: yes('C1'),
    comment: yes('b'),
    minutesLate: yes('b'),
    note: 'Bromcom’s own late thresholds may act after us.',
  },
  {
    key: 'integris',
    name: 'RM Integris',
    read: yes('C1'),
    sessionMark: no('C1, b'),
    comment: no('C1, b'),
    minutesLate: no('C1, b'),
    note: 'Read only.',
  },
]

// Exact texts other than "SIMS" are unknown (wonde-api.md §15.1), so what is likely is taken.
const aliases: Record<string, string> = {
  arbormis: 'arbor',
  bromcommis: 'bromcom',
  capitasims: 'sims',
  simsnet: 'sims',
  esssims: 'sims',
  doublefirstengage: 'engage',
  engagemis: 'engage',
  furlong: 'schoolbase',
  furlongschoolbase: 'schoolbase',
  schoolbasefurlong: 'schoolbase',
  rmintegris: 'integris',
  integrisg2: 'integris',
  rmintegrisg2: 'integris',
  pupilassetmis: 'pupilasset',
  scholarpackmis: 'scholarpack',
  isamsmis: 'isams',
  wcbspass: 'wcbs',
  pass: 'wcbs',
}

/** A MIS's name for comparing: lower case, letters and digits only, known other names brought to one. */
export function misKey(name: string): string {
  const key = name.toLowerCase().replace(/[^a-z0-9]/g, '')
  return Object.hasOwn(aliases, key) ? (aliases[key] ?? key) : key
}

/** The table's row for a MIS as the provider names it, or `null` for one that we do not know. */
export function findMis(name: string): MisRow | null {
  const key = misKey(name)
  return misTable.find((row) => row.key === key) ?? null
}

/** A MIS of which nobody says that it takes marks; Engage's `no` waits for a test mark. */
export function isReadOnly(mis: string): boolean {
  const row = findMis(mis)
  return row?.sessionMark.value === 'no' && row.key !== 'engage'
}

/**
 * What a new link starts with. `allowsWriteback: false` is the provider's own word that this link cannot write
 * (wonde-api.md §3.2) and beats the table; `null` and `true` prove nothing.
 */
export function presetCapabilities(mis: string, allowsWriteback: boolean | null): Record<Capability, Proof> {
  const row = findMis(mis)
  const read = row?.read.value ?? 'yes'
  const sessionMark = allowsWriteback === false ? 'no' : (row?.sessionMark.value ?? 'unproven')
  if (sessionMark === 'no') return { read, sessionMark, comment: 'no', minutesLate: 'no' }
  return {
    read,
    sessionMark,
    comment: row?.comment.value ?? 'unproven',
    minutesLate: row?.minutesLate.value ?? 'unproven',
  }
}
