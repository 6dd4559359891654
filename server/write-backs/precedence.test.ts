import { describe, expect, test } from 'vitest'
import {
  conflictRuleOf,
  decideCorrection,
  decideMark,
  decideRecall,
  decideVoid,
  judgeReading,
  noticeOf,
  standing,
} from './precedence.ts'
import type { ConflictRule, MarkDecision, MarkValue, Situation, Standing } from './precedence.ts'

const theirs = (code: string | null): Standing => ({ code, readable: true, ours: false })
const ours = (code: string): Standing => ({ code, readable: true, ours: true })
const unreadable: Standing = { code: null, readable: false, ours: false }
const theirsAll = (letters: string) => letters.split(' ').map(theirs)
const oursAll = (letters: string) => letters.split(' ').map(ours)

type Outcome = 'write' | 'nothing' | 'tell' | 'ask' | 'alert' | 'earliest'
const situations: Situation[] = ['A', 'B', 'C', 'D', 'E', 'R', 'R-after']

// Attendance reference §5 typed anew in words: A, B, C, D, E, R, and R after the close.
const table: [row: number, stands: Standing[], outcomes: Outcome[]][] = [
  [1, [theirs(null)], ['write', 'write', 'write', 'write', 'tell', 'write', 'write']],
  [2, [theirs('N'), ours('N')], ['write', 'write', 'write', 'write', 'tell', 'write', 'write']],
  [3, theirsAll('/ \\'), ['ask', 'ask', 'ask', 'nothing', 'nothing', 'nothing', 'nothing']],
  [4, theirsAll('L'), ['nothing', 'ask', 'ask', 'nothing', 'nothing', 'nothing', 'nothing']],
  [5, theirsAll('U'), ['ask', 'ask', 'ask', 'nothing', 'nothing', 'nothing', 'nothing']],
  [6, theirsAll('C C1 C2 I J1 M R S T'), ['ask', 'nothing', 'ask', 'ask', 'nothing', 'ask', 'nothing']],
  [7, theirsAll('E'), ['alert', 'alert', 'nothing', 'nothing', 'nothing', 'alert', 'alert']],
  [8, theirsAll('G O'), ['ask', 'ask', 'ask', 'ask', 'tell', 'ask', 'nothing']],
  [9, theirsAll('B K P V W'), ['ask', 'ask', 'ask', 'ask', 'nothing', 'nothing', 'nothing']],
  [10, theirsAll('D'), ['alert', 'alert', 'nothing', 'nothing', 'nothing', 'nothing', 'nothing']],
  [11, theirsAll('X'), ['nothing', 'nothing', 'nothing', 'nothing', 'nothing', 'nothing', 'nothing']],
  [
    12,
    theirsAll('Q Y1 Y2 Y3 Y4 Y5 Y6 Y7'),
    ['ask', 'ask', 'nothing', 'nothing', 'nothing', 'ask', 'nothing'],
  ],
  [13, theirsAll('# Z'), ['tell', 'tell', 'nothing', 'nothing', 'nothing', 'nothing', 'nothing']],
  [
    14,
    [...theirsAll('H J Y F X06 I02 < > ? $ a % ` : | _ LT l m 10'), ours('LT')],
    ['alert', 'alert', 'alert', 'alert', 'nothing', 'alert', 'alert'],
  ],
  [15, [unreadable], ['write', 'write', 'write', 'ask', 'nothing', 'write', 'write']],
  [16, oursAll('L U'), ['earliest', 'earliest', 'nothing', 'nothing', 'nothing', 'nothing', 'nothing']],
  [
    17,
    oursAll('C C1 I J1 M O Y1 Y2 S G'),
    ['write', 'nothing', 'write', 'write', 'nothing', 'write', 'nothing'],
  ],
]

/** A code that a movement of that kind owes and that does not stand already (rule 7 is tested apart). */
function owedIn(situation: Situation, stands: Standing): string {
  const wanted = { A: 'L', B: 'U', C: 'M', D: 'M', E: 'M', R: 'L', 'R-after': 'U' }[situation]
  return stands.code === wanted ? (wanted === 'M' ? 'I' : 'M') : wanted
}

function outcomeOf(decision: MarkDecision): Outcome {
  if (decision.do === 'write') return 'write'
  if (decision.do === 'conflict') return decision.alert ? 'alert' : 'ask'
  return decision.notice ? 'tell' : 'nothing'
}

