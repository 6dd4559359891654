import { describe, expect, test } from 'vitest'
import { instantAt } from '../../shared/school-day.ts'
import { newSchoolDay } from '../../shared/sites.ts'
import type { SchoolDay } from '../../shared/sites.ts'
import { toCloseThen } from '../../shared/codes.ts'
import { codeFor, decideMovement } from './rules.ts'
import type { Decision, MovementInput, MovementReason } from './rules.ts'

const timeZone = 'Europe/London'
const monday = '2026-09-14'
const school: SchoolDay = { ...newSchoolDay, lunchStartsAt: '12:15' }

/** The instant of `HH:MM[:SS]` on a local day. */
function when(time: string, date = monday): Date {
  return new Date(instantAt(date, time.slice(0, 5), timeZone).getTime() + Number(time.slice(6) || 0) * 1000)
}

function reason(code: string | null, more: Partial<MovementReason> = {}): MovementReason {
  const base = {
    name: 'Traffic',
    writeBack: code !== null,
    codesByTime: null,
    state: 'active',
    fromCodeList: false,
  }
  return { ...base, code, ...more } as MovementReason
}
const listed = (code: string) => reason(code, { name: code, fromCodeList: true })
const stepped = (after: string) => reason(null, { writeBack: true, codesByTime: toCloseThen(after, school) })

function decide(type: MovementInput['type'], time: string, more: Partial<MovementInput> = {}): Decision {
  const happenedAt = when(time)
  return decideMovement({
    type,
    happenedAt,
    now: happenedAt,
    timeZone,
    schoolDay: school,
    closures: [],
    student: { misId: 'A1', state: 'active', kind: 'student' },
    reason: reason(type === 'early-leave' ? 'M' : 'L'),
    canWrite: 'yes',
    licensed: true,
    linkState: 'connected',
    ...more,
  })
}

/** "AM A L 17 waiting" of each mark owed; a cause where there is one. */
function said(decision: Decision): string[] {
  return decision.owed.map((mark) =>
    [mark.session, mark.situation, mark.code, mark.minutesLate, mark.start, mark.causeCode?.slice(11)]
      .filter((part) => part !== null && part !== undefined)
      .join(' '),
  )
}

