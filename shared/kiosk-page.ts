/** With a 401: this device was paired, and is no longer. */
export const forgetHeader = 'x-kiosk-forget'

/** The page by the name of its script, which changes with what is in it; `null` where it is not built. */
export function kioskPageOf(html: string): string | null {
  return /\/assets\/(kiosk-[\w-]+)\.js/.exec(html)?.[1] ?? null
}
