import { FlaskConical } from 'lucide-react'

export function TopBar({ isPlayground = false }: { isPlayground?: boolean }) {
  return (
    <header className="top-bar">
      <a className="brand" href="/">
        <img src="/favicon.svg" alt="" width="28" height="28" />
        Belfry
      </a>
      {isPlayground && (
        <p className="sample-note">
          <FlaskConical size={14} aria-hidden="true" />
          Playground: sample accounts, this machine only
        </p>
      )}
      <nav className="links" aria-label="Documentation">
        <a href="/docs">API docs</a>
        <a href="/openapi.json">OpenAPI</a>
      </nav>
    </header>
  )
}
