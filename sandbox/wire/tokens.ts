/** Who asks: a token in any of the five forms that clients send (wonde-api.md §1.2). */
import type { World } from '../world/world.ts'
import type { Caller } from './call.ts'

const isToken = (text: string) => /^[0-9a-f]{40}$/i.test(text)

function tokenIn(header: string | undefined): string | null {
  const text = header?.trim() ?? ''
  const [, scheme, rest] = /^(bearer|basic)\s+(\S+)$/i.exec(text) ?? []
  if (scheme === undefined || rest === undefined) return isToken(text) ? text : null
  if (scheme.toLowerCase() === 'bearer' || isToken(rest)) return rest
  const [user = ''] = Buffer.from(rest, 'base64').toString('utf8').split(':')
  return user
}

/** The caller of a request, or null for a token that is missing or wrong. */
export function identify(world: World, header: string | undefined): Caller | null {
  const token = tokenIn(header)?.toLowerCase()
  if (token === undefined) return null
  if (token === world.applicationToken) return { kind: 'application' }
  const school = world.schools.find((one) => one.token === token)
  return school === undefined ? null : { kind: 'school', school }
}