describe('a late arrival', () => {
  test.each([
    ['08:44:59', null, null, 'not-required no_session'],
    ['08:45', 'AM', 0, 'AM A L 0 waiting'],
    ['08:55', 'AM', 0, 'AM A L 0 waiting'],
    ['08:55:59', 'AM', 0, 'AM A L 0 waiting'],
    ['08:56', 'AM', 1, 'AM A L 1 waiting'],
    ['09:14:59', 'AM', 19, 'AM A L 19 waiting'],
    ['09:15', 'AM', 20, 'AM B U 20 waiting'],
    ['12:14:59', 'AM', 199, 'AM B U 199 waiting'],
    ['12:15', null, null, 'not-required no_session'],
    ['12:59:59', null, null, 'not-required no_session'],
    ['13:00', 'PM', 0, 'PM A L 0 waiting'],
    ['13:12:30', 'PM', 2, 'PM A L 2 waiting'],
    ['13:29:59', 'PM', 19, 'PM A L 19 waiting'],
    ['13:30', 'PM', 20, 'PM B U 20 waiting'],
    ['15:14:59', 'PM', 124, 'PM B U 124 waiting'],
    ['15:15', null, null, 'not-required no_session'],
    ['23:59:59', null, null, 'not-required no_session'],
  ])('at %s (session %s, %s minutes late) owes: %s', (time, session, minutesLate, owed) => {
    for (const code of ['L', 'U']) {
      const decision = decide('late-arrival', time, { reason: reason(code) })
      expect(decision).toMatchObject({ date: monday, session, minutesLate })
      expect(said(decision)).toEqual([owed])
    }
  })

  test('without a lunch time is in AM until PM opens', () => {
    expect(said(decide('late-arrival', '12:59:59', { schoolDay: newSchoolDay }))).toEqual([
      'AM B U 244 waiting',
    ])
  })

  test('says reason and clock time in the comment, nothing else', () => {
    expect(decide('late-arrival', '09:14:59').owed[0]!.comment).toBe('Traffic, arrived 09:14')
  })

  test('at its own place’s clock: 09:14 in summer and in winter', () => {
    for (const date of ['2026-10-23', '2026-10-26']) {
      const happenedAt = when('09:14', date)
      const decision = decide('late-arrival', '09:14', { happenedAt, now: happenedAt })
      expect(decision).toMatchObject({ date, session: 'AM', minutesLate: 19 })
    }
  })

  test('works at any hour of the demo’s day', () => {
    const schoolDay: SchoolDay = {
      startsAt: '00:00',
      endsAt: '24:00',
      lunchStartsAt: null,
      am: { opensAt: '02:00', endsAt: '02:25', closesAt: '04:30' },
      pm: { opensAt: '23:57', endsAt: '23:58', closesAt: '23:59' },
      days: [1, 2, 3, 4, 5, 6, 7],
    }
    const sunday = (time: string) => {
      const happenedAt = when(time, '2026-09-13')
      return said(decide('late-arrival', time, { schoolDay, happenedAt, now: happenedAt }))
    }
    expect(sunday('02:30')).toEqual(['AM A L 5 waiting'])
    expect(sunday('23:56:59')).toEqual(['AM B U 1291 waiting'])
    expect(sunday('23:57')).toEqual(['PM A L 0 waiting'])
    expect(sunday('23:59')).toEqual(['PM B U 1 waiting'])
    expect(sunday('23:59:59')).toEqual(['PM B U 1 waiting'])
  })

  test.each([
    ['a flat absence code is written as mapped, before the close too', reason('M'), 'M', 'M'],
    ['time-based: L to close, M after', stepped('M'), 'L', 'M'],
    [
      'time-based, L only: the close decides',
      reason(null, { writeBack: true, codesByTime: [{ from: '00:00', code: 'L' }] }),
      'L',
      'U',
    ],
    ['M picked from the list of codes is L before the close', listed('M'), 'L', 'M'],
    ['I picked from the list of codes is L before the close', listed('I'), 'L', 'I'],
    ['U picked from the list of codes is L before the close', listed('U'), 'L', 'U'],
    ['L picked from the list of codes is U after the close', listed('L'), 'L', 'U'],
    ['Y1 of the office is written at any time', listed('Y1'), 'Y1', 'Y1'],
    ['a school’s own code is written as it is', listed('LT'), 'LT', 'LT'],
  ])('%s', (_, given, before, after) => {
    expect(decide('late-arrival', '09:14:59', { reason: given }).owed[0]).toMatchObject({ code: before })
    expect(decide('late-arrival', '09:15', { reason: given }).owed[0]).toMatchObject({ code: after })
  })

  test('sends minutes with L and U only, and still knows them', () => {
    const decision = decide('late-arrival', '09:30', { reason: reason('M') })
    expect(decision.minutesLate).toBe(35)
    expect(decision.owed[0]).toMatchObject({ code: 'M', minutesLate: null })
  })

  test('for PM tells the office of a missed AM, and an appointment offers M for it', () => {
    expect(decide('late-arrival', '12:30').missedAm).toEqual({ date: monday, offer: null })
    expect(decide('late-arrival', '13:05', { reason: stepped('M') }).missedAm).toEqual({
      date: monday,
      offer: 'M',
    })
    expect(decide('late-arrival', '13:05', { reason: listed('M') }).missedAm).toEqual({
      date: monday,
      offer: 'M',
    })
    expect(decide('late-arrival', '09:30').missedAm).toBeNull()
    expect(decide('early-leave', '13:05').missedAm).toBeNull()
    expect(decide('late-arrival', '15:15').missedAm).toBeNull()
  })

  test('a second of the same session is already late, unless it happened earlier', () => {
    const second = (firstArrivalAt: Date) => said(decide('late-arrival', '09:10', { firstArrivalAt }))
    expect(second(when('09:05'))).toEqual(['AM A L 15 not-required already_late'])
    expect(second(when('09:10'))).toEqual(['AM A L 15 not-required already_late'])
    expect(second(when('09:10:01'))).toEqual(['AM A L 15 waiting'])
  })
})

