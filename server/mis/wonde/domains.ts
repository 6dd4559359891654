/** Where Wonde may be reached, and what addresses an answer may send us to (wonde-api.md §1.1, §2.2). */

/** Wonde's own regional domains; no other host ever gets a real token. */
export const WONDE_DOMAINS = [
  'api.wonde.com',
  'api-ap-southeast-2.wonde.com',
  'api-af-south-1.wonde.com',
  'api-us-west-2.wonde.com',
] as const

const HOME = 'https://api.wonde.com/v1.0'

/** The base address of a region as a school's object names it, or `null` if it is none of Wonde's own. */
export function regionBaseUrl(domain: string | null | undefined): string | null {
  const host = domain?.trim().toLowerCase()
  return WONDE_DOMAINS.some((known) => known === host) ? `https://${host}/v1.0` : null
}

/**
 * What to give `createWonde`: an address from the settings (WONDE_URL, SANDBOX_URL) holds alone; without one it
 * is the region stored for the school, else Wonde's home, which tells the region.
 */
export function resolveBaseUrl(
  setting: string | null | undefined,
  region?: string | null,
): { baseUrl: string; fixedOrigin: boolean } {
  if (setting) return { baseUrl: parseBaseUrl(setting), fixedOrigin: true }
  return { baseUrl: regionBaseUrl(region) ?? HOME, fixedOrigin: false }
}

/** A base address without trailing slash; throws on anything that is not plain http or https. */
export function parseBaseUrl(text: string): string {
  const url = new URL(text)
  const plain = url.username === '' && url.password === '' && url.search === '' && url.hash === ''
  if (!plain || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new Error('The provider’s address must be http:// or https:// without login, query or fragment.')
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}

/** The `next` address if it may be asked with our token, else `null`. A fixed origin allows that origin alone. */
export function followable(next: string, askedOrigin: string, fixedOrigin: boolean): URL | null {
  if (!URL.canParse(next)) return null
  const url = new URL(next)
  if (url.username !== '' || url.password !== '') return null
  if (url.origin === askedOrigin) return url
  if (fixedOrigin || url.protocol !== 'https:' || url.port !== '') return null
  return WONDE_DOMAINS.some((known) => known === url.hostname) ? url : null
}
