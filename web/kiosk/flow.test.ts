import { describe, expect, it } from 'vitest'
import type { KioskHome } from '../../shared/kiosks.ts'
import { greeting, learned, spoken } from './clock.ts'
import {
  asksBack,
  asksReason,
  backTimes,
  doneWords,
  type Flow,
  forenameOf,
  nobodyIsLate,
  offered,
  studentsLine,
} from './flow.ts'
import { en } from './words/en.ts'
import { contrast, schoolColours } from './school.ts'

const at = Date.parse('2026-11-26T09:14:00Z')
function home(types: Flow[], session: KioskHome['session'] = 'AM'): KioskHome {
  return {
    kiosk: { id: 'k', name: 'Front desk' },
    site: { id: 'a', name: 'Oakfield Primary', timeZone: 'Europe/London', accent: '#1D5B45' },
    now: new Date(at).toISOString(),
    session,
    day: { startsAt: '08:45', endsAt: '15:15' },
    reasons: types.map((type, i) => ({ id: `${i}`, name: `Reason ${i}`, type })),
    supportEmail: null,
  }
}

describe('what a pupil can do', () => {
  it.each([
    [[], []],
    [['late-arrival'], ['late-arrival']],
    [['early-leave'], ['early-leave', 'return']],
    [['return'], ['return']],
    [
      ['return', 'early-leave', 'late-arrival'],
      ['late-arrival', 'early-leave', 'return'],
    ],
  ] as [Flow[], Flow[]][])('with reasons for %j is %j', (types, flows) => {
    expect(offered(home(types), at)).toEqual(flows)
  })
  it('is late also when nobody is late now: the server judges, not the screen', () => {
    expect(offered(home(['late-arrival'], null), at)).toEqual(['late-arrival'])
  })
  it('is nothing late before the day, and no early leave after it', () => {
    const all = home(['late-arrival', 'early-leave'])
    expect(offered(all, Date.parse('2026-11-26T08:44:00Z'))).toEqual(['early-leave', 'return'])
    expect(offered(all, Date.parse('2026-11-26T15:15:00Z'))).toEqual(['late-arrival', 'return'])
  })
  it('asks a returning pupil only where there is something to choose between', () => {
    expect(asksReason(home(['return']), 'return')).toBe(false)
    expect(asksReason(home(['return', 'return']), 'return')).toBe(true)
    expect(asksReason(home(['late-arrival']), 'late-arrival')).toBe(true)
  })
})

describe('when a leaver will be back', () => {
  const reason = { id: '1', name: 'Appointment', type: 'early-leave' as const, asksBack: true }
  const clock = (instants: number[]) => instants.map((instant) => spoken(instant, 'Europe/London'))
  it('is asked to the quarter of an hour, before school ends', () => {
    expect(clock(backTimes(home([]), at))).toEqual(['9.45', '10.15', '10.45', '11.15', '12.15'])
    const short = { ...home([]), schoolEndsAt: '2026-11-26T10:15:00Z' }
    expect(clock(backTimes(short, at))).toEqual(['9.45'])
  })
  it('is asked for a reason that asks, while there is a time left', () => {
    expect(asksBack(home([]), reason, at)).toBe(true)
    expect(asksBack(home([]), { ...reason, asksBack: false }, at)).toBe(false)
    expect(asksBack({ ...home([]), schoolEndsAt: '2026-11-26T09:30:00Z' }, reason, at)).toBe(false)
  })
})

describe('what the screens say', () => {
  it('names the half-day only while it is fresh', () => {
    expect(studentsLine(home(['late-arrival']), at)).toBe('lateMorning')
    expect(studentsLine(home(['late-arrival'], 'PM'), at)).toBe('lateAfternoon')
    expect(studentsLine(home(['late-arrival']), at + 6 * 60_000)).toBe('lateToday')
    expect(studentsLine(home(['late-arrival', 'early-leave']), at)).toBe('lateOrLeaving')
  })
  it('calls nobody late when nobody is, and never speaks of a mark', () => {
    const early = home(['late-arrival'], null)
    expect(nobodyIsLate(early, at)).toBe(true)
    expect(nobodyIsLate(early, at + 6 * 60_000)).toBe(false)
    expect(doneWords('late-arrival', false).title).toBe('checkedIn')
    expect(doneWords('late-arrival', true).title).toBe('checkedInLate')
    for (const flow of ['late-arrival', 'early-leave', 'return'] as Flow[])
      for (const key of Object.values(doneWords(flow, true)))
        expect(en[key]).not.toMatch(/mark|MIS|saved|register/i)
  })
  it('takes the initial off a name, and nothing else', () => {
    expect(forenameOf('Amara O.')).toBe('Amara')
    expect(forenameOf('Mary Jane W.')).toBe('Mary Jane')
    expect(forenameOf('Amara')).toBe('Amara')
  })
})

describe('the clock', () => {
  it('says the time of the school, whatever the device’s zone', () => {
    expect(spoken(at, 'Europe/London')).toBe('9.14')
    expect(spoken(Date.parse('2026-07-01T12:05:00Z'), 'Europe/London')).toBe('1.05')
    expect(spoken(Date.parse('2026-11-26T00:07:00Z'), 'Europe/London')).toBe('12.07')
    expect(greeting(at, 'Europe/London')).toBe('goodMorning')
    expect(greeting(Date.parse('2026-11-26T18:00:00Z'), 'Europe/London')).toBe('goodEvening')
  })
  it('learns a wrong device clock, and does not jump for a slow answer', () => {
    const offset = learned(null, at, at - 3_600_000, at - 3_600_000 + 200)
    expect(offset).toBeLessThanOrEqual(3_600_000)
    expect(offset).toBeGreaterThanOrEqual(3_600_000 - 200)
    expect(learned(offset, at + 5000, at - 3_600_000, at - 3_600_000 + 9000)).toBe(offset)
  })
  it('never lies ahead of the server, wherever on the way the server looked at its clock', () => {
    for (const looked of [0, 1, 100, 199, 200]) {
      const ahead = learned(3_600_050, at + looked, at - 3_600_000, at - 3_600_000 + 200)
      expect(ahead).toBeLessThanOrEqual(3_600_000)
    }
  })
})

describe('the school’s colour', () => {
  it.each(['#1D5B45', '#7C2142', '#FFFF00', '#000000', '#FFFFFF', '#8C877B', 'nonsense'])(
    '%s can be read on and with',
    (accent) => {
      const light = schoolColours(accent, false)
      const dark = schoolColours(accent, true)
      expect(contrast(light['--school-fill']!, '#ffffff')).toBeGreaterThanOrEqual(4.5)
      expect(dark['--school-fill']).toBe(light['--school-fill'])
      expect(contrast(light['--school']!, '#ffffff')).toBeGreaterThanOrEqual(4.5)
      expect(contrast(dark['--school']!, '#161a23')).toBeGreaterThanOrEqual(4.5)
    },
  )
})
