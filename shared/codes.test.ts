import { describe, expect, test } from 'vitest'
import { reasonBody } from './attendance.ts'
import { newSchoolDay } from './sites.ts'
import {
  canProduce,
  categoryOf,
  codes,
  findCode,
  isOnSite,
  isPresent,
  isWithdrawn,
  kioskOffersNow,
  mayWrite,
  presetPublicScreen,
  screenName,
  starterReasons,
  toCloseThen,
  warnsOnPublicScreen,
} from './codes.ts'

// Attendance reference §2 typed anew: codes | category | public | late | early
const reference = `
/ \\ | present | no | no | no
L | present | yes | yes | no
K V P | activity | staff | no | staff
W B | activity | staff | no | staff
D | not-possible | staff | no | staff
C C1 | authorised | staff | after-close | staff
C2 | authorised | no | no | no
E | authorised | no | no | no
I | authorised | staff | after-close | staff
J1 | authorised | staff | after-close | staff
M | authorised | yes | after-close | yes
R T | authorised | no | no | no
S | authorised | staff | no | staff
G | unauthorised | no | no | no
N | unauthorised | no | no | no
O | unauthorised | no | staff | staff
U | unauthorised | yes | yes | no
X | not-possible | no | no | no
Q | unable | no | no | no
Y1 Y2 | unable | staff | staff | staff
Y3 Y4 | unable | no | no | staff
Y5 Y6 | unable | no | no | no
Y7 | unable | staff | no | staff
Z # | administrative | no | no | no`
  .trim()
  .split('\n')
  .flatMap((line) => {
    const [letters, category, publicUse, late, early] = line.split(' | ')
    return letters!.split(' ').map((code) => ({ code, category, public: publicUse, late, early }))
  })

describe('the codes of England', () => {
  test('are those of the reference, each once and in its order', () => {
    expect(codes).toEqual(reference.map((entry) => ({ ...entry, words: expect.any(String) })))
    expect(new Set(codes.map((entry) => entry.code)).size).toBe(codes.length)
    expect(codes.every((entry) => entry.words.length > 0)).toBe(true)
  })

  test.each(['H', 'J', 'Y', 'F', 'X06', 'I02', 'X01', 'I01'])('%s is withdrawn', (code) => {
    expect(isWithdrawn(code)).toBe(true)
    expect(categoryOf(code)).toBe('unknown')
    expect(mayWrite(code)).toBe(false)
    for (const type of ['late-arrival', 'early-leave', 'return'] as const)
      expect(canProduce(type, code)).toBe(false)
  })

  test.each(['J1', 'Y1', 'X', 'I', 'C', 'X0', 'X106', 'Ia'])('%s is not withdrawn', (code) => {
    expect(isWithdrawn(code)).toBe(false)
  })

  test.each(['<', '>', '?', '$', 'a', '%', '`', ':', '|', '_', 'l', 'm', 'L ', 'LT', '10', ''])(
    'a stand-in, another nation’s or a school’s own code (%j) is unknown and never guessed',
    (code) => {
      expect(findCode(code)).toBeNull()
      expect(categoryOf(code)).toBe('unknown')
      expect(isPresent(code)).toBe(false)
      expect(isOnSite(code)).toBe(false)
      expect(presetPublicScreen(code)).toBe(false)
      expect(canProduce('late-arrival', code)).toBe(true)
      expect(screenName(code)).toBe(code)
    },
  )

  test('present means present or activity; on site only what was marked at school', () => {
    const present = codes.filter((entry) => isPresent(entry.code)).map((entry) => entry.code)
    expect(present).toEqual(['/', '\\', 'L', 'K', 'V', 'P', 'W', 'B'])
    expect(codes.filter((entry) => isOnSite(entry.code)).map((entry) => entry.code)).toEqual([
      '/',
      '\\',
      'L',
      'U',
    ])
  })

  test('only L, U and M begin on the public screen, and a “no” warns', () => {
    const shown = codes.filter((entry) => presetPublicScreen(entry.code)).map((entry) => entry.code)
    expect(shown).toEqual(['L', 'M', 'U'])
    expect(warnsOnPublicScreen('E')).toBe(true)
    expect(warnsOnPublicScreen('I')).toBe(false)
    expect(warnsOnPublicScreen('LT')).toBe(false)
  })
})

