/**
 * The time as the server knows it, on a device whose own clock may be wrong (design §2 promise 5: true times).
 * What is kept is the difference; each contact with the server may correct it.
 */

/**
 * The difference after one more contact: asked and answered are the device's instants around it. A difference that
 * this contact allows is left alone, so that a slow answer does not make the clock jump.
 */
export function learned(known: number | null, server: number, asked: number, answered: number): number {
  const least = server - answered
  const most = server - asked
  if (known !== null && known >= least && known <= most) return known
  return Math.round((least + most) / 2)
}

/** "9.14", "1.42": the time as the kiosk says it. */
export function spoken(instant: number, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hour: 'numeric',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(instant)
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? ''
  return `${Number(part('hour')) % 12 || 12}.${part('minute').padStart(2, '0')}`
}

/** Which greeting the hour asks for. */
export function greeting(instant: number, zone: string): 'goodMorning' | 'goodAfternoon' | 'goodEvening' {
  const hour = Number(
    new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', hourCycle: 'h23' }).format(instant),
  )
  if (hour < 12) return 'goodMorning'
  return hour < 18 ? 'goodAfternoon' : 'goodEvening'
}
