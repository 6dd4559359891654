import { describe, expect, test } from 'vitest'
import { faultOf, importsOf } from './import-rules.ts'

const arrow = (from: string, to: string, typeOnly = false) => faultOf({ from, to, typeOnly })

describe('refused', () => {
  test.each([
    ['shared/mis.ts', 'server/app.ts', 'shared/ uses only itself'],
    ['shared/mis.ts', 'node:fs', 'shared/ uses only itself'],
    ['web/kiosk/flow.ts', 'server/people/people.ts', 'web/ uses only'],
    ['sandbox/sandbox.ts', 'server/core/ids.ts', 'sandbox/ knows nothing'],
    ['sandbox/sandbox.ts', 'shared/codes.ts', 'sandbox/ knows nothing'],
    ['server/start.ts', 'sandbox/sandbox.ts', 'server/ uses only'],
    ['server/main.ts', 'scripts/build-web.ts', 'server/ uses only'],
    ['server/core/jobs.ts', 'server/imports/imports.ts', 'knows no feature'],
    ['server/core/jobs.ts', 'server/app.ts', 'knows no feature'],
    ['server/mis/wonde/pages.ts', 'server/core/db/db.ts', 'knows no table'],
    ['server/mis/mis.ts', 'server/people/people.ts', 'knows no table'],
    ['server/app.ts', 'server/sites/sites.ts', 'knows no feature'],
    ['server/imports/read.ts', 'server/mis/wonde/wonde.ts', 'chooses a driver'],
    ['server/people/people.ts', 'kysely', 'only a store'],
    ['server/imports/run.ts', 'pg', 'only a store'],
    ['server/imports/run.ts', 'kysely/migration', 'only a store'],
    ['server/people/people.ts', 'server/imports/imports.ts', 'does not come before'],
    ['server/people/people.ts', 'server/kiosks/kiosks.ts', 'does not come before'],
    ['server/imports/run.ts', 'server/people/store.ts', 'shows only people'],
    ['server/imports/run.ts', 'server/people/routes.ts', 'shows only people'],
    ['server/today/today.ts', 'server/people/routes.ts', 'shows only people'],
    ['server/imports/run.ts', 'server/routes.ts', 'not for use by a feature'],
    ['server/badges/badges.ts', 'server/sites/sites.ts', 'no place in the order'],
    ['server/attendance/rules.ts', 'node:fs', 'is pure'],
    ['server/attendance/rules.ts', 'server/attendance/store.ts', 'is pure'],
    ['server/imports/plan.ts', 'server/core/db/db.ts', 'is pure'],
  ])('%s → %s', (from, to, why) => expect(arrow(from, to)).toContain(why))

  test('a type of a feature that comes later', () =>
    expect(arrow('server/people/people.ts', 'server/imports/imports.ts', true)).toContain(
      'does not come before',
    ))
})

describe('allowed', () => {
  test.each([
    ['shared/mis.ts', 'zod'],
    ['web/kiosk/flow.ts', 'shared/values.ts'],
    ['web/kiosk/flow.ts', 'react'],
    ['server/people/store.ts', 'kysely'],
    ['server/sites/repeats.store.ts', 'kysely'],
    ['server/core/db/migrate.ts', 'kysely/migration'],
    ['server/imports/run.ts', 'server/people/people.ts'],
    ['server/imports/run.ts', 'server/attendance/reasons.ts'],
    ['server/attendance/rules.ts', 'server/write-backs/precedence.ts'],
    ['server/today/today.ts', 'server/write-backs/store.ts'],
    ['server/mis-link/link.ts', 'server/mis/wonde/wonde.ts'],
    ['server/routes.ts', 'server/people/routes.ts'],
    ['server/people/people.test.ts', 'server/imports/imports.ts'],
  ])('%s → %s', (from, to) => expect(arrow(from, to)).toBeNull())

  test('rules may know the types of what they decide about', () =>
    expect(arrow('server/imports/plan.ts', 'server/people/store.ts', true)).toBeNull())
})

test('every way to import is seen', () => {
  const text = `
    import type { A } from './a.ts'
    import { type B, c } from '../b.ts'
    import 'side'
    export { d } from './d.ts'
    export type { E } from './e.ts'
    export * from './f.ts'
    export const own = () => import('./lazy.tsx')`
  expect(importsOf('web/kiosk/one.tsx', text)).toEqual(
    [
      ['web/kiosk/a.ts', true],
      ['web/b.ts', false],
      ['side', false],
      ['web/kiosk/d.ts', false],
      ['web/kiosk/e.ts', true],
      ['web/kiosk/f.ts', false],
      ['web/kiosk/lazy.tsx', false],
    ].map(([to, typeOnly]) => ({ from: 'web/kiosk/one.tsx', to, typeOnly })),
  )
})
