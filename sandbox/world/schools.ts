/** The ten schools, one per MIS, and three that never approved us. */
import { type MisSystem, misSystems } from './mis-systems.ts'

export type Phase = 'primary' | 'secondary' | 'all-through'
export type Address = { street: string; town: string; postcode: string }

export type SchoolPlan = {
  name: string
  system: MisSystem
  phase: Phase
  students: number
  employees: number
  formerEmployees: number
  /** National years taught, 0 for Reception. */
  years: { from: number; to: number }
  /** Forms in each year; the sixth form's years have half as many. */
  streams: number
  /** The forms' names: a word for each year (primary) or a letter for each stream. */
  formNames: readonly string[]
  houses: readonly string[]
  domain: string
  urn: number
  laCode: string
  establishmentNumber: string | number
  address: Address
  /** Permissions that this school did not give (wonde-api.md §12). */
  declined: readonly string[]
  /** Fields that this school did not give: they come as null. */
  hidden: readonly string[]
}

const letters = (text: string) => text.split('')
const primary = { from: 0, to: 6 }
const secondary = { from: 7, to: 13 }
const allThrough = { from: 0, to: 13 }
const legalNames = ['legal_surname', 'legal_forename']

export const schoolPlans: readonly SchoolPlan[] = [
  {
    name: 'Oakfield Primary School',
    system: misSystems.sims,
    phase: 'primary',
    students: 210,
    employees: 28,
    formerEmployees: 4,
    years: primary,
    streams: 1,
    formNames: ['Willow', 'Birch', 'Hazel', 'Maple', 'Oak', 'Rowan', 'Beech'],
    houses: [],
    domain: 'oakfield.example',
    urn: 148_187,
    laCode: '970',
    establishmentNumber: '3430',
    address: { street: '1 School Lane', town: 'Exampleton', postcode: 'EX1 1AA' },
    declined: [],
    hidden: legalNames,
  },
  {
    name: 'Northgate Academy',
    system: misSystems.bromcom,
    phase: 'secondary',
    students: 1_200,
    employees: 150,
    formerEmployees: 12,
    years: secondary,
    streams: 7,
    formNames: letters('KLMNPRS'),
    houses: ['Curie', 'Lovelace', 'Seacole', 'Turing'],
    domain: 'northgate.example',
    urn: 137_402,
    laCode: '970',
    establishmentNumber: 4021,
    address: { street: 'Northgate Road', town: 'Exampleton', postcode: 'EX4 2ND' },
    declined: [],
    hidden: legalNames,
  },
  {
    name: 'Riverside Community College',
    system: misSystems.arbor,
    phase: 'secondary',
    students: 2_400,
    employees: 260,
    formerEmployees: 20,
    years: secondary,
    streams: 13,
    formNames: letters('ABCDEFGHJKLMN'),
    houses: ['Avon', 'Humber', 'Severn', 'Tyne'],
    domain: 'riverside.example',
    urn: 136_905,
    laCode: '801',
    establishmentNumber: '4105',
    address: { street: 'Embankment Way', town: 'Riverton', postcode: 'RV2 8QT' },
    declined: [],
    hidden: legalNames,
  },
  {
    name: 'Harcourt College',
    system: misSystems.isams,
    phase: 'all-through',
    students: 780,
    employees: 120,
    formerEmployees: 9,
    years: allThrough,
    streams: 2,
    formNames: letters('HW'),
    houses: ['Godolphin', 'Nightingale', 'Wren'],
    domain: 'harcourt.example',
    urn: 125_331,
    laCode: '936',
    establishmentNumber: '6087',
    address: { street: 'The Close', town: 'Harcourt', postcode: 'HC3 5DL' },
    declined: ['contacts.read'],
    hidden: [...legalNames, 'gender'],
  },
  {
    name: 'Abbotsleigh Preparatory School',
    system: misSystems.engage,
    phase: 'primary',
    students: 320,
    employees: 46,
    formerEmployees: 5,
    years: primary,
    streams: 2,
    formNames: letters('AB'),
    houses: ['Kestrel', 'Merlin'],
    domain: 'abbotsleigh.example',
    urn: 119_842,
    laCode: '850',
    establishmentNumber: '6013',
    address: { street: 'Abbots Rise', town: 'Leighford', postcode: 'LF7 1PX' },
    declined: [],
    hidden: legalNames,
  },
  {
    name: 'St Cuthbert’s School',
    system: misSystems.schoolbase,
    phase: 'secondary',
    students: 640,
    employees: 82,
    formerEmployees: 7,
    years: secondary,
    streams: 4,
    formNames: letters('CUTH'),
    houses: ['Aidan', 'Bede', 'Oswald'],
    domain: 'st-cuthberts.example',
    urn: 121_650,
    laCode: '391',
    establishmentNumber: '4720',
    address: { street: '14 Priory Street', town: 'Eastwick', postcode: 'EW1 6BD' },
    declined: [],
    hidden: [],
  },
  {
    name: 'Maple Street Primary School',
    system: misSystems.scholarpack,
    phase: 'primary',
    students: 420,
    employees: 52,
    formerEmployees: 5,
    years: primary,
    streams: 2,
    formNames: letters('MS'),
    houses: [],
    domain: 'maplestreet.example',
    urn: 140_118,
    laCode: '382',
    establishmentNumber: '2076',
    address: { street: '88 Maple Street', town: 'Millbrook', postcode: 'MB5 0HT' },
    declined: [],
    hidden: legalNames,
  },
  {
    name: 'Fenland Primary Academy',
    system: misSystems.pupilasset,
    phase: 'primary',
    students: 315,
    employees: 40,
    formerEmployees: 3,
    years: primary,
    streams: 2,
    formNames: letters('FP'),
    houses: [],
    domain: 'fenland.example',
    urn: 143_299,
    laCode: '873',
    establishmentNumber: '2231',
    address: { street: 'Drove End', town: 'Fenby', postcode: 'FN9 4LS' },
    declined: [],
    hidden: legalNames,
  },
  {
    name: 'Wellesley House School',
    system: misSystems.wcbs,
    phase: 'all-through',
    students: 540,
    employees: 95,
    formerEmployees: 6,
    years: allThrough,
    streams: 2,
    formNames: letters('NS'),
    houses: ['Apsley', 'Stratfield'],
    domain: 'wellesley.example',
    urn: 118_977,
    laCode: '886',
    establishmentNumber: '6050',
    address: { street: 'Wellesley Park', town: 'Dunmere', postcode: 'DM6 3YE' },
    declined: [],
    hidden: legalNames,
  },
  {
    name: 'Holy Cross Catholic Primary School',
    system: misSystems.integris,
    phase: 'primary',
    students: 230,
    employees: 31,
    formerEmployees: 3,
    years: primary,
    streams: 1,
    formNames: ['Teresa', 'Francis', 'Clare', 'Patrick', 'Hilda', 'Chad', 'Wilfrid'],
    houses: [],
    domain: 'holycross.example',
    urn: 108_264,
    laCode: '341',
    establishmentNumber: '3512',
    address: { street: 'Cathedral Walk', town: 'Crosby Vale', postcode: 'CV8 2RN' },
    declined: [],
    hidden: legalNames,
  },
]