function underRule(outcome: Outcome, rule: ConflictRule): Outcome {
  if (outcome !== 'ask' || rule === 'ask') return outcome
  return rule === 'keep-theirs' ? 'nothing' : 'write'
}

describe.each(table)('row %i of the table of precedence', (row, stands, outcomes) => {
  const cases = stands.flatMap((mark) =>
    situations.map((situation, i) => ({ mark, situation, outcome: outcomes[i]! })),
  )

  test.each(cases)('$mark.code in situation $situation: $outcome', ({ mark, situation, outcome }) => {
    expect(standing(mark)).toBe(row)
    const owedCode = owedIn(situation, mark)
    for (const conflictRule of ['ask', 'keep-theirs', 'reason-wins'] as const) {
      const input = { situation, stands: mark, owedCode, conflictRule }
      if (outcome === 'earliest') {
        expect(outcomeOf(decideMark({ ...input, earlierThanOurs: true }))).toBe('write')
        expect(decideMark({ ...input, earlierThanOurs: false })).toMatchObject({
          do: 'not-required',
          causeCode: 'attendance.already_late',
        })
        expect(outcomeOf(decideMark(input))).toBe('nothing')
      } else {
        expect(outcomeOf(decideMark(input))).toBe(underRule(outcome, conflictRule))
      }
    }
  })

  test.each(cases)(
    '$mark.code in situation $situation: whether the office hears of it',
    ({ mark, situation, outcome }) => {
      const notice = noticeOf(situation, mark)
      expect(notice === null ? null : notice.alert ? 'alert' : 'tell').toBe(
        outcome === 'tell' || outcome === 'alert' ? outcome : null,
      )
    },
  )
})

test('the table above has all 17 rows and every code of England', () => {
  expect(table.map(([row]) => row)).toEqual(Array.from({ length: 17 }, (_, i) => i + 1))
})

describe('rule 7, the same mark', () => {
  test.each([
    ['L', 'A'],
    ['U', 'B'],
    ['M', 'A'],
    ['M', 'B'],
    ['E', 'C'],
    ['LT', 'A'],
    ['#', 'A'],
    ['V', 'D'],
  ] as const)('%s stands and is owed (%s): nothing to do, under every setting', (code, situation) => {
    for (const conflictRule of ['ask', 'keep-theirs', 'reason-wins'] as const) {
      expect(decideMark({ situation, stands: theirs(code), owedCode: code, conflictRule })).toMatchObject({
        do: 'not-required',
        causeCode: 'attendance.same_mark',
        notice: false,
      })
    }
  })

  test('case is kept: l is not L', () => {
    const input = { situation: 'A', stands: theirs('l'), owedCode: 'L', conflictRule: 'ask' } as const
    expect(decideMark(input)).toMatchObject({ do: 'conflict', alert: true })
  })

  test('our own mark, the same again', () => {
    const input = { situation: 'D', stands: ours('M'), owedCode: 'M', conflictRule: 'ask' } as const
    expect(decideMark(input)).toMatchObject({ do: 'not-required', causeCode: 'attendance.same_mark' })
  })

  test('an earlier arrival is written over our own late mark for its minutes alone', () => {
    const input = { situation: 'A', stands: ours('L'), owedCode: 'L', conflictRule: 'ask' } as const
    expect(decideMark({ ...input, earlierThanOurs: true })).toMatchObject({ do: 'write' })
    expect(decideMark({ ...input, earlierThanOurs: false })).toMatchObject({
      causeCode: 'attendance.already_late',
    })
  })

  test('nothing can be the same where reading is not permitted', () => {
    const stands = { code: 'L', readable: false, ours: false }
    expect(decideMark({ situation: 'A', stands, owedCode: 'L', conflictRule: 'ask' })).toMatchObject({
      do: 'write',
    })
  })
})

