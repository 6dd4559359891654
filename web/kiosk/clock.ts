/**
 * The time as the server knows it, on a device whose own clock may be wrong (design §2 promise 5: true times).
 * What is kept is the difference; each contact with the server may correct it.
 */

const quickMs = 2000

/**
 * The difference after one more contact: asked and answered are the device's instants around it. Of what a contact
 * allows the least is taken, so that no tap lies ahead of the server and its time stays certain. A slow answer only
 * corrects a difference that cannot be, so that it does not make the clock jump.
 */
export function learned(known: number | null, server: number, asked: number, answered: number): number {
  const least = server - answered
  const slow = answered - asked > quickMs
  return known !== null && slow && known >= least && known <= server - asked ? known : least
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
