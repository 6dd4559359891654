import type { Permission } from '../../../shared/accounts.ts'

/** Who asks. `sites: null` is every site, also those made later. */
export type Actor =
  | {
      kind: 'token'
      id: string
      name: string
      permissions: ReadonlySet<Permission>
      sites: readonly string[] | null
    }
  | {
      kind: 'account'
      id: string
      name: string
      permissions: ReadonlySet<Permission>
      sites: readonly string[] | null
      csrfToken: string
      /** administers the whole installation, and not only schools of it */
      operator: boolean
    }
  | { kind: 'kiosk'; id: string; name: string; siteId: string }

/** The actor in audit lines and keys of repeats: kind and id, never a name. */
export function actorKey(actor: Actor): string {
  return `${actor.kind}:${actor.id}`
}

export function maySee(actor: Actor, siteId: string): boolean {
  if (actor.kind === 'kiosk') return actor.siteId === siteId
  return actor.sites === null || actor.sites.includes(siteId)
}
