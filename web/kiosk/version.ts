/** A kiosk is opened once and stays for months: how its page is kept without a network, and how it becomes new. */

/** Keeps the page for a start without a network; a browser or server that cannot is no worse off. */
export async function registerWorker(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  await navigator.serviceWorker
    .register('/kiosk-service-worker.js', { scope: '/kiosk' })
    .catch(() => undefined)
}

/** The scripts and style sheets of a page: their names change with what is in them. */
function partsOf(page: ParentNode): string[] {
  const parts = page.querySelectorAll('script[src], link[rel=stylesheet]')
  return [...parts].map((part) => part.getAttribute('src') ?? part.getAttribute('href') ?? '')
}

/** Whether the server now has another page than the one that is shown. */
export async function isOutdated(): Promise<boolean> {
  try {
    const response = await fetch('/kiosk', { cache: 'no-cache', signal: AbortSignal.timeout(15_000) })
    if (!response.ok) return false
    const served = partsOf(new DOMParser().parseFromString(await response.text(), 'text/html'))
    const shown = partsOf(document)
    return served.some((part) => part.startsWith('/assets/') && !shown.includes(part))
  } catch {
    return false
  }
}
