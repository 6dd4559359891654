/** Pages of docs/ that are made from the code, so that they cannot disagree with it. */
import { causes } from '../../shared/causes.ts'
import { settingDocs } from '../core/settings.ts'

const made = '<!-- Made from the code by: sh scripts/node.sh scripts/docs.ts -->'

export function settingsPage(): string {
  const rows = settingDocs.map(({ name, fallback, meaning }) => `| \`${name}\` | ${fallback} | ${meaning} |`)
  return `# Settings\n\n${made}\n\nEnvironment variables, read once at the start; a wrong one stops it with its name and the fix.\n\n| name | default | meaning |\n|---|---|---|\n${rows.join('\n')}\n`
}

export function causesPage(): string {
  const rows = Object.entries(causes).map(
    ([code, { message, fix }]) => `| \`${code}\` | ${message} | ${fix} |`,
  )
  return `# Causes\n\n${made}\n\nEvery \`cause.code\` that an import, a write-back or a line of a list can show.\n\n| code | what it says | what to do |\n|---|---|---|\n${rows.join('\n')}\n`
}
