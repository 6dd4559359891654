import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { causesPage, settingsPage } from './generated-docs.ts'

const page = (name: string) => readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8')

test('the pages made from the code are up to date', () => {
  expect(page('settings.md')).toBe(settingsPage())
  expect(page('causes.md')).toBe(causesPage())
})
