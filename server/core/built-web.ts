/** The built pages, where the build puts them. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { kioskPageOf } from '../../shared/kiosk-page.ts'

export const builtWeb = join(import.meta.dirname, '../../dist/web')

let kioskPage: string | null = null

/** The kiosk page this server gives out; null while it is not built. Another one comes with another start. */
export function newestKioskPage(): string | null {
  const file = join(builtWeb, 'kiosk.html')
  if (kioskPage === null && existsSync(file)) kioskPage = kioskPageOf(readFileSync(file, 'utf8'))
  return kioskPage
}
