import react from '@vitejs/plugin-react'
import { defaultClientConditions, defineConfig } from 'vite'
import { serviceWorker } from './worker-plugin.ts'

export default defineConfig({
  base: '/',
  plugins: [react(), serviceWorker()],
  resolve: { conditions: ['@belfry/source', ...defaultClientConditions] },
  // The server's Content-Security-Policy knows neither `data:` nor inline scripts.
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false }, target: 'es2023' },
})
