/**
 * The service worker: keeps the kiosk's page and what it is made of, so that it starts without a network. The server's
 * own page is always asked first. It never touches the API: what was done offline waits in the page's outbox.
 */

// Exported to be a module of its own for the type checker; nothing imports it.
export type Extendable = Event & { waitUntil(work: Promise<unknown>): void }
type Fetching = Extendable & { request: Request; respondWith(answer: Promise<Response>): void }
type Scope = {
  addEventListener(type: 'install' | 'activate', listener: (event: Extendable) => void): void
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void
  skipWaiting(): Promise<void>
  clients: { claim(): Promise<void> }
}

const worker = globalThis as unknown as Scope
const cacheName = 'kiosk'
const page = '/kiosk'
const slowMs = 4000

/** What a page or a style sheet names of our own files; of the fonts those that English names need. */
function assetsIn(text: string, from: string): string[] {
  const named = text.matchAll(/(?:src|href)="([^"]+)"|url\(["']?([^"')]+)["']?\)/g)
  const urls = [...named].map(([, one, other]) => new URL((one ?? other)!, from))
  const ours = urls.filter(
    ({ origin, pathname }) => origin === location.origin && pathname.startsWith('/assets/'),
  )
  return [...new Set(ours.map(({ pathname }) => pathname))].filter(
    (path) => !path.includes('inter-') || /inter-latin-(?!ext)/.test(path),
  )
}

/** Keeps this page with all that it needs; nothing of it unless all of it came. What no page needs any more goes. */
async function keep(html: Response): Promise<void> {
  const cache = await caches.open(cacheName)
  const needed = new Set<string>()
  async function take(paths: string[]): Promise<void> {
    for (const path of paths) {
      needed.add(path)
      if (!(await cache.match(path))) await cache.add(path)
      if (!path.endsWith('.css')) continue
      await take(assetsIn(await (await cache.match(path))!.text(), new URL(path, location.origin).href))
    }
  }
  await take(assetsIn(await html.clone().text(), new URL(page, location.origin).href))
  await cache.put(page, html)
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url)
    if (pathname !== page && !needed.has(pathname)) await cache.delete(pathname)
  }
}

async function fresh(event?: Fetching): Promise<Response> {
  const html = await fetch(page, {
    cache: 'no-cache',
    credentials: 'same-origin',
    signal: AbortSignal.timeout(slowMs),
  })
  if (!html.ok || html.redirected) throw new Error(`The server answered ${html.status}.`)
  const keeping = keep(html.clone())
  if (event) event.waitUntil(keeping.catch(() => undefined))
  else await keeping
  return html
}

worker.addEventListener('install', (event) => {
  event.waitUntil(fresh().then(() => worker.skipWaiting()))
})

worker.addEventListener('activate', (event) => {
  event.waitUntil(worker.clients.claim())
})

worker.addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url)
  if (event.request.method !== 'GET' || origin !== location.origin) return
  const kept = () => caches.match(pathname).then((found) => found ?? Response.error())
  if (event.request.mode === 'navigate' && pathname === page) {
    event.respondWith(fresh(event).catch(kept))
  } else if (pathname.startsWith('/assets/')) {
    event.respondWith(caches.match(pathname).then((found) => found ?? fetch(event.request)))
  }
})