describe('which movement can have a code', () => {
  const of = (type: 'late-arrival' | 'early-leave' | 'return') =>
    codes.filter((entry) => canProduce(type, entry.code)).map((entry) => entry.code)

  test('a late arrival', () => {
    expect(of('late-arrival')).toEqual(['L', 'C', 'C1', 'I', 'J1', 'M', 'O', 'U', 'Y1', 'Y2'])
  })
  test('an early leave', () => {
    expect(of('early-leave')).toEqual('K V P W B D C C1 I J1 M S O Y1 Y2 Y3 Y4 Y7'.split(' '))
  })
  test('a return has what a late arrival has, and never a teacher’s present mark', () => {
    expect(of('return')).toEqual(of('late-arrival'))
    expect(mayWrite('/')).toBe(false)
    expect(mayWrite('\\')).toBe(false)
  })
})

describe('what a screen says', () => {
  test('L and U are both Late, M is Appointment', () => {
    expect(['L', 'U', 'M'].map(screenName)).toEqual(['Late', 'Late', 'Appointment'])
  })
  test('of L and U the kiosk offers the one of the clock', () => {
    expect(kioskOffersNow('L', { kind: 'open', session: 'AM' })).toBe(true)
    expect(kioskOffersNow('U', { kind: 'open', session: 'AM' })).toBe(false)
    expect(kioskOffersNow('L', { kind: 'closed', session: 'PM' })).toBe(false)
    expect(kioskOffersNow('U', { kind: 'closed', session: 'PM' })).toBe(true)
    expect(kioskOffersNow('L', { kind: 'lunch' })).toBe(true)
    expect(kioskOffersNow('M', { kind: 'closed', session: 'AM' })).toBe(true)
  })
})

describe('the reasons a site starts with', () => {
  test.each(['primary', 'secondary', 'all-through'] as const)(
    'of a %s are all such as can be saved',
    (phase) => {
      for (const reason of starterReasons(phase, newSchoolDay)) {
        expect(reasonBody.safeParse(reason)).toMatchObject({ success: true })
      }
    },
  )

  test('a primary’s pupils see late reasons only; the bus and the interview are a secondary’s, for staff', () => {
    const primary = starterReasons('primary', newSchoolDay)
    expect(primary.filter((reason) => reason.publicScreen).map((reason) => reason.name)).toEqual([
      'Traffic or transport',
      'Woke up late',
      'Family',
      'Appointment',
      'Something else',
    ])
    expect(primary.some((reason) => reason.name === 'Late bus')).toBe(false)
    const secondary = starterReasons('secondary', newSchoolDay)
    expect(secondary.filter((reason) => !reason.publicScreen).map((reason) => reason.name)).toEqual([
      'Late bus',
      'Interview',
      'Going home, office agreed',
    ])
    expect(
      secondary.filter((reason) => !reason.writeBack).map((reason) => `${reason.type}: ${reason.name}`),
    ).toEqual(['early-leave: School sport, trip', 'early-leave: Something else', 'return: I’m back'])
  })

  test('an appointment is L to each close and M after it', () => {
    expect(toCloseThen('M', { ...newSchoolDay, lunchStartsAt: '12:15' })).toEqual([
      { from: '00:00', code: 'L' },
      { from: '09:15', code: 'M' },
      { from: '12:15', code: 'L' },
      { from: '13:30', code: 'M' },
    ])
    const odd = {
      ...newSchoolDay,
      endsAt: '24:00',
      am: { opensAt: '00:00', endsAt: '00:00', closesAt: '00:00' },
      pm: { opensAt: '23:57', endsAt: '23:58', closesAt: '24:00' },
    }
    expect(toCloseThen('M', odd)).toEqual([
      { from: '00:00', code: 'M' },
      { from: '23:57', code: 'L' },
    ])
  })
})
