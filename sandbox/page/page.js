/** The trainer's page: reads one form's board every second, and does what a teacher or an office would do. */
import { more, usual } from './faults.js'
import { clock, kindOf, lasting, node, same, shortDay, words, zone } from './words.js'

const $ = (id) => document.getElementById(id)
/** @type {Record<string, any>} */
const state = { schools: [], school: null, form: null, board: null, chosen: null, shown: {}, outside: null }

async function ask(path, method = 'GET', body) {
  const key = sessionStorage.getItem('control-key')
  const headers = {
    ...(body && { 'content-type': 'application/json' }),
    ...(key && { authorization: `Bearer ${key}` }),
  }
  const reply = await fetch(`/control${path}`, {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  })
  const answer = await reply.json()
  if (reply.ok) return answer
  throw Object.assign(new Error(answer.error.message), { status: reply.status })
}

const here = (path) => `/schools/${state.school.id}${path}`

/** Does something, tells what went wrong, and reads again at once. */
async function act(deed) {
  try {
    const result = await deed()
    await refresh()
    return result
  } catch (error) {
    trouble(error)
    return null
  }
}

function trouble(error) {
  $('locked').hidden = error?.status !== 401
  if (error?.status === 401) $('main').hidden = true
  const offline = error instanceof TypeError
  $('trouble').hidden = !error || error.status === 401
  $('trouble').textContent = offline
    ? 'The sandbox does not answer. This page tries again every second.'
    : (error?.message ?? '')
  $('live').textContent = error ? 'Not live' : 'Live'
  $('live').classList.toggle('gone', Boolean(error))
}

async function refresh() {
  try {
    if (state.schools.length === 0) await readSchools()
    const wanted = state.form === null ? '' : `?regGroup=${encodeURIComponent(state.form)}`
    state.board = await ask(here(`/board${wanted}`))
    state.form = state.board.regGroup
    trouble(null)
    $('main').hidden = false
    draw()
  } catch (error) {
    trouble(error)
  }
}

async function readSchools() {
  state.schools = (await ask('/schools')).data
  const wanted = sessionStorage.getItem('school')
  state.school = state.schools.find(({ id }) => id === wanted) ?? state.schools[0]
  $('school').replaceChildren(
    ...state.schools.map(({ id, name, mis }) => node('option', { value: id }, `${name}, ${mis}`)),
  )
  $('school').value = state.school.id
}

/** Draws a part only when what it shows has changed, so that focus and open menus stay. */
function ifChanged(part, value, drawPart) {
  const text = JSON.stringify(value)
  if (state.shown[part] === text) return
  state.shown[part] = text
  const focus = document.activeElement?.dataset?.key
  drawPart()
  if (focus) document.querySelector(`[data-key="${CSS.escape(focus)}"]`)?.focus()
}

function draw() {
  const { board, school } = state
  const { regGroups, regGroup, teacher, students, days, faults, access } = board
  $('title').textContent = `Register of ${regGroup}`
  $('subtitle').textContent =
    `${teacher ?? 'No teacher'}. ${when({ weekday: 'long', day: 'numeric', month: 'long' })}, ${clock(board.now)}`
  $('faults-for').textContent = `For ${school.name} only, until you switch it off.`
  ifChanged('forms', [regGroups, regGroup], () => {
    $('form').replaceChildren(...regGroups.map((name) => node('option', { value: name }, name)))
    $('form').value = regGroup
  })
  $('mark-class').textContent = teacher
    ? `Let ${teacher.replace(/ .(?= )/u, '')} mark the class`
    : 'Let a teacher mark the class'
  ifChanged('register', [students, days, session()], drawRegister)
  ifChanged(
    'faults',
    [faults.map((fault) => ({ ...fault, for: seconds(fault.since) })), access, school.id],
    drawFaults,
  )
  ifChanged('requests', board.requests, drawRequests)
  if (!$('roll').open) ifChanged('people', [students, board.leavers, board.employees], drawPeople)
  drawTip()
}

const when = (parts) => new Date(state.board.now).toLocaleDateString('en-GB', { timeZone: zone, ...parts })
const session = () => (Number(clock(state.board.now).slice(0, 2)) < 12 ? 'AM' : 'PM')
const seconds = (since) => Math.max(0, Math.round((Date.parse(state.board.now) - Date.parse(since)) / 1000))

