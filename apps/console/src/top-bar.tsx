import { FlaskConical } from 'lucide-react'
import type { ReactNode } from 'react'

interface TopBarProps {
  /** Says that the accounts are no real ones. */
  isPlayground?: boolean
  children?: ReactNode
}

export function TopBar({ isPlayground = false, children }: TopBarProps) {
  return (
    <header className="top-bar">
      <a className="brand" href="/">
        <img src="/favicon.svg" alt="" width="28" height="28" />
        Belfry
      </a>
      {isPlayground && (
        <p className="sample-note">
          <FlaskConical size={14} aria-hidden="true" />
          Sample accounts, this machine only
        </p>
      )}
      <div className="top-bar-end">{children}</div>
    </header>
  )
}

export function DocsLinks() {
  return (
    <nav className="links" aria-label="Documentation">
      <a href="/docs">API docs</a>
      <a href="/openapi.json">OpenAPI</a>
    </nav>
  )
}
