import { describe, expect, it } from 'vitest'
import { enoughLetters, fresh, indexOf, type Listed, search, typed } from './search.ts'

const listed = (id: string, name: string, find: string): Listed => ({ id, name, group: '4 Oak', find })
const index = indexOf([
  listed('1', 'Amara O.', 'amara okonkwo'),
  listed('2', 'Chidera O.', 'chidera okoro'),
  listed('3', 'Seán O.', 'seán o’neill'),
  listed('4', 'Mary-Jane W.', 'mary-jane watson'),
  ...Array.from({ length: 6 }, (_, i) => listed(`s${i}`, `P${i} S.`, `p${i} smith`)),
])
const ids = (text: string) => search(index, text).people.map((person) => person.id)

describe('finding oneself', () => {
  it('lists nobody under three letters, however they are spread', () => {
    for (const text of ['', 'o', 'ok', 'o k', 'o-k', '’ok'])
      expect(search(index, text)).toEqual({ people: [], more: false })
    expect(enoughLetters('o k')).toBe(false)
    expect(enoughLetters('oko')).toBe(true)
  })
  it('finds by either name, in any order, without case, accents and apostrophes', () => {
    expect(ids('oko')).toEqual(['1', '2'])
    expect(ids('OKORO chi')).toEqual(['2'])
    expect(ids('sean')).toEqual(['3'])
    expect(ids('oneill')).toEqual(['3'])
    expect(ids("o'neill")).toEqual(['3'])
    expect(ids('maryjane')).toEqual(['4'])
    expect(ids('jane')).toEqual(['4'])
    expect(ids('watson-maryjane')).toEqual(['4'])
  })
  it('does not find within a word', () => {
    expect(ids('konkwo')).toEqual([])
  })
  it('shows none of six, and says that there are more', () => {
    expect(search(index, 'smith')).toEqual({ people: [], more: true })
  })
  it('gives away no more than forename, initial and group', () => {
    expect(Object.keys(search(index, 'amara').people[0]!).sort()).toEqual(['group', 'id', 'name'])
  })
})

describe('patience', () => {
  const after = (texts: string[], show = true) => {
    let patience = fresh
    for (const text of texts) {
      patience = typed(patience, text, 1000)
      if (show && enoughLetters(text)) patience = { ...patience, shown: true }
    }
    return patience
  }
  it('pauses for a minute at the sixth search without a choice', () => {
    const texts = ['aaa', '', 'bbb', '', 'ccc', '', 'ddd', '', 'eee']
    expect(after(texts).pausedUntil).toBe(0)
    expect(after([...texts, '', 'fff']).pausedUntil).toBe(61_000)
  })
  it('counts other letters in the place of the last as another search', () => {
    const texts = ['smia', 'smi', 'smib', 'smi', 'smic', 'smi', 'smid', 'smi', 'smie']
    expect(after(texts).pausedUntil).toBe(0)
    expect(after([...texts, 'smi', 'smif']).pausedUntil).toBe(61_000)
  })
  it('counts a changed beginning as another search, though three letters stay', () => {
    expect(after(['abc', 'xabc', 'yabc', 'zabc', 'wabc', 'vabc']).pausedUntil).toBe(61_000)
  })
  it('takes more letters, and a slip put right before anybody was shown, for the same search', () => {
    expect(after(['oko', 'okon', 'oko', 'okon']).searches).toBe(1)
    expect(after(['okx', 'ok', 'okox', 'oko', 'okon'], false).searches).toBe(2)
    expect(after(['okox', 'oko', 'okon'], false).searches).toBe(1)
  })
})
