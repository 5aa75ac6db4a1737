import '@belfry/react/styles.css'
import '@belfry/react/chat.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { Looks } from './look.ts'
import { PageLoader } from './page.ts'

const root = document.getElementById('root')
if (root) {
  createRoot(root).render(
    <StrictMode>
      <App loader={new PageLoader()} looks={new Looks()} />
    </StrictMode>,
  )
}
