import type { BelfryClient } from '@belfry/client'
import { type ReactNode, useId, useState } from 'react'
import type { Session } from './api.ts'
import { useInbox, useStore } from './hooks.ts'
import { Inbox } from './inbox.tsx'
import { PaneHeader } from './pane-header.tsx'
import type { Person } from './person.ts'

interface PaneProps {
  person: Person
  /** Shown while nobody is signed in. */
  signIn?: ReactNode
  canSwitchOff?: boolean
}

/** One person's view: like a phone, with its own client. */
export function Pane({ person, signIn, canSwitchOff = false }: PaneProps) {
  const { session, client, isSigningIn, problem } = useStore(person.store)
  if (session && client) {
    return <LivePane person={person} session={session} client={client} canSwitchOff={canSwitchOff} />
  }
  return (
    <section className="card pane signed-out" aria-label={person.label} data-person={person.name}>
      <div className="avatar large" aria-hidden="true">
        {person.label.charAt(0)}
      </div>
      <h2>{person.label}</h2>
      <p className="quiet">{isSigningIn ? 'Signing in…' : 'Nobody is signed in here.'}</p>
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      {signIn}
    </section>
  )
}

interface LivePaneProps {
  person: Person
  session: Session
  client: BelfryClient
  canSwitchOff: boolean
}

function LivePane({ person, session, client, canSwitchOff }: LivePaneProps) {
  const inbox = useInbox(client)
  const [isOpen, setOpen] = useState(true)
  const panelId = useId()
  return (
    <section className="card pane" aria-label={session.user.email} data-person={person.name}>
      <PaneHeader
        person={person}
        session={session}
        inbox={inbox}
        canSwitchOff={canSwitchOff}
        panel={{ id: panelId, isOpen, toggle: () => setOpen(!isOpen) }}
      />
      {isOpen ? (
        <Inbox id={panelId} person={person} client={client} inbox={inbox} />
      ) : (
        <div className="closed-panel" id={panelId}>
          <p className="quiet">The inbox is closed. The bell keeps counting.</p>
        </div>
      )}
    </section>
  )
}
