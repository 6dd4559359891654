/** The address by which the asker knows this server, for `next` and `region.domain` (contract §4). */
import type { IncomingHttpHeaders } from 'node:http'

const first = (value: string | string[] | undefined): string =>
  (Array.isArray(value) ? value[0] : value)?.split(',')[0]?.trim() ?? ''

/** Ends in /v1.0: of the setting, else of what the request says of itself. */
export function baseAddress(publicUrl: URL | null, headers: IncomingHttpHeaders): string {
  if (publicUrl !== null) {
    return `${publicUrl.origin}${publicUrl.pathname.replace(/\/+$/, '').replace(/\/v1\.0$/, '')}/v1.0`
  }
  const host = first(headers.host)
  const scheme = first(headers['x-forwarded-proto']).toLowerCase() === 'https' ? 'https' : 'http'
  return `${scheme}://${/^[\w.:[\]-]+$/.test(host) ? host : 'localhost'}/v1.0`
}
