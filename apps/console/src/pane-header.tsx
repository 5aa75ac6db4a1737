import type { ClientState } from '@belfry/client'
import { Bell, LogOut } from 'lucide-react'
import type { Session } from './api.ts'
import { ConnectionChip } from './connection-chip.tsx'
import { useStore } from './hooks.ts'
import type { Person } from './person.ts'

/** Source: ui.md §5, Badge. */
const BADGE_CAP = 99

interface PanePanel {
  id: string
  isOpen: boolean
  toggle(): void
}

interface PaneHeaderProps {
  person: Person
  session: Session
  inbox: ClientState
  canSwitchOff: boolean
  panel: PanePanel
}

export function PaneHeader({ person, session, inbox, canSwitchOff, panel }: PaneHeaderProps) {
  const { role, email } = session.user
  const name = person.name === 'you' ? email : person.label
  return (
    <header className="pane-header">
      <div className="who">
        <div className="avatar" aria-hidden="true">
          {name.charAt(0).toUpperCase()}
        </div>
        <div className="who-words">
          <h2>
            {name} <span className="role">{role}</span>
          </h2>
          <p className="email" title={email}>
            {email}
          </p>
        </div>
        <BellButton unread={inbox.counts.unread} panel={panel} />
        <button
          type="button"
          className="icon-button"
          aria-label={`Sign out ${name}`}
          title="Sign out"
          onClick={() => person.signOut()}
        >
          <LogOut size={17} aria-hidden="true" />
        </button>
      </div>
      <div className="line-state">
        <ConnectionChip inbox={inbox} />
        {canSwitchOff && <OfflineSwitch person={person} />}
      </div>
    </header>
  )
}

function BellButton({ unread, panel }: { unread: number; panel: PanePanel }) {
  return (
    <button
      type="button"
      className="icon-button bell"
      aria-label={`Notifications, ${unread} unread`}
      aria-expanded={panel.isOpen}
      aria-controls={panel.id}
      onClick={panel.toggle}
    >
      <Bell size={19} aria-hidden="true" />
      {unread > 0 && (
        <span className="badge" aria-hidden="true" key={unread}>
          {unread > BADGE_CAP ? `${BADGE_CAP}+` : unread}
        </span>
      )}
    </button>
  )
}

function OfflineSwitch({ person }: { person: Person }) {
  const { isOff } = useStore(person.store)
  return (
    <button
      type="button"
      role="switch"
      className="switch"
      aria-checked={isOff}
      aria-label={`Offline, ${person.label}`}
      onClick={() => person.setOff(!isOff)}
    >
      <span aria-hidden="true">Offline</span>
      <span className="track" aria-hidden="true" />
    </button>
  )
}
