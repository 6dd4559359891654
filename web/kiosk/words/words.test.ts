import { describe, expect, it } from 'vitest'
import { en, type Words } from './en.ts'
import { languageKeys, languages, longDayIn, reasonName, sayIn } from './words.ts'

const given = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort()

describe('the languages of the kiosk', () => {
  it.each(languageKeys)(
    '%s says nothing that English has not, nothing empty, and takes what English takes',
    (key) => {
      for (const [name, text] of Object.entries(languages[key].words)) {
        expect(text?.trim(), name).not.toBe('')
        expect(given(text ?? ''), name).toEqual(given(en[name as keyof Words]))
      }
    },
  )
  it('is whole in English and in Welsh', () => {
    expect(Object.keys(languages.cy.words).sort()).toEqual(Object.keys(en).sort())
    for (const [name, text] of Object.entries(languages.cy.words))
      expect(text, name).not.toBe(en[name as keyof Words])
  })
  it('says in English what a language does not say yet', () => {
    expect(sayIn('ar')('notYou', { name: 'Amara' })).toBe('Not Amara? Tap Back.')
    expect(sayIn('cy')('notYou', { name: 'Amara' })).toBe('Nid Amara wyt ti? Tapia Yn ôl.')
  })
  it('names the day and the usual reasons in Welsh, and leaves a school’s own words alone', () => {
    expect(longDayIn('2026-11-24', 'cy')).toBe('Dydd Mawrth 24 Tachwedd')
    expect(longDayIn('2026-11-24', 'en')).toBe('Tuesday 24 November')
    expect(reasonName('Appointment', 'cy')).toBe('Apwyntiad')
    expect(reasonName('Ferry was late', 'cy')).toBe('Ferry was late')
  })
})
