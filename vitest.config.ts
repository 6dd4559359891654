import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['server', 'shared', 'sandbox', 'scripts', 'test'].map((folder) => `${folder}/**/*.test.ts`),
    exclude: ['**/node_modules/**', 'test/e2e/**'],
    globalSetup: 'test/global-postgres.ts',
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