function drawRegister() {
  const { students, days } = state.board
  const today = days.length - 1
  const heads = days.flatMap((day, i) =>
    i < today
      ? [node('th', { colSpan: 2, scope: 'colgroup', className: 'past' }, shortDay(day))]
      : [
          node('th', { scope: 'col', className: session() === 'AM' ? 'now' : '' }, 'Today AM'),
          node('th', { scope: 'col', className: session() === 'PM' ? 'now' : '' }, 'Today PM'),
        ],
  )
  const count = `${students.length} ${students.length === 1 ? 'pupil' : 'pupils'}`
  $('register').tHead.replaceChildren(node('tr', {}, node('th', { scope: 'col' }, count), ...heads))
  $('register').tBodies[0].replaceChildren(
    ...students.map((student) =>
      node(
        'tr',
        {},
        node('th', { scope: 'row', title: student.name }, student.name),
        ...student.marks.map((mark, i) => cell(student, mark, i, today)),
      ),
    ),
  )
}

function cell(student, mark, i, today) {
  const day = Math.floor(i / 2)
  const of = i % 2 === 0 ? 'AM' : 'PM'
  const kind = kindOf(mark)
  const letter = mark.code ?? mark.outside?.code ?? ''
  const said = `${student.name}, ${shortDay(state.board.days[day])} ${of}: ${words(mark)}`
  const now = day === today && of === session() ? 'now' : ''
  if (day < today)
    return node(
      'td',
      { className: 'past' },
      node('span', { className: `mark ${kind}`, role: 'img', 'aria-label': said, title: said }, letter),
    )
  const button = node(
    'button',
    { type: 'button', className: `mark ${kind}`, 'aria-label': said, title: said },
    letter,
  )
  button.dataset.key = `${student.student} ${of}`
  button.addEventListener('click', () => openMark(student, of, mark))
  return node('td', { className: now }, button)
}

/** The newest that came from outside in this form today. */
function drawTip() {
  const { students, days } = state.board
  const latest = students
    .flatMap((student) =>
      student.marks.slice(-2).map((mark, i) => ({ student, mark, of: i === 0 ? 'AM' : 'PM' })),
    )
    .filter(({ mark }) => mark.outside !== null)
    .sort((a, b) => (a.mark.outside.at < b.mark.outside.at ? 1 : -1))[0]
  $('tip').hidden = latest === undefined
  if (latest === undefined) return
  const { outside } = latest.mark
  const times = outside.times === 1 ? 'Sent once.' : `Sent ${outside.times} times.`
  const late = outside.minutesLate ? `, ${outside.minutesLate} minutes late` : ''
  const comment = outside.comment ? `, “${outside.comment}”` : ''
  const text = `${outside.code} from outside at ${clock(outside.at, true)}${late}${comment}. ${times}`
  $('tip').replaceChildren(node('b', {}, `${latest.student.name}, today ${latest.of}. `), text)
  const news = `${days.at(-1)} ${latest.student.name} ${text}`
  if (state.outside !== null && state.outside !== news)
    $('news').textContent = `${latest.student.name}: ${text}`
  state.outside = news
}

function openMark(student, of, mark) {
  state.chosen = { student: student.student, session: of }
  $('mark-title').textContent = `${student.name}, today ${of}`
  $('mark-now').textContent = `Now: ${words(mark)}.`
  $('code').replaceChildren(
    ...state.board.codes.map(({ code, description }) =>
      node('option', { value: code }, `${code}  ${description}`),
    ),
  )
  $('code').value = mark.code ?? (of === 'AM' ? '/' : '\\')
  $('mark').showModal()
}

function drawFaults() {
  const { faults, access } = state.board
  const known = [...usual, ...more]
  const others = faults
    .filter((fault) => !known.some((one) => same(one.fault, fault)))
    .map((fault) => ({ name: `${fault.kind} on ${fault.on}`, hint: 'Set through the control API.', fault }))
  const withdrawn = {
    name: 'Approval withdrawn',
    hint: '403 to everything, as when a school revokes us.',
    on: access !== 'approved',
    turn: (on) => ask(here('/access'), 'PUT', { state: on ? 'revoked' : 'approved' }),
  }
  $('faults').replaceChildren(...[...usual, ...others].map(faultRow))
  $('more-faults').replaceChildren(switchRow(withdrawn), ...more.map(faultRow))
  const hidden = more.some(({ fault }) => faults.some((one) => same(one, fault))) || withdrawn.on
  if (hidden) $('more').open = true
}

function faultRow({ name, hint, fault }) {
  const on = state.board.faults.find((one) => same(one, fault))
  const used = on && `${on.used} ${on.used === 1 ? 'request' : 'requests'}`
  const left = on?.times ? `, ${on.times} to come` : ''
  const said = on ? `On for ${lasting(seconds(on.since))}, ${used}${left}` : ''
  const turn = (wanted) => {
    const rest = state.board.faults.filter((one) => !same(one, fault))
    return ask(here('/faults'), 'PUT', { data: wanted ? [...rest, fault] : rest })
  }
  return switchRow({ name, hint, on: Boolean(on), turn, said })
}

