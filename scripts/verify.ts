/** `npm run verify`: format, lint, import rules, types and build, without a test. */
import { checks, report } from './checks.ts'

const results = checks.map(report)
process.exit(results.every(Boolean) ? 0 : 1)
