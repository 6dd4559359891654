/** Writes the pages of docs/ that are made from the code. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { causesPage, settingsPage } from '../server/api/generated-docs.ts'

const docs = join(import.meta.dirname, '../docs')
writeFileSync(join(docs, 'settings.md'), settingsPage())
writeFileSync(join(docs, 'causes.md'), causesPage())
