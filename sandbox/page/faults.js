/** The switches of the trainer's page: what each is called, what it does in words, and the fault it stands for. */
const marks = 'attendance/session'

export const usual = [
  { name: 'Slow', hint: 'Each answer takes 8 seconds.', fault: { on: '*', kind: 'slow', ms: 8000 } },
  { name: 'Away', hint: '503 to everything.', fault: { on: '*', kind: '503' } },
  {
    name: 'Too many requests',
    hint: '429, with Retry-After 30.',
    fault: { on: '*', kind: '429', ms: 30000 },
  },
  {
    name: 'Accept, then drop the line',
    hint: 'Stores the mark, never answers.',
    fault: { on: marks, kind: 'timeout-after' },
  },
  {
    name: 'Accept, and store nothing',
    hint: 'What Arbor does with no lesson.',
    fault: { on: marks, kind: 'accept-and-drop' },
  },
  {
    name: 'Take marks after all',
    hint: 'An Engage whose API does write back.',
    fault: { on: marks, kind: 'takes-marks' },
  },
  {
    name: 'Refuse the next mark',
    hint: '422, code does not exist.',
    fault: { on: marks, kind: '422', times: 1 },
  },
  { name: 'Empty pupil list', hint: '200 and nobody in it.', fault: { on: 'students', kind: 'empty' } },
  { name: 'Withdraw the key', hint: '401 to everything.', fault: { on: '*', kind: '401' } },
]

export const more = [
  {
    name: 'MIS offline',
    hint: 'Reading is old, marks wait before the MIS.',
    fault: { on: '*', kind: 'offline' },
  },
  {
    name: 'Slow to show',
    hint: 'A mark is in the MIS, and seen a minute later.',
    fault: { on: marks, kind: 'slow-to-show', ms: 60000 },
  },
  {
    name: 'Write-back stuck',
    hint: 'Accepted, and pending until switched off.',
    fault: { on: marks, kind: 'writeback-pending' },
  },
  {
    name: 'Write-back fails',
    hint: 'Accepted, then the MIS says no.',
    fault: { on: marks, kind: 'writeback-failed' },
  },
  {
    name: 'Half the pupil list',
    hint: '200 and every second half missing.',
    fault: { on: 'students', kind: 'half' },
  },
  {
    name: 'Half the staff list',
    hint: '200 and the end of it missing.',
    fault: { on: 'employees', kind: 'half' },
  },
  {
    name: 'Fields not permitted',
    hint: 'Ids and names only, all else null.',
    fault: { on: '*', kind: 'null-fields' },
  },
  {
    name: 'Includes refused',
    hint: '400 to lists that ask for more.',
    fault: { on: '*', kind: '400', method: 'GET' },
  },
  {
    name: 'Reading marks not permitted',
    hint: '403 to reading marks.',
    fault: { on: marks, kind: '403', method: 'GET' },
  },
  { name: 'Not active', hint: '423 to everything.', fault: { on: '*', kind: '423' } },
  {
    name: 'Too many requests, no time told',
    hint: '429, without Retry-After.',
    fault: { on: '*', kind: '429-no-retry-after' },
  },
  { name: 'Broken', hint: '500 to everything.', fault: { on: '*', kind: '500' } },
  { name: 'Maintenance page', hint: '200, and a page of HTML.', fault: { on: '*', kind: 'html' } },
  { name: 'Nobody answers', hint: 'The line is cut at once.', fault: { on: '*', kind: 'down' } },
  {
    name: 'Hang, then nothing',
    hint: 'No answer to a mark, and nothing stored.',
    fault: { on: marks, kind: 'timeout-before', method: 'POST' },
  },
  { name: 'Cut answers', hint: 'JSON that stops in the middle.', fault: { on: '*', kind: 'cut-json' } },
  { name: 'No paging', hint: 'Lists without their pagination.', fault: { on: '*', kind: 'no-pagination' } },
  {
    name: 'More, but no next',
    hint: 'Lists that say more and not where.',
    fault: { on: '*', kind: 'more-without-next' },
  },
  {
    name: 'Next elsewhere',
    hint: 'Lists that lead to another server.',
    fault: { on: '*', kind: 'foreign-next' },
  },
  {
    name: 'Next in a circle',
    hint: 'Lists that lead to themselves.',
    fault: { on: '*', kind: 'looping-next' },
  },
]