describe('codes by time', () => {
  const given = reason(null, {
    writeBack: true,
    codesByTime: [
      { from: '00:00', code: 'L' },
      { from: '09:15', code: 'M' },
      { from: '12:00', code: null },
    ],
  })
  test.each([
    [33_299, 'L'],
    [33_300, 'M'],
    [43_199, 'M'],
    [43_200, null],
    [86_399, null],
  ])('at second %i: %s (“from” is inclusive)', (seconds, code) => {
    expect(codeFor(given, seconds, 'A')).toBe(code)
  })
  test('a step without a code owes nothing', () => {
    expect(said(decide('late-arrival', '12:05', { reason: given }))).toEqual([
      'AM B not-required reason_without_mark',
    ])
  })
})

describe('an early leave', () => {
  test.each([
    ['08:44:59', ['AM C M waiting', 'PM C M waiting'], []],
    ['08:45', ['AM D M waiting', 'PM C M waiting'], []],
    ['09:14:59', ['AM D M waiting', 'PM C M waiting'], []],
    ['09:15', ['PM C M waiting'], ['AM E']],
    ['12:15', ['PM C M waiting'], ['AM E']],
    ['12:59:59', ['PM C M waiting'], ['AM E']],
    ['13:00', ['PM D M waiting'], []],
    ['13:29:59', ['PM D M waiting'], []],
    ['13:30', ['PM not-required mark_stands'], ['PM E']],
    ['15:14:59', ['PM not-required mark_stands'], ['PM E']],
    ['15:15', ['not-required no_session'], []],
  ])('at %s owes %j, with a look at %j', (time, owed, checks) => {
    const decision = decide('early-leave', time)
    expect(decision.minutesLate).toBeNull()
    expect(said(decision)).toEqual(owed)
    expect(decision.checks.map((check) => `${check.session} ${check.situation}`)).toEqual(checks)
  })

  test('says when the pupil left', () => {
    const given = reason('M', { name: 'Dentist' })
    expect(decide('early-leave', '11:05', { reason: given }).owed[0]!.comment).toBe('Dentist, left 11:05')
  })

  test('expected back before PM closes owes PM nothing', () => {
    const back = (time: string, expected: string) =>
      said(decide('early-leave', time, { expectedBackAt: when(expected) }))
    expect(back('11:05', '13:29')).toEqual(['PM not-required expected_back'])
    expect(back('11:05', '13:30')).toEqual(['PM C M waiting'])
    expect(back('09:00', '12:00')).toEqual(['AM D M waiting'])
    expect(back('13:35', '14:00')).toEqual(['PM not-required mark_stands'])
    const tomorrow = decide('early-leave', '11:05', { expectedBackAt: when('09:00', '2026-09-15') })
    expect(said(tomorrow)).toEqual(['PM C M waiting'])
  })

  test('its code is never turned by the close', () => {
    expect(decide('early-leave', '11:05', { reason: listed('I') }).owed[0]).toMatchObject({ code: 'I' })
  })
})

