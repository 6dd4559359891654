import { Temporal } from 'temporal-polyfill'
import { describe, expect, test } from 'vitest'
import {
  clockTimeOf,
  dayIsOver,
  instantAt,
  isSchoolDay,
  localTime,
  minutesLate,
  nextRunAt,
  secondsOf,
  sessionAt,
} from './school-day.ts'
import { newSchoolDay, schoolDay as schoolDaySchema } from './sites.ts'
import type { SchoolDay } from './sites.ts'

const london = 'Europe/London'
const withLunch: SchoolDay = { ...newSchoolDay, lunchStartsAt: '12:15' }
const demo: SchoolDay = {
  startsAt: '00:00',
  endsAt: '24:00',
  lunchStartsAt: null,
  am: { opensAt: '20:10', endsAt: '20:35', closesAt: '22:40' },
  pm: { opensAt: '23:57', endsAt: '23:58', closesAt: '23:59' },
  days: [1, 2, 3, 4, 5, 6, 7],
}

/** `HH:MM:SS` of a Monday. */
function at(time: string, date = '2026-09-14', weekday = 1) {
  const [h, m, s] = time.split(':').map(Number)
  return { date, weekday, secondsOfDay: h! * 3600 + m! * 60 + (s ?? 0) }
}

function say(day: SchoolDay, time: string): string {
  const session = sessionAt(day, [], at(time))
  return 'session' in session ? `${session.session} ${session.kind}` : session.kind
}

describe('the local clock', () => {
  test.each([
    ['winter', '2026-01-15T09:14:05Z', london, '2026-01-15', 4, '09:14:05'],
    ['summer', '2026-07-01T08:14:05Z', london, '2026-07-01', 3, '09:14:05'],
    ['a second before the spring change', '2026-03-29T00:59:59Z', london, '2026-03-29', 7, '00:59:59'],
    ['at the spring change', '2026-03-29T01:00:00Z', london, '2026-03-29', 7, '02:00:00'],
    ['the first 01:30 of the autumn change', '2026-10-25T00:30:00Z', london, '2026-10-25', 7, '01:30:00'],
    ['the second 01:30', '2026-10-25T01:30:00Z', london, '2026-10-25', 7, '01:30:00'],
    ['a summer midnight', '2026-06-30T23:00:00Z', london, '2026-07-01', 3, '00:00:00'],
    ['a millisecond before it', '2026-06-30T22:59:59.999Z', london, '2026-06-30', 2, '23:59:59'],
    ['a zone of 45 minutes', '2026-01-15T00:00:00Z', 'Asia/Kathmandu', '2026-01-15', 4, '05:45:00'],
    ['a zone behind', '2026-01-15T00:00:00Z', 'America/New_York', '2026-01-14', 3, '19:00:00'],
    ['before 1970', '1969-12-31T23:59:59Z', 'UTC', '1969-12-31', 3, '23:59:59'],
  ])('%s is right', (_, instant, zone, date, weekday, time) => {
    expect(localTime(new Date(instant), zone)).toEqual(at(time, date, weekday))
  })

  test('it agrees with Temporal at 20,000 instants of a century, in zones that change oddly', () => {
    const zones = [
      london,
      'Australia/Lord_Howe',
      'America/Havana',
      'Africa/Casablanca',
      'Pacific/Chatham',
      'UTC',
    ]
    let seed = 7
    const next = (most: number) => (seed = (seed * 48271) % 2147483647) % most
    for (let i = 0; i < 20_000; i++) {
      const zone = zones[i % zones.length]!
      const ms = Date.UTC(1973 + next(100)) + next(365) * 86_400_000 + next(86_400) * 1000
      const zoned = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone)
      expect(localTime(new Date(ms), zone)).toEqual({
        date: zoned.toPlainDate().toString(),
        weekday: zoned.dayOfWeek,
        secondsOfDay: zoned.hour * 3600 + zoned.minute * 60 + zoned.second,
      })
    }
  })

  test('it agrees with Temporal every second around each clock change of six years', () => {
    for (const zone of [london, 'Australia/Lord_Howe', 'America/Sao_Paulo', 'Africa/Casablanca']) {
      for (let year = 2015; year <= 2030; year += 3) {
        const start = Temporal.ZonedDateTime.from(`${year}-01-01T00:00[${zone}]`)
        let change = start.getTimeZoneTransition('next')
        for (let n = 0; n < 2 && change; n++, change = change.getTimeZoneTransition('next')) {
          for (let s = -3; s <= 3; s++) {
            const zoned = change.add({ seconds: s })
            expect(localTime(new Date(zoned.epochMilliseconds), zone)).toMatchObject({
              date: zoned.toPlainDate().toString(),
              secondsOfDay: zoned.hour * 3600 + zoned.minute * 60 + zoned.second,
            })
          }
        }
      }
    }
  })

  test('a hundred thousand readings take less than a second', () => {
    const started = performance.now()
    for (let i = 0; i < 100_000; i++) localTime(new Date(1_789_000_000_000 + i * 1000), london)
    expect(performance.now() - started).toBeLessThan(1000)
  })

  test('clock times are read and said in whole minutes, and 24:00 is the end of the day', () => {
    expect(secondsOf('00:00')).toBe(0)
    expect(secondsOf('09:15')).toBe(33_300)
    expect(secondsOf('24:00')).toBe(86_400)
    expect(clockTimeOf(33_299)).toBe('09:14')
    expect(clockTimeOf(86_399)).toBe('23:59')
  })
})

