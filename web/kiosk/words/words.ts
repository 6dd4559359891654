/**
 * The kiosk's languages. The person chooses on the first screen; after each person, and when nobody is there, it is
 * English again. A language without a word says it in English. Reasons are the school's own words; those that a
 * school starts with are said in Welsh too.
 */
import { useSyncExternalStore } from 'react'
import { cy } from './cy.ts'
import { en, type Words } from './en.ts'
import { ar, pl, ur } from './others.ts'

export type Language = 'en' | 'cy' | 'pl' | 'ur' | 'ar'
export const languages: Record<Language, { name: string; rtl?: true; words: Partial<Words> }> = {
  en: { name: 'English', words: en },
  cy: { name: 'Cymraeg', words: cy },
  pl: { name: 'Polski', words: pl },
  ur: { name: 'اردو', rtl: true, words: ur },
  ar: { name: 'العربية', rtl: true, words: ar },
}
export const languageKeys = Object.keys(languages) as Language[]

const reasonsInWelsh: Record<string, string> = {
  'Traffic or transport': 'Traffig neu drafnidiaeth',
  'Woke up late': 'Wedi deffro’n hwyr',
  Family: 'Teulu',
  Appointment: 'Apwyntiad',
  'Late bus': 'Bws hwyr',
  Interview: 'Cyfweliad',
  'Something else': 'Rhywbeth arall',
  'School sport, trip': 'Chwaraeon neu daith ysgol',
  'I’m back': 'Rydw i’n ôl',
  Late: 'Hwyr',
}

let spoken: Language = 'en'
const listeners = new Set<() => void>()

/** The page itself turns: its language for screen readers, its direction for eyes. */
export function speak(language: Language): void {
  spoken = language
  document.documentElement.lang = language === 'en' ? 'en-GB' : language
  document.documentElement.dir = languages[language].rtl ? 'rtl' : 'ltr'
  for (const listener of listeners) listener()
}

export type Say = (key: keyof Words, given?: Record<string, string | number>) => string

/** The word in this language, or else in English, with what it is given. */
export const sayIn =
  (language: Language): Say =>
  (key, given = {}) =>
    (languages[language].words[key] ?? en[key]).replace(/\{(\w+)\}/g, (whole, name: string) =>
      String(given[name] ?? whole),
    )

const sayers = Object.fromEntries(languageKeys.map((one) => [one, sayIn(one)])) as Record<Language, Say>

export function useLanguage(): Language {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => spoken,
  )
}

export const useSay = (): Say => sayers[useLanguage()]

export function reasonName(name: string, language: Language): string {
  return language === 'cy' ? (reasonsInWelsh[name] ?? name) : name
}

const welshDays = ['Sul', 'Llun', 'Mawrth', 'Mercher', 'Iau', 'Gwener', 'Sadwrn']
const welshMonths = [
  ...['Ionawr', 'Chwefror', 'Mawrth', 'Ebrill', 'Mai', 'Mehefin', 'Gorffennaf', 'Awst', 'Medi', 'Hydref'],
  ...['Tachwedd', 'Rhagfyr'],
]

/** "Dydd Mawrth 24 Tachwedd" for "2026-11-24": browsers need not know Welsh. */
export function longDayIn(day: string, language: Language): string {
  const noon = new Date(`${day}T12:00:00Z`)
  if (language === 'cy')
    return `Dydd ${welshDays[noon.getUTCDay()]} ${noon.getUTCDate()} ${welshMonths[noon.getUTCMonth()]}`
  const locale = language === 'en' ? 'en-GB' : `${language}-u-nu-latn-ca-gregory`
  const format = new Intl.DateTimeFormat(locale, {
    timeZone: 'UTC',
    weekday: 'long',
    day: 'numeric',
    month: 'long',
  })
  return language === 'en' ? format.format(noon).replace(',', '') : format.format(noon)
}
