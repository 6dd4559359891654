import { describe, expect, it } from 'vitest'
import { createFinder } from './find.ts'

const people = [
  'Siân O’Dowd',
  'Mia-Rose Llewellyn-Featherstonehaugh',
  'Rose Miah',
  'Zainab Hussain-Clarke',
  'Ioan ap Gethin',
].map((name) => ({ name }))
const find = createFinder(people, 5)
const names = (typed: string) => find(typed).map(({ name }) => name)

describe('finding a person', () => {
  it.each([
    ['sian', ['Siân O’Dowd']],
    ["o'd", ['Siân O’Dowd']],
    ['odowd', ['Siân O’Dowd']],
    ['clarke zai', ['Zainab Hussain-Clarke']],
    ['Hussain, Z', ['Zainab Hussain-Clarke']],
    ['ap geth', ['Ioan ap Gethin']],
    ['ose', []],
    ['', []],
    ['  ', []],
  ])('%s', (typed, found) => {
    expect(names(typed)).toEqual(found)
  })
  it('puts first whom the letters begin', () => {
    expect(names('rose')).toEqual(['Rose Miah', 'Mia-Rose Llewellyn-Featherstonehaugh'])
  })
})