describe('a return', () => {
  const left = (time: string, more: Partial<MovementInput> = {}) => ({ leftAt: when(time), ...more })
  const recalls = (decision: Decision) =>
    decision.recalls.map((recall) => `${recall.session} ${recall.code ?? '-'}`)

  test('in the session that was left lets its mark stand, and overtakes the next one’s', () => {
    for (const time of ['09:10', '10:30']) {
      const decision = decide('return', time, left('09:00'))
      expect(said(decision)).toEqual(['AM not-required mark_stands'])
      expect(recalls(decision)).toEqual(['PM L'])
    }
    const pm = decide('return', '14:00', left('13:05'))
    expect(said(pm)).toEqual(['PM not-required mark_stands'])
    expect(recalls(pm)).toEqual([])
  })

  test('at lunch owes nothing itself, and overtakes PM’s mark', () => {
    const decision = decide('return', '12:30', left('10:00'))
    expect(said(decision)).toEqual(['not-required no_session'])
    expect(recalls(decision)).toEqual(['PM L'])
  })

  test('into PM before its close is L, after it U', () => {
    const before = decide('return', '13:20', left('10:00'))
    expect(said(before)).toEqual(['PM R L waiting'])
    expect(before.owed[0]!.comment).toBe('Traffic, back 13:20')
    expect(recalls(before)).toEqual([])
    const after = decide('return', '13:30', left('10:00'))
    expect(said(after)).toEqual(['PM R-after U waiting'])
    expect(recalls(after)).toEqual([])
  })

  test('without a code owes nothing, and our mark of a session yet to close is asked about', () => {
    const none = decide('return', '13:20', left('10:00', { reason: null }))
    expect(said(none)).toEqual(['PM R not-required reason_without_mark'])
    expect(recalls(none)).toEqual(['PM -'])
    expect(recalls(decide('return', '13:30', left('10:00', { reason: null })))).toEqual([])
    expect(recalls(decide('return', '10:00', left('09:20', { reason: reason(null) })))).toEqual(['PM -'])
  })

  test('of one who left before AM opened overtakes both sessions', () => {
    const early = decide('return', '08:40', left('08:00'))
    expect(said(early)).toEqual(['not-required no_session'])
    expect(recalls(early)).toEqual(['AM L', 'PM L'])
    const open = decide('return', '09:00', left('08:00'))
    expect(said(open)).toEqual(['AM R L waiting'])
    expect(recalls(open)).toEqual(['PM L'])
  })

  test('has no minutes late', () => {
    expect(decide('return', '13:20', left('10:00'))).toMatchObject({
      minutesLate: null,
      owed: [{ minutesLate: null }],
    })
  })
})

describe('other movements', () => {
  test.each(['check-in', 'check-out', 'offsite'] as const)('%s owes nothing at all', (type) => {
    expect(decide(type, '09:05')).toEqual({
      date: monday,
      session: 'AM',
      minutesLate: null,
      owed: [],
      checks: [],
      recalls: [],
      missedAm: null,
    })
  })
})

