/** A kiosk is opened once and stays for months: how its page is kept without a network, and how it becomes new. */

/** Keeps the page for a start without a network; a browser or server that cannot is no worse off. */
export async function registerWorker(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return
  await navigator.serviceWorker
    .register('/kiosk-service-worker.js', { scope: '/kiosk' })
    .catch(() => undefined)
}

const scriptOf = (page: ParentNode) => page.querySelector('script[type=module][src]')?.getAttribute('src')

/** Whether the server now has another page than the one that is shown. */
export async function isOutdated(): Promise<boolean> {
  try {
    const response = await fetch('/kiosk', { cache: 'no-cache', signal: AbortSignal.timeout(15_000) })
    if (!response.ok) return false
    const served = scriptOf(new DOMParser().parseFromString(await response.text(), 'text/html'))
    return served !== undefined && served !== null && served !== scriptOf(document)
  } catch {
    return false
  }
}
