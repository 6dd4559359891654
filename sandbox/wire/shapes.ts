/** Values as Wonde prints them (wonde-api.md §2). */

/** An instant, in UTC. */
export function instant(at: number | null): Record<string, unknown> | null {
  if (at === null) return null
  const iso = new Date(at).toISOString()
  return { date: `${iso.slice(0, 10)} ${iso.slice(11, 23)}000`, timezone_type: 3, timezone: 'UTC' }
}

/** A day: midnight in London (§2.5). */
export function day(date: string | null): Record<string, unknown> | null {
  return date === null
    ? null
    : { date: `${date} 00:00:00.000000`, timezone_type: 3, timezone: 'Europe/London' }
}

/** An included relation; a missing one is `{"data": null}` here (§2.1). */
export const included = (data: unknown): { data: unknown } => ({ data: data ?? null })

/** Names to include, dots going deeper. */
export type Includes = ReadonlySet<string>

/** What is asked of the things under one of them. */
export const under = (includes: Includes, name: string): Includes =>
  new Set([...includes].filter((one) => one.startsWith(`${name}.`)).map((one) => one.slice(name.length + 1)))

/** `1`, `true` and `yes` mean on (§2.4); null where it is not asked. */
export function flag(query: URLSearchParams, name: string): boolean | null {
  const value = query.getAll(name).at(-1)?.trim().toLowerCase()
  return value === undefined ? null : ['1', 'true', 'yes'].includes(value)
}

/** A comma list of a query; null where it is not asked. */
export function words(query: URLSearchParams, name: string): string[] | null {
  const value = query.getAll(name).at(-1)
  if (value === undefined || value.trim() === '') return null
  return value.split(',').map((word) => word.trim())
}
