import { expect, test } from 'vitest'
import { capabilitySources, findMis, misKey, misTable, presetCapabilities } from './capabilities.ts'

test('the ten MIS, each cell with source and date', () => {
  expect(misTable.map((row) => row.name)).toEqual([
    'Arbor',
    'iSAMS',
    'Engage',
    'SchoolBase Furlong',
    'ScholarPack',
    'Pupil Asset',
    'SIMS',
    'WCBS',
    'Bromcom',
    'RM Integris',
  ])
  for (const row of misTable) {
    expect(misKey(row.name)).toBe(row.key)
    for (const cell of [row.read, row.sessionMark, row.comment, row.minutesLate]) {
      expect(['yes', 'no', 'unproven']).toContain(cell.value)
      expect(cell.source.split(', ').every((source) => Object.hasOwn(capabilitySources, source))).toBe(true)
      expect(cell.asOf).toMatch(/^\d{4}-\d{2}$/)
    }
  }
})

test.each([
  ['SIMS', 'sims'],
  ['sims.net', 'sims'],
  ['RM Integris', 'integris'],
  ['Integris', 'integris'],
  ['Integris G2', 'integris'],
  ['SchoolBase (Furlong)', 'schoolbase'],
  ['Furlong', 'schoolbase'],
  ['PupilAsset', 'pupilasset'],
  ['Pupil Asset', 'pupilasset'],
  ['i-SAMS', 'isams'],
  ['Progresso', 'progresso'],
  ['', ''],
  ['constructor', 'constructor'],
])('%j is %j', (name, key) => expect(misKey(name)).toBe(key))

test.each([
  ['Engage', null, 'no'],
  ['WCBS', true, 'no'],
  ['RM Integris', true, 'no'],
  ['Arbor', null, 'yes'],
  ['iSAMS', true, 'yes'],
  ['SchoolBase', true, 'yes'],
  ['ScholarPack', true, 'yes'],
  ['Pupil Asset', true, 'yes'],
  ['SIMS', true, 'yes'],
  ['Bromcom', null, 'yes'],
  ['Progresso', null, 'unproven'],
  ['Progresso', true, 'unproven'],
  ['Progresso', false, 'no'],
  ['', null, 'unproven'],
  ['SIMS', false, 'no'],
])('%s whose link says %j starts with session marks: %s', (mis, allows, expected) => {
  const preset = presetCapabilities(mis, allows)
  expect(preset).toMatchObject({ read: 'yes', sessionMark: expected })
  if (expected === 'no') expect(preset).toMatchObject({ comment: 'no', minutesLate: 'no' })
})

test('comment and minutes late as the sources say', () => {
  expect(presetCapabilities('ScholarPack', true)).toMatchObject({ comment: 'no', minutesLate: 'yes' })
  expect(presetCapabilities('SchoolBase', true)).toMatchObject({
    comment: 'unproven',
    minutesLate: 'unproven',
  })
  expect(findMis('Cloud School')).toBeNull()
})
