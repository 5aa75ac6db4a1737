import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { PageLoader } from './page.ts'

const root = document.getElementById('root')
if (root) {
  const loader = new PageLoader()
  createRoot(root).render(
    <StrictMode>
      <App loader={loader} />
    </StrictMode>,
  )
  void loader.load()
}
