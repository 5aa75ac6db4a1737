import type { BelfryClient } from '@belfry/client'
import {
  ConnectionIndicator,
  NotificationBell,
  NotificationPanel,
  NotificationProvider,
  RealTimeNotifications,
  SoundToggle,
  Toaster,
  useNotifications,
} from '@belfry/react'
import { useKitWords } from './kit-words.ts'
import { useLook } from './look.ts'
import type { Person } from './person.ts'
import { PhoneSwitches } from './phone-switches.tsx'
import { useStore } from './use-store.ts'

/** More would cover the list that they are about; and whoever tries buttons in a row must not wait for the last one. */
const TOASTS = 2
const TOAST_MS = 3_500

interface PhoneProps {
  person: Person
  side: 'start' | 'end'
  /** Speaks to screen readers and rings: of the two phones, one does. */
  hasVoice: boolean
}

/** Somebody's phone: a client, a provider, a socket and a store of its own. */
export function Phone({ person, side, hasVoice }: PhoneProps) {
  const { client, arrivals } = useStore(person.store)
  const { language } = useLook()
  return (
    <section className="phone" aria-label={person.label} data-person={person.name} data-side={side}>
      <div className="device">
        {/* Another element each time, so that it begins to shine anew. */}
        {arrivals > 0 && <span className="shine" key={arrivals} aria-hidden="true" />}
        <div className="screen" lang={language}>
          {client ? (
            <Screen client={client} person={person} side={side} hasVoice={hasVoice} />
          ) : (
            <SignedOut person={person} />
          )}
        </div>
      </div>
      {client && <PhoneSwitches person={person} />}
    </section>
  )
}

function Screen({ client, person, side, hasVoice }: PhoneProps & { client: BelfryClient }) {
  return (
    <NotificationProvider client={client} announcer={hasVoice} {...useKitWords()}>
      <header className="phone-header">
        <span className="avatar" data-person={person.name} aria-hidden="true">
          {person.label.charAt(0)}
        </span>
        <div className="who">
          <h2>{person.label}</h2>
          <ConnectionIndicator variant="chip" always delayMs={0} />
        </div>
        <NotificationBell
          showConnection={false}
          placement={side === 'start' ? 'bottom-start' : 'bottom-end'}
        />
      </header>
      <Inbox />
      <RealTimeNotifications title={false} sound={hasVoice} />
      <Toaster
        className={`phone-toasts phone-toasts-${side}`}
        position={side === 'start' ? 'bottom-start' : 'bottom-end'}
        limit={TOASTS}
        duration={TOAST_MS}
        hotkey={hasVoice ? 'F8' : 'F9'}
      />
    </NotificationProvider>
  )
}

function Inbox() {
  const list = useNotifications()
  return <NotificationPanel list={list} tools={<SoundToggle />} />
}

function SignedOut({ person }: { person: Person }) {
  const { isSigningIn, problem } = useStore(person.store)
  return (
    <div className="signed-out" lang="en">
      <span className="avatar large" data-person={person.name} aria-hidden="true">
        {person.label.charAt(0)}
      </span>
      <h2>{person.label}</h2>
      <p className="quiet">{isSigningIn ? 'Signing in…' : 'Nobody is signed in here.'}</p>
      {problem && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      {!isSigningIn && (
        <button type="button" className="button primary" onClick={() => void person.signIn()}>
          Sign in as {person.label}
        </button>
      )}
    </div>
  )
}
