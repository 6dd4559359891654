/**
 * A list, page by page (wonde-api.md §2.2, §2.3). Every doubt whether a list is whole ends in `unreadable`: a list
 * that was cut silently would make leavers of everybody after the cut.
 */
import { MisError } from '../mis.ts'
import { isObject, unreadable } from './answers.ts'
import { followable } from './domains.ts'

export type List = {
  /** Path below the base address, already safe. */
  path: string
  query: Record<string, string>
  includes: string[]
}

export type Asking = {
  base: string
  fixedOrigin: boolean
  perPage: number
  fewerPerPage: number
  maxPages: number
  /** One GET, paced and perhaps repeated, as `read` understands its answer. */
  get<T>(url: URL, read: (body: Record<string, unknown>) => T): Promise<T>
}

type Page = { rows: unknown[]; next: string | null }
type Start = { page: Page; url: URL; perPage: number; refused: string[] }

/** Yields the raw records of each page. `onRefused` hears, before the first page, which includes were refused. */
export async function* readPages(
  asking: Asking,
  list: List,
  onRefused: (includes: string[]) => void = () => undefined,
): AsyncGenerator<unknown[]> {
  const start = await firstPage(asking, list)
  onRefused(start.refused)
  const seen = new Set([start.url.href])
  let { page, url } = start
  for (let pages = 1; ; pages++) {
    yield page.rows
    if (page.next === null) return
    if (pages >= asking.maxPages) throw unreadable(`The list did not end after ${pages} pages.`, get)
    const next = followable(page.next, url.origin, asking.fixedOrigin)
    if (next === null) throw unreadable('The provider’s next page lies at a foreign address.', get)
    if (seen.has(next.href)) throw unreadable('The provider’s pages go round in a circle.', get)
    seen.add(next.href)
    url = next
    page = await asking.get(url, (body) => readPage(body, start.perPage))
  }
}

const get = { post: false }

async function firstPage(asking: Asking, list: List): Promise<Start> {
  let perPage = asking.perPage
  let includes = list.includes
  let probed = false
  for (;;) {
    const size = perPage
    const url = listUrl(asking.base, list, includes, size)
    try {
      const page = await asking.get(url, (body) => readPage(body, size))
      return {
        page,
        url,
        perPage: size,
        refused: list.includes.filter((include) => !includes.includes(include)),
      }
    } catch (error) {
      if (speaksOf(error, /per[\s_-]?page/i) && perPage > asking.fewerPerPage) perPage = asking.fewerPerPage
      else if (speaksOfInclude(error) && includes.length > 0 && !probed) {
        probed = true
        includes = await allowedIncludes(asking, list)
      } else throw error
    }
  }
}

/** Asks for each include alone, one row each: the text of the refusal is not promised to name the culprit. */
async function allowedIncludes(asking: Asking, list: List): Promise<string[]> {
  const allowed: string[] = []
  for (const include of list.includes) {
    try {
      await asking.get(listUrl(asking.base, list, [include], 1), () => undefined)
      allowed.push(include)
    } catch (error) {
      if (!speaksOfInclude(error)) throw error
    }
  }
  // Each alone is fine and together they are not: then bare.
  return allowed.length === list.includes.length ? [] : allowed
}

function speaksOf(error: unknown, words: RegExp): error is MisError {
  return error instanceof MisError && error.status === 400 && words.test(error.words ?? '')
}

/** A 400 that says nothing at all may be an include that is not permitted, too. */
function speaksOfInclude(error: unknown): boolean {
  return (
    speaksOf(error, /include/i) || (error instanceof MisError && error.status === 400 && error.words === null)
  )
}

function listUrl(base: string, list: List, includes: string[], perPage: number): URL {
  const query: Record<string, string> = { ...list.query, per_page: String(perPage), cursor: 'true' }
  if (includes.length > 0) query['include'] = includes.join(',')
  // Percent-encoded, not with "+": a blank in a date filter must arrive as a blank everywhere.
  const pairs = Object.entries(query).map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
  return new URL(`${base}${list.path}?${pairs.join('&')}`)
}

function readPage(body: Record<string, unknown>, perPage: number): Page {
  const rows = body['data']
  if (!Array.isArray(rows)) throw unreadable('The provider’s answer holds no list.', get)
  const meta = body['meta']
  const pagination = isObject(meta) && isObject(meta['pagination']) ? meta['pagination'] : {}
  const next = typeof pagination['next'] === 'string' && pagination['next'] !== '' ? pagination['next'] : null
  const more = pagination['more'] ?? undefined
  if (more === undefined && next === null) {
    // No word on paging: fewer rows than asked for are the end, a full page may be a cut list (contract §5).
    if (rows.length >= perPage)
      throw unreadable('A full page came without a word on whether more follow.', get)
    return { rows, next }
  }
  if (more === undefined) return { rows, next }
  if (more !== true && more !== 1 && more !== '1' && more !== 'true') return { rows, next: null }
  if (next === null) throw unreadable('The provider says that more follow and not where.', get)
  return { rows, next }
}