describe('what is known before anybody looks into the MIS', () => {
  const archived = { misId: 'A1', state: 'archived', kind: 'student' } as const
  const byHand = { misId: null, state: 'active', kind: 'student' } as const
  const closures = [{ from: monday, to: monday, name: 'INSET' }]
  const tuesday = when('09:00', '2026-09-15')
  const dontWriteBack = reason(null)
  const broken = reason('L', { state: 'broken' })

  // Each line has everything that the lines after it have, so that only the order can decide between them.
  const all: Partial<MovementInput> = {
    student: archived,
    closures,
    reason: dontWriteBack,
    canWrite: 'no',
    licensed: false,
    now: tuesday,
    linkState: 'revoked',
    firstArrivalAt: when('08:46'),
  }
  test.each<[string, Partial<MovementInput>, string]>([
    ['2 archived', {}, 'not-required not_on_roll'],
    ['2 not in the MIS yet', { student: byHand }, 'held not_in_mis_yet'],
    ['3 closed day', { student: undefined }, 'not-required closed_day'],
    ['4 Don’t Writeback', { student: undefined, closures: [] }, 'AM A not-required reason_without_mark'],
    [
      '4 free text',
      { student: undefined, closures: [], reason: null },
      'AM A not-required reason_without_mark',
    ],
    [
      '4 MIS cannot write',
      { student: undefined, closures: [], reason: broken },
      'AM A L 15 not-required mis_cannot_write',
    ],
    [
      '4 no licence',
      { student: undefined, closures: [], reason: broken, canWrite: 'unproven' },
      'AM A L 15 not-required not_licensed',
    ],
    [
      '4 reason broken',
      { student: undefined, closures: [], reason: broken, canWrite: 'yes', licensed: true },
      'AM A L 15 held reason_broken',
    ],
    [
      '5 earlier day',
      { student: undefined, closures: [], reason: reason('L'), canWrite: 'yes', licensed: true },
      'AM A L 15 held day_over',
    ],
    [
      'row 16 already late',
      {
        student: undefined,
        closures: [],
        reason: reason('L'),
        canWrite: 'yes',
        licensed: true,
        now: when('16:00'),
      },
      'AM A L 15 not-required already_late',
    ],
    [
      'its own day over',
      {
        student: undefined,
        closures: [],
        reason: reason('L'),
        canWrite: 'yes',
        licensed: true,
        now: when('15:15'),
        firstArrivalAt: null,
      },
      'AM A L 15 held day_over',
    ],
    [
      'the link is cut',
      {
        student: undefined,
        closures: [],
        reason: reason('L'),
        canWrite: 'yes',
        licensed: true,
        now: when('15:14:59'),
        firstArrivalAt: null,
      },
      'AM A L 15 held link_cut',
    ],
  ])('%s comes first', (_, more, expected) => {
    const student = { misId: 'A1', state: 'active', kind: 'student' } as const
    const input = { ...all, ...more }
    expect(said(decide('late-arrival', '09:10', { ...input, student: input.student ?? student }))).toEqual([
      expected,
    ])
  })

  test.each(['employee', 'boarder', 'guest'] as const)('a movement of a %s is in the book only', (kind) => {
    const student = { misId: 'A1', state: 'active', kind } as const
    const decision = decide('early-leave', '08:00', { student })
    expect(said(decision)).toEqual(['AM C M not-required not_on_roll'])
    expect(decision.checks).toEqual([])
  })

  test('an earlier day is held before its session is asked for', () => {
    expect(said(decide('late-arrival', '12:30', { now: tuesday }))).toEqual(['held day_over'])
  })

  test('after school on the same day there is no session, and nothing to hold', () => {
    expect(said(decide('late-arrival', '15:20'))).toEqual(['not-required no_session'])
  })

  test('every mark of a leave is held with its cause', () => {
    expect(said(decide('early-leave', '08:00', { linkState: 'unauthorised' }))).toEqual([
      'AM C M held link_cut',
      'PM C M held link_cut',
    ])
  })

  test.each(['connected', 'offline', 'unreachable'] as const)(
    'a link that is %s lets it wait',
    (linkState) => {
      expect(said(decide('late-arrival', '09:10', { linkState }))).toEqual(['AM A L 15 waiting'])
    },
  )
  test.each(['unauthorised', 'revoked', null] as const)('a link that is %s is cut', (linkState) => {
    expect(said(decide('late-arrival', '09:10', { linkState }))).toEqual(['AM A L 15 held link_cut'])
  })

  test.each(['/', '\\', 'H', 'X06'])('a reason on %s, which we never write, is broken', (code) => {
    expect(decide('late-arrival', '09:10', { reason: reason(code) }).owed[0]).toMatchObject({
      start: 'held',
      causeCode: 'attendance.reason_broken',
    })
  })

  test('a reason archived after it was picked is still good', () => {
    const given = reason('L', { state: 'archived' })
    expect(said(decide('late-arrival', '09:10', { reason: given }))).toEqual(['AM A L 15 waiting'])
  })

  test('the office hears of † and i even where nothing is written back', () => {
    const checks = (more: Partial<MovementInput>) => decide('early-leave', '09:00', more).checks
    const both = [
      { date: monday, session: 'AM', situation: 'D' },
      { date: monday, session: 'PM', situation: 'C' },
    ]
    expect(checks({ reason: dontWriteBack })).toEqual(both)
    expect(checks({ licensed: false })).toEqual(both)
    expect(checks({})).toEqual([])
    expect(checks({ closures })).toEqual([])
    expect(checks({ reason: dontWriteBack, now: tuesday })).toEqual([])
  })

  test('every late, early and return movement has a row, at any minute of any day', () => {
    for (const type of ['late-arrival', 'early-leave', 'return'] as const) {
      for (let minute = 0; minute < 1440; minute += 5) {
        for (const date of [monday, '2026-09-13', '2026-03-29', '2026-10-25']) {
          const happenedAt = new Date(when('00:00', date).getTime() + minute * 60_000)
          const decision = decide(type, '00:00', { happenedAt, now: happenedAt })
          expect(decision.owed.length).toBeGreaterThan(0)
          for (const mark of decision.owed) {
            expect(mark.start === 'waiting').toBe(mark.causeCode === null)
            if (mark.start === 'waiting')
              expect(mark).toMatchObject({ session: expect.any(String), code: expect.any(String) })
          }
        }
      }
    }
  })
})
