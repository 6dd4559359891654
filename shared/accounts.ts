/** Accounts, logins and permissions on the wire. */
import { z } from 'zod'
import { id, instant, nameText } from './values.ts'

export const permission = z.enum([
  'people.read',
  'people.write',
  'people.birthdays',
  'mis.read',
  'mis.write',
  'attendance.read',
  'attendance.write',
  'movements.write',
  'presence.read',
  'kiosks.write',
  'settings.write',
  'api.tokens',
  'sites.create',
  'licence.write',
])
export type Permission = z.infer<typeof permission>
/** The operator's own: no school role has them. */
export const operatorPermissions: readonly Permission[] = ['sites.create', 'licence.write']

export const role = z.enum(['admin', 'reception', 'staff'])
export type Role = z.infer<typeof role>

/** What each role may do. */
export const rolePermissions: Record<Role, readonly Permission[]> = {
  admin: permission.options.filter((p) => !operatorPermissions.includes(p)),
  reception: [
    'people.read',
    'mis.read',
    'attendance.read',
    'attendance.write',
    'movements.write',
    'presence.read',
  ],
  staff: ['people.read', 'attendance.read', 'presence.read'],
}

export const password = z.string().min(12, 'must have at least 12 characters').max(200)
export const loginPost = z.strictObject({ email: z.string().max(200), password: z.string().max(200) })
export const setUpPost = z.strictObject({
  key: z.string().max(200),
  name: nameText,
  email: z.email().max(200),
  password,
  siteName: nameText,
  phase: z.enum(['primary', 'secondary', 'all-through']),
})
export const apiTokenPost = z.strictObject({
  name: nameText,
  /** null: every site, also those made later */
  sites: z
    .array(z.string().max(100))
    .min(1, 'must name at least one site, or be null for all')
    .max(1000)
    .nullable(),
  permissions: z.array(permission).min(1, 'must name at least one'),
  days: z.number().int().min(1).max(3650).default(365),
})
export const apiToken = z
  .object({
    id,
    name: z.string(),
    state: z.enum(['active', 'expired', 'revoked']),
    sites: z.array(id).nullable(),
    permissions: z.array(permission),
    createdAt: instant,
    expiresAt: instant,
    lastUsedAt: instant.nullable(),
    revokedAt: instant.nullable(),
    token: z.string().nullable().meta({ description: 'only in the answer that made it' }),
  })
  .meta({ id: 'ApiToken' })
export type ApiToken = z.infer<typeof apiToken>

export const me = z
  .object({
    account: z.object({ id, name: z.string(), email: z.string(), role }),
    permissions: z.array(permission),
    /** administers the whole installation: may confirm orders */
    operator: z.boolean(),
    sites: z.array(z.object({ id, name: z.string(), phase: z.string() })),
    csrfToken: z.string(),
    support: z.object({ email: z.string().nullable(), url: z.string().nullable() }),
  })
  .meta({ id: 'Me' })
export type Me = z.infer<typeof me>
