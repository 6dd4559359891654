/** `npm run verify`: format, lint, import rules and types, without a test. */
import { checks, report } from './checks.ts'

process.exitCode = checks.map(report).every(Boolean) ? 0 : 1
