/** Small things of the trainer's page: making elements, and saying times, marks and switches in words. */

export const zone = 'Europe/London'

/** An element with properties, attributes and what stands in it. */
export function node(tag, props = {}, ...children) {
  const made = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (name in made && name !== 'list') made[name] = value
    else made.setAttribute(name, value)
  }
  made.append(...children)
  return made
}

export const clock = (at, second) =>
  new Date(at).toLocaleTimeString('en-GB', {
    timeZone: zone,
    hour: '2-digit',
    minute: '2-digit',
    ...(second && { second: '2-digit' }),
  })

export const shortDay = (day) =>
  new Date(`${day}T12:00:00Z`).toLocaleDateString('en-GB', {
    timeZone: 'UTC',
    weekday: 'short',
    day: 'numeric',
  })

export function kindOf({ code, by, outside }) {
  if (code === null) return outside === null ? 'none' : 'lost'
  if (by === 'outside') return 'outside'
  return outside !== null && outside.code !== code ? 'both' : 'teacher'
}

/** A mark in words, for those who do not see its colour. */
export function words({ code, by, at, minutesLate, comment, outside }) {
  const extra = (one) =>
    `${one.minutesLate ? `, ${one.minutesLate} minutes late` : ''}${one.comment ? `, “${one.comment}”` : ''}`
  if (code === null && outside === null) return 'no mark'
  if (code === null)
    return `${outside.code} came from outside at ${clock(outside.at, true)} and is not in the register`
  const who = by === 'outside' ? 'from outside' : 'a teacher'
  const wanted =
    by === 'teacher' && outside !== null && outside.code !== code ? `; outside wants ${outside.code}` : ''
  return `${code}, ${who} at ${clock(at, true)}${extra({ minutesLate, comment })}${wanted}`
}

export const lasting = (total) =>
  total < 60 ? `${total} s` : `${Math.floor(total / 60)} min ${total % 60} s`

export function same(a, b) {
  return a.on === b.on && a.kind === b.kind && (a.method ?? null) === (b.method ?? null)
}
