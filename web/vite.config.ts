/** Two pages: the dashboard at `/` (index.html) and the kiosk at `/kiosk` (kiosk.html). */
import { existsSync } from 'node:fs'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const here = import.meta.dirname
const pages = ['index.html', 'kiosk.html'].filter((page) => existsSync(`${here}/${page}`))
// A service worker keeps its name, because the browser asks for it by name.
const workers = ['kiosk/service-worker.ts'].filter((file) => existsSync(`${here}/${file}`))

export default defineConfig({
  root: here,
  plugins: [react()],
  server: { proxy: { '/api': process.env['API_URL'] ?? 'http://127.0.0.1:3000' } },
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: [...pages, ...workers].map((file) => `${here}/${file}`),
      output: {
        entryFileNames: (chunk) =>
          chunk.name === 'service-worker' ? 'kiosk-service-worker.js' : 'assets/[name]-[hash].js',
      },
    },
  },
})
