import { describe, expect, test } from 'vitest'
import { displayName, foldedWords, lobbyName, searchKey } from './names.ts'

describe('a name as people look for it', () => {
  test.each([
    ['Zoë', 'O’Neill', 'zoe oneill'],
    ["D'Arcy", 'Smith-Jones', 'darcy smith jones'],
    ['Łukasz', 'Ørsted', 'lukasz orsted'],
    ['İpek', 'Yıldız', 'ipek yildiz'],
    ['Weiß', 'Æthelred', 'weiss aethelred'],
    ['Zoe\u0308', 'Ångström', 'zoe angstrom'],
    ['  Prince ', '', 'prince'],
    ['', 'Teller', 'teller'],
    ['王', '小明', '王 小明'],
    ['민준', '김', '민준 김'],
    ["''", '--', ''],
  ])('%s %s is found as "%s"', (forename, surname, key) => {
    expect(searchKey(forename, surname)).toBe(key)
  })

  test('what means something in a pattern is no part of a word', () => {
    expect(foldedWords('a%b_c.*[d]\\e')).toEqual(['a', 'b', 'c', 'd', 'e'])
  })
})

test('the whole name is joined by a space, whichever is missing', () => {
  expect(displayName('Ada', 'Lovelace')).toBe('Ada Lovelace')
  expect(displayName('Prince', '')).toBe('Prince')
  expect(displayName('', 'Teller')).toBe('Teller')
})

test('a lobby screen shows the forename and one letter', () => {
  expect(lobbyName('Amara', 'Okafor')).toBe('Amara O.')
  expect(lobbyName('Callum', 'd’Arcy')).toBe('Callum D.')
  expect(lobbyName('Prince', '')).toBe('Prince')
  expect(lobbyName('', 'Teller')).toBe('Teller')
})