describe('causes', () => {
  test.each([
    [
      '?',
      { situation: 'A', stands: theirs('/'), owedCode: 'L', conflictRule: 'ask' },
      'attendance.their_mark',
    ],
    [
      '? kept',
      { situation: 'A', stands: theirs('/'), owedCode: 'L', conflictRule: 'keep-theirs' },
      'attendance.their_mark',
    ],
    [
      '–',
      { situation: 'D', stands: theirs('/'), owedCode: 'M', conflictRule: 'ask' },
      'attendance.their_mark',
    ],
    [
      '†',
      { situation: 'A', stands: theirs('E'), owedCode: 'L', conflictRule: 'ask' },
      'attendance.their_mark',
    ],
    [
      'E',
      { situation: 'E', stands: theirs(null), owedCode: 'M', conflictRule: 'ask' },
      'attendance.mark_stands',
    ],
    [
      'ours',
      { situation: 'B', stands: ours('M'), owedCode: 'U', conflictRule: 'ask' },
      'attendance.mark_stands',
    ],
    [
      'blind',
      { situation: 'D', stands: unreadable, owedCode: 'M', conflictRule: 'ask' },
      'attendance.cannot_look',
    ],
  ] as const)('%s says why', (_, input, causeCode) => {
    expect(decideMark(input)).toMatchObject({ causeCode })
  })

  test('a reason’s setting beats the site’s', () => {
    expect(conflictRuleOf('site', 'keep-theirs')).toBe('keep-theirs')
    expect(conflictRuleOf(null, 'ask')).toBe('ask')
    expect(conflictRuleOf('ask', 'keep-theirs')).toBe('ask')
    expect(conflictRuleOf('reason-wins', 'keep-theirs')).toBe('reason-wins')
  })
})

describe('a corrected movement', () => {
  const base = { situation: 'A', conflictRule: 'ask', owedMinutes: null, oursMinutes: null } as const

  test('over our own mark is written wherever the code differs, whatever the table says of a second movement', () => {
    for (const situation of situations) {
      const input = { ...base, situation, stands: ours('U'), owedCode: 'M' }
      expect(decideCorrection(input)).toMatchObject({ do: 'write' })
    }
    expect(decideCorrection({ ...base, stands: ours('LT'), owedCode: 'L' })).toMatchObject({ do: 'write' })
  })
  test('or the minutes do, later as well as earlier', () => {
    const input = { ...base, stands: ours('L'), owedCode: 'L', oursMinutes: 5 }
    expect(decideCorrection({ ...input, owedMinutes: 25 })).toMatchObject({ do: 'write' })
    expect(decideCorrection({ ...input, owedMinutes: 0 })).toMatchObject({ do: 'write' })
    expect(decideCorrection({ ...input, owedMinutes: 5 })).toMatchObject({
      causeCode: 'attendance.same_mark',
    })
    const none = { ...base, stands: ours('L'), owedCode: 'L', oursMinutes: null, owedMinutes: 0 }
    expect(decideCorrection(none)).toMatchObject({ causeCode: 'attendance.same_mark' })
  })
  test('over anything else is decided like any mark', () => {
    expect(decideCorrection({ ...base, stands: theirs('/'), owedCode: 'L' })).toMatchObject({
      do: 'conflict',
    })
    expect(decideCorrection({ ...base, stands: theirs(null), owedCode: 'L' })).toMatchObject({ do: 'write' })
    expect(decideCorrection({ ...base, situation: 'D', stands: unreadable, owedCode: 'M' })).toMatchObject({
      do: 'conflict',
      causeCode: 'attendance.cannot_look',
    })
  })
})

describe('a voided movement whose mark went out', () => {
  const base = { stands: ours('L'), dayOver: false }

  test.each(['N', '/', '\\', 'M', 'LT'])('puts back %s, which stood there before', (code) => {
    expect(decideVoid({ ...base, before: code })).toMatchObject({ do: 'write', code })
  })
  test('asks where nothing stood before, or nobody knows, or the code is withdrawn', () => {
    for (const before of [null, undefined, 'H'])
      expect(decideVoid({ ...base, before })).toMatchObject({
        do: 'conflict',
        causeCode: 'attendance.cannot_clear',
      })
  })
  test('leaves alone what somebody has marked since', () => {
    expect(decideVoid({ ...base, stands: theirs('/'), before: null })).toMatchObject({
      do: 'not-required',
      causeCode: 'attendance.their_mark',
    })
  })
  test('does not take the old mark, still shown, for a newer word', () => {
    expect(decideVoid({ ...base, stands: theirs('N'), before: 'N' })).toMatchObject({
      do: 'write',
      code: 'N',
    })
    expect(decideVoid({ ...base, stands: theirs(null), before: null })).toMatchObject({ do: 'conflict' })
  })
  test('asks where marks cannot be read', () => {
    expect(decideVoid({ ...base, stands: unreadable, before: undefined })).toMatchObject({ do: 'conflict' })
  })
  test('of an earlier day is held', () => {
    expect(decideVoid({ ...base, before: 'N', dayOver: true })).toMatchObject({
      do: 'held',
      causeCode: 'attendance.day_over',
    })
  })
})