describe('when a clock time is', () => {
  test.each([
    ['in winter', '2026-01-15', '09:15', london, '2026-01-15T09:15:00Z'],
    ['in summer', '2026-07-01', '09:15', london, '2026-07-01T08:15:00Z'],
    [
      'an hour that spring skips: as much later as the gap',
      '2026-03-29',
      '01:30',
      london,
      '2026-03-29T01:30:00Z',
    ],
    ['an hour that autumn doubles: the first', '2026-10-25', '01:30', london, '2026-10-25T00:30:00Z'],
    ['24:00 of a summer day', '2026-07-01', '24:00', london, '2026-07-01T23:00:00Z'],
    ['24:00 at the end of the short day', '2026-03-29', '24:00', london, '2026-03-29T23:00:00Z'],
    ['24:00 at the end of the long day', '2026-10-25', '24:00', london, '2026-10-26T00:00:00Z'],
    ['24:00 at the end of a year', '2026-12-31', '24:00', london, '2027-01-01T00:00:00Z'],
    ['a midnight that does not exist', '2018-11-03', '24:00', 'America/Sao_Paulo', '2018-11-04T03:00:00Z'],
  ])('%s', (_, date, time, zone, instant) => {
    expect(instantAt(date, time, zone).toISOString()).toBe(new Date(instant).toISOString())
  })
})

describe('which session a time is in', () => {
  const sunday = { date: '2026-09-13', weekday: 7 }
  const monday = { date: '2026-09-14', weekday: 1 }

  test('a school day is one of its weekdays outside every closure, whose both ends are closed', () => {
    const closures = [{ from: '2026-09-14', to: '2026-09-15', name: 'INSET' }]
    expect(isSchoolDay(newSchoolDay, [], monday)).toBe(true)
    expect(isSchoolDay(newSchoolDay, [], sunday)).toBe(false)
    expect(isSchoolDay(newSchoolDay, closures, monday)).toBe(false)
    expect(isSchoolDay(newSchoolDay, closures, { date: '2026-09-15', weekday: 2 })).toBe(false)
    expect(isSchoolDay(newSchoolDay, closures, { date: '2026-09-16', weekday: 3 })).toBe(true)
    expect(isSchoolDay(demo, [], sunday)).toBe(true)
    expect(isSchoolDay({ ...newSchoolDay, days: [] }, [], monday)).toBe(false)
  })

  test('a weekend or a closure has no session at any time', () => {
    expect(sessionAt(newSchoolDay, [], at('09:00:00', '2026-09-13', 7))).toEqual({ kind: 'not-open-day' })
    const closures = [{ from: '2026-09-14', to: '2026-09-14', name: 'INSET' }]
    expect(sessionAt(newSchoolDay, closures, at('09:00:00'))).toEqual({ kind: 'not-open-day' })
  })

  test.each([
    ['00:00:00', 'before'],
    ['08:44:59', 'before'],
    ['08:45:00', 'AM open'],
    ['08:55:00', 'AM open'],
    ['09:14:59', 'AM open'],
    ['09:15:00', 'AM closed'],
    ['12:14:59', 'AM closed'],
    ['12:15:00', 'lunch'],
    ['12:59:59', 'lunch'],
    ['13:00:00', 'PM open'],
    ['13:10:00', 'PM open'],
    ['13:29:59', 'PM open'],
    ['13:30:00', 'PM closed'],
    ['15:14:59', 'PM closed'],
    ['15:15:00', 'after-school'],
    ['23:59:59', 'after-school'],
  ])('at %s a school with a lunch time is at: %s', (time, expected) => {
    expect(say(withLunch, time)).toBe(expected)
  })

  test.each([
    ['12:15:00', 'AM closed'],
    ['12:59:59', 'AM closed'],
    ['13:00:00', 'PM open'],
  ])('at %s a school without a lunch time is at: %s', (time, expected) => {
    expect(say(newSchoolDay, time)).toBe(expected)
  })

  test.each([
    ['00:00:00', 'before'],
    ['20:09:59', 'before'],
    ['20:10:00', 'AM open'],
    ['22:39:59', 'AM open'],
    ['22:40:00', 'AM closed'],
    ['23:56:59', 'AM closed'],
    ['23:57:00', 'PM open'],
    ['23:58:59', 'PM open'],
    ['23:59:00', 'PM closed'],
    ['23:59:59', 'PM closed'],
  ])('at %s the demo day is at: %s', (time, expected) => {
    expect(say(demo, time)).toBe(expected)
  })

  test('empty windows and equal boundaries are no trouble', () => {
    const empty: SchoolDay = {
      ...newSchoolDay,
      lunchStartsAt: '12:00',
      endsAt: '12:00',
      am: { opensAt: '09:00', endsAt: '09:00', closesAt: '09:00' },
      pm: { opensAt: '12:00', endsAt: '12:00', closesAt: '12:00' },
    }
    expect(schoolDaySchema.safeParse(empty).success).toBe(true)
    expect(say(empty, '08:59:59')).toBe('before')
    expect(say(empty, '09:00:00')).toBe('AM closed')
    expect(say(empty, '11:59:59')).toBe('AM closed')
    expect(say(empty, '12:00:00')).toBe('after-school')
    const noLunchWindow = { ...newSchoolDay, lunchStartsAt: '13:00' }
    expect(say(noLunchWindow, '12:59:59')).toBe('AM closed')
    expect(say(noLunchWindow, '13:00:00')).toBe('PM open')
    const lunchAtClose = { ...newSchoolDay, lunchStartsAt: '09:15' }
    expect(say(lunchAtClose, '09:14:59')).toBe('AM open')
    expect(say(lunchAtClose, '09:15:00')).toBe('lunch')
  })

  test.each([
    ['AM', '08:45:00', 0],
    ['AM', '08:55:00', 0],
    ['AM', '08:55:59', 0],
    ['AM', '08:56:00', 1],
    ['AM', '09:14:59', 19],
    ['AM', '12:59:59', 244],
    ['PM', '13:00:00', 0],
    ['PM', '13:10:59', 0],
    ['PM', '13:11:00', 1],
    ['PM', '15:14:59', 124],
  ] as const)('in %s at %s a pupil is %i minutes late', (session, time, minutes) => {
    expect(minutesLate(newSchoolDay, session, at(time).secondsOfDay)).toBe(minutes)
  })
})

