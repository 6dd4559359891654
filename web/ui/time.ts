/** Instants and days in the words of the screens, in the site's own zone. */

const formatters = new Map<string, Intl.DateTimeFormat>()
function formatter(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = zone + JSON.stringify(options)
  let found = formatters.get(key)
  if (found === undefined) {
    found = new Intl.DateTimeFormat('en-GB', { timeZone: zone, ...options })
    formatters.set(key, found)
  }
  return found
}

/** "09:14" */
export function clock(instant: string | number | Date, zone: string): string {
  return formatter(zone, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(instant))
}

/** "09:14:02" */
export function clockWithSeconds(instant: string, zone: string): string {
  return formatter(zone, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(instant))
}

/** The local day of an instant: "2026-11-24". */
export function dayOf(instant: string | number | Date, zone: string): string {
  const parts = formatter(zone, { year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(
    new Date(instant),
  )
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? ''
  return `${part('year')}-${part('month')}-${part('day')}`
}

const noon = (day: string) => new Date(`${day}T12:00:00Z`)

/** "Tuesday 24 November" */
export function longDay(day: string): string {
  return formatter('UTC', { weekday: 'long', day: 'numeric', month: 'long' })
    .format(noon(day))
    .replace(',', '')
}

/** "24 November 2026" */
export function fullDay(day: string): string {
  return formatter('UTC', { day: 'numeric', month: 'long', year: 'numeric' }).format(noon(day))
}

/** "24 Nov" */
export function shortDay(day: string): string {
  return formatter('UTC', { day: 'numeric', month: 'short' }).format(noon(day)).replace('Sept', 'Sep')
}

export function addDays(day: string, days: number): string {
  const date = noon(day)
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}

/** "today", "yesterday" or "on 24 November". */
export function dayInWords(day: string, today: string): string {
  if (day === today) return 'today'
  if (day === addDays(today, -1)) return 'yesterday'
  if (day === addDays(today, 1)) return 'tomorrow'
  return `on ${formatter('UTC', { day: 'numeric', month: 'long' }).format(noon(day))}`
}

/** "today at 09:14", "on 24 November at 09:14" */
export function dayAndClock(instant: string, zone: string, now: number): string {
  return `${dayInWords(dayOf(instant, zone), dayOf(now, zone))} at ${clock(instant, zone)}`
}

/** "now", "12 min ago", "today at 08:02": relative only under an hour. */
export function ago(instant: string, zone: string, now: number): string {
  const minutes = Math.floor((now - Date.parse(instant)) / 60_000)
  if (minutes < 1) return 'just now'
  if (minutes < 60) return `${minutes} min ago`
  return dayAndClock(instant, zone, now)
}

/** Minutes since local midnight. */
export function minuteOf(instant: string | number, zone: string): number {
  const [hours = 0, minutes = 0] = clock(instant, zone).split(':').map(Number)
  return hours * 60 + minutes
}

export function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
}

export function timeOf(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`
}

/** The instant at which the site's clock shows this time on this day. */
export function instantOf(day: string, time: string, zone: string): string {
  const wanted = Date.parse(`${day}T${time}:00Z`)
  let guess = wanted
  for (let i = 0; i < 2; i++) {
    const shown = Date.parse(`${dayOf(guess, zone)}T${clock(guess, zone)}:00Z`)
    guess += wanted - shown
  }
  return new Date(guess).toISOString()
}