export type Access = 'approved' | 'pending' | 'declined' | 'revoked' | 'none'
export type OtherSchool = Pick<
  SchoolPlan,
  'name' | 'phase' | 'urn' | 'laCode' | 'establishmentNumber' | 'address'
> & { mis: string; access: Access }

/** Known to the provider, not to us: they turn up only in the lists of schools. */
export const otherSchools: readonly OtherSchool[] = [
  {
    name: 'Larkhill Infant School',
    mis: 'SIMS',
    phase: 'primary',
    urn: 110_255,
    laCode: '825',
    establishmentNumber: '2409',
    address: { street: 'Lark Rise', town: 'Hillcombe', postcode: 'HC1 9TR' },
    access: 'pending',
  },
  {
    name: 'Moorfield High School',
    mis: 'Progresso',
    phase: 'secondary',
    urn: 130_777,
    laCode: '383',
    establishmentNumber: '4811',
    address: { street: 'Moor Top', town: 'Exampleton', postcode: 'EX9 7MF' },
    access: 'declined',
  },
  {
    name: 'Westbrook Junior School',
    mis: 'Arbor',
    phase: 'primary',
    urn: 141_003,
    laCode: '970',
    establishmentNumber: '2188',
    address: { street: 'Brook End', town: 'Exampleton', postcode: 'EX3 3WB' },
    access: 'none',
  },
]