describe('a mark that a return overtakes', () => {
  test.each(['waiting', 'held', 'conflict', 'refused'] as const)(
    '%s: it never went, so it is superseded',
    (state) => {
      expect(decideRecall(state, 'L', false)).toBe('supersede')
      expect(decideRecall(state, null, true)).toBe('supersede')
    },
  )
  test.each(['sending', 'sent', 'confirmed', 'unconfirmed'] as const)(
    '%s: the return’s code replaces it, without one a person is asked',
    (state) => {
      expect(decideRecall(state, 'L', false)).toBe('replace')
      expect(decideRecall(state, null, false)).toBe('ask')
      expect(decideRecall(state, '/', false)).toBe('ask')
      expect(decideRecall(state, 'L', true)).toBe('hold')
      expect(decideRecall(state, null, true)).toBe('ask')
    },
  )
  test.each([null, 'not-required', 'superseded', 'resolved'] as const)('%s: nothing to overtake', (state) => {
    expect(decideRecall(state, 'L', false)).toBe('nothing')
  })
})

describe('reading back', () => {
  const sent: MarkValue = { code: 'L', minutesLate: 19, comment: 'Traffic, arrived 09:14' }
  const judge = (seen: MarkValue | null, more: Partial<Parameters<typeof judgeReading>[0]> = {}) =>
    judgeReading({ sent, stood: null, older: [], seen, ...more })

  test('our code where another stood, or none, is confirmed', () => {
    expect(judge({ code: 'L', minutesLate: 19 })).toBe('confirmed')
    expect(judge({ code: 'L', minutesLate: 19 }, { stood: { code: 'N' } })).toBe('confirmed')
  })
  test('it is confirmed where the MIS keeps no minutes or comment', () => {
    expect(judge({ code: 'L' })).toBe('confirmed')
    expect(judge({ code: 'L', minutesLate: null, comment: null })).toBe('confirmed')
  })
  test('nothing there, or what stood when we sent, is not yet', () => {
    expect(judge(null)).toBe('not-yet')
    expect(judge({ code: 'N' }, { stood: { code: 'N' } })).toBe('not-yet')
    expect(judge(null, { stood: { code: 'N' } })).toBe('not-yet')
  })
  test('an older value of ours is not yet', () => {
    expect(judge({ code: 'U' }, { older: [{ code: 'U', minutesLate: 40 }] })).toBe('not-yet')
  })
  test('only a third value is a conflict', () => {
    expect(judge({ code: '/' })).toBe('conflict')
    expect(judge({ code: 'M' }, { stood: { code: 'N' }, older: [{ code: 'U' }] })).toBe('conflict')
  })
  test('where we could not look before, nothing can be called a third value', () => {
    expect(judge({ code: 'N' }, { stood: undefined })).toBe('not-yet')
    expect(judge({ code: 'L' }, { stood: undefined })).toBe('confirmed')
  })

  describe('minutes alone put right', () => {
    const old: MarkValue = { code: 'L', minutesLate: 30, comment: 'Traffic, arrived 09:25' }
    test('the old minutes are not yet, the new ones confirmed', () => {
      expect(judge({ code: 'L', minutesLate: 30 }, { stood: old })).toBe('not-yet')
      expect(judge({ code: 'L', minutesLate: 30 }, { older: [old] })).toBe('not-yet')
      expect(judge({ code: 'L', minutesLate: 19 }, { stood: old })).toBe('confirmed')
    })
    test('the comment tells where minutes are not given back', () => {
      expect(judge({ code: 'L', comment: old.comment! }, { stood: old })).toBe('not-yet')
      expect(judge({ code: 'L', comment: sent.comment! }, { stood: old })).toBe('confirmed')
    })
    test('where neither is, nobody can say', () => {
      expect(judge({ code: 'L' }, { stood: old })).toBe('not-yet')
    })
    test('the very same mark sent again is there', () => {
      expect(judge({ code: 'L', minutesLate: 19 }, { older: [sent] })).toBe('confirmed')
    })
  })
})