describe('whether a school day is over', () => {
  test.each([
    ['the day before', '2026-09-13T22:00:00Z', false],
    ['a second before its end', '2026-09-14T14:14:59Z', false],
    ['at its end', '2026-09-14T14:15:00Z', true],
    ['the next morning', '2026-09-15T05:00:00Z', true],
  ])('%s', (_, now, over) => {
    expect(dayIsOver(newSchoolDay, '2026-09-14', london, new Date(now))).toBe(over)
  })

  test('a day that ends at 24:00 is over at the next local midnight', () => {
    expect(dayIsOver(demo, '2026-09-14', london, new Date('2026-09-14T22:59:59.999Z'))).toBe(false)
    expect(dayIsOver(demo, '2026-09-14', london, new Date('2026-09-14T23:00:00Z'))).toBe(true)
  })

  test('yesterday’s offset never serves today: the Monday after the change ends an hour later in UTC', () => {
    expect(dayIsOver(newSchoolDay, '2026-10-23', london, new Date('2026-10-23T14:15:00Z'))).toBe(true)
    expect(dayIsOver(newSchoolDay, '2026-10-26', london, new Date('2026-10-26T14:15:00Z'))).toBe(false)
    expect(dayIsOver(newSchoolDay, '2026-10-26', london, new Date('2026-10-26T15:15:00Z'))).toBe(true)
  })
})

describe('the next run of a nightly schedule', () => {
  test.each([
    ['later today', '02:30', '2026-01-15T01:00:00Z', '2026-01-15T02:30:00Z'],
    ['strictly after: exactly then means tomorrow', '02:30', '2026-01-15T02:30:00Z', '2026-01-16T02:30:00Z'],
    ['tomorrow, already past', '02:30', '2026-01-15T02:30:01Z', '2026-01-16T02:30:00Z'],
    ['a skipped hour runs once that night', '01:30', '2026-03-29T00:00:00Z', '2026-03-29T01:30:00Z'],
    ['and next at its usual time', '01:30', '2026-03-29T01:30:00Z', '2026-03-30T00:30:00Z'],
    ['02:30 exists on the short night', '02:30', '2026-03-29T00:00:00Z', '2026-03-29T01:30:00Z'],
    ['a doubled hour runs at the first', '01:30', '2026-10-24T23:30:00Z', '2026-10-25T00:30:00Z'],
    ['and not again at the second', '01:30', '2026-10-25T00:30:00Z', '2026-10-26T01:30:00Z'],
    ['midnight', '00:00', '2026-07-01T12:00:00Z', '2026-07-01T23:00:00Z'],
  ])('%s', (_, time, after, expected) => {
    expect(nextRunAt(time, london, new Date(after)).toISOString()).toBe(new Date(expected).toISOString())
  })

  test('it runs once for every local day of a year, whatever the hour', () => {
    for (const time of ['00:00', '00:30', '01:00', '01:30', '02:00', '23:59']) {
      for (const zone of [london, 'America/Havana', 'Australia/Lord_Howe']) {
        let run = new Date('2026-01-01T12:00:00Z')
        const days = new Set<string>()
        for (let i = 0; i < 365; i++) days.add(localTime((run = nextRunAt(time, zone, run)), zone).date)
        expect(days.size).toBe(365)
      }
    }
  })
})