function switchRow({ name, hint, on, turn, said = '' }) {
  const button = node('button', {
    type: 'button',
    className: 'switch',
    role: 'switch',
    'aria-checked': String(on),
    'aria-label': name,
  })
  button.dataset.key = `switch ${name}`
  button.addEventListener('click', () => act(() => turn(!on)))
  const hints = node('span', { className: 'hint' }, hint)
  if (said) hints.append(' ', node('b', {}, said))
  return node('li', {}, node('span', { className: 'name' }, name), button, hints)
}

function drawRequests() {
  const rows = state.board.requests.toReversed().map(({ at, method, path, query, status, ms, fault }) => {
    const short = path.replace(/^\/v1\.0\/(meta\/)?schools\/[^/]+/, '$1').replace(/^\/(?=.)/, '') || 'school'
    const answer = status === null ? (ms === null ? '…' : 'cut') : String(status)
    return node(
      'tr',
      { title: `${method} ${path}${query ? `?${query}` : ''}${fault ? ` (${fault})` : ''}` },
      node('td', {}, clock(at, true)),
      node('td', { className: method === 'GET' ? '' : 'write' }, `${method} ${short}`),
      node('td', { className: status === 200 ? 'good' : 'bad' }, answer),
      node('td', {}, ms === null ? '' : `${ms} ms`),
    )
  })
  const none = node('tr', {}, node('td', { colSpan: 4 }, 'Nobody has asked yet.'))
  $('requests').tBodies[0].replaceChildren(...(rows.length > 0 ? rows : [none]))
}

function drawPeople() {
  const { students, leavers, employees } = state.board
  const fill = (id, rows) =>
    $(id).replaceChildren(...rows.map(([value, text]) => node('option', { value }, text)))
  fill(
    'pupil',
    students.map(({ student, name }) => [student, name]),
  )
  fill(
    'leaver',
    leavers.map(({ student, name }) => [student, name]),
  )
  fill(
    'employee',
    employees.map(({ employee, name, role }) => [employee, `${name}, ${role}`]),
  )
}

async function roll(body, told) {
  const result = await act(() => ask(here('/roll'), 'POST', body))
  if (result === null) return
  $('rolled').textContent = told(result)
  drawPeople()
}

async function markClass() {
  const { board } = state
  const now = session()
  const unmarked = board.students.filter(({ marks }) => marks.at(now === 'AM' ? -2 : -1).code === null)
  const code = now === 'AM' ? '/' : '\\'
  const marks = unmarked.map(({ student }) => ({ student, date: board.days.at(-1), session: now, code }))
  if (marks.length > 0) await act(() => ask(here('/marks'), 'POST', { marks }))
}

function listen(id, event, deed) {
  $(id).addEventListener(event, deed)
}

listen('school', 'change', () => {
  state.school = state.schools.find(({ id }) => id === $('school').value)
  sessionStorage.setItem('school', state.school.id)
  Object.assign(state, { form: null, outside: null, shown: {} })
  void refresh()
})
listen('form', 'change', () => {
  Object.assign(state, { form: $('form').value, outside: null })
  void refresh()
})
listen('mark-class', 'click', () => void markClass())
listen('mark-do', 'click', async () => {
  $('mark').close()
  await act(() =>
    ask(here('/marks'), 'POST', { ...state.chosen, date: state.board.days.at(-1), code: $('code').value }),
  )
})
listen('open-roll', 'click', () => {
  $('rolled').textContent = ''
  $('roll').showModal()
})
listen(
  'join-do',
  'click',
  () => void roll({ join: Number($('join').value) }, ({ joined }) => `${joined.length} joined.`),
)
listen('leave-do', 'click', () => void roll({ leave: [$('pupil').value] }, () => 'One pupil left.'))
listen(
  'rename-do',
  'click',
  () => void roll({ rename: [$('pupil').value] }, () => 'One pupil has a new surname.'),
)
listen('rejoin-do', 'click', () => void roll({ rejoin: [$('leaver').value] }, () => 'One pupil came back.'))
listen('end-do', 'click', () => void roll({ employeesEnd: [$('employee').value] }, () => 'One post ended.'))
listen(
  'over-do',
  'click',
  () =>
    void roll(
      { rollOver: true },
      ({ rolledOver, left, joined }) =>
        `${rolledOver} went up, ${left.length} left, ${joined.length} joined.`,
    ),
)
listen('open-reset', 'click', () => $('reset').showModal())
listen('reset-do', 'click', async () => {
  $('reset').close()
  Object.assign(state, { outside: null, shown: {} })
  await act(() => ask('/reset', 'POST', {}))
})
listen('unlock', 'click', () => {
  sessionStorage.setItem('control-key', $('key').value)
  void refresh()
})
for (const button of document.querySelectorAll('[data-close]')) {
  button.addEventListener('click', () => button.closest('dialog').close())
}

await refresh()
setInterval(() => void refresh(), 1000)
