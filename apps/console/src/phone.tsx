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
import { ChatNotices, ChatProvider, ChatWindow, UserStatusMenu, useChatsState } from '@belfry/react/chat'
import { Bell, MessageCircle } from 'lucide-react'
import { type ReactNode, useState } from 'react'
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
  /** The chat of the two. */
  chatId: string
  side: 'start' | 'end'
  /** Speaks to screen readers and rings: of the two phones, one does. */
  hasVoice: boolean
}

/** Somebody's phone: a client, a provider, a socket and a store of its own. */
export function Phone({ person, chatId, side, hasVoice }: PhoneProps) {
  const { client, arrivals } = useStore(person.store)
  const { language } = useLook()
  return (
    <section className="phone" aria-label={person.label} data-person={person.name} data-side={side}>
      <div className="device">
        {/* Another element each time, so that it begins to shine anew. */}
        {arrivals > 0 && <span className="shine" key={arrivals} aria-hidden="true" />}
        <div className="screen" lang={language}>
          {client ? (
            <Screen client={client} person={person} chatId={chatId} side={side} hasVoice={hasVoice} />
          ) : (
            <SignedOut person={person} />
          )}
        </div>
      </div>
      {client && <PhoneSwitches person={person} />}
    </section>
  )
}

function Screen({ client, person, chatId, side, hasVoice }: PhoneProps & { client: BelfryClient }) {
  const { chatStrings } = useLook()
  return (
    <NotificationProvider client={client} announcer={hasVoice} {...useKitWords()}>
      <ChatProvider strings={chatStrings}>
        <header className="phone-header">
          <span className="avatar" data-person={person.name} aria-hidden="true">
            {person.label.charAt(0)}
          </span>
          <div className="who">
            <h2>{person.label}</h2>
            <ConnectionIndicator variant="chip" always delayMs={0} />
          </div>
          <UserStatusMenu />
          <NotificationBell
            showConnection={false}
            placement={side === 'start' ? 'bottom-start' : 'bottom-end'}
          />
        </header>
        <Views person={person} chatId={chatId} hasVoice={hasVoice} />
        <RealTimeNotifications title={false} sound={hasVoice} />
        <Toaster
          className={`phone-toasts phone-toasts-${side}`}
          position={side === 'start' ? 'bottom-start' : 'bottom-end'}
          limit={TOASTS}
          duration={TOAST_MS}
          hotkey={hasVoice ? 'F8' : 'F9'}
        />
      </ChatProvider>
    </NotificationProvider>
  )
}

type View = 'inbox' | 'chat'

/** The inbox and the chat, one at a time; what is not in front is not read. */
function Views({ person, chatId, hasVoice }: { person: Person; chatId: string; hasVoice: boolean }) {
  const [view, setView] = useState<View>('inbox')
  const { unread } = useChatsState().total
  const tab = (name: View, label: string, icon: ReactNode) => (
    <button
      type="button"
      role="tab"
      id={`${person.name}-${name}-tab`}
      aria-selected={view === name}
      aria-controls={`${person.name}-${name}`}
      onClick={() => setView(name)}
    >
      {icon}
      {label}
      {name === 'chat' && unread > 0 && <span className="tab-count">{unread}</span>}
    </button>
  )
  return (
    <>
      <div
        className="phone-view"
        role="tabpanel"
        id={`${person.name}-${view}`}
        aria-labelledby={`${person.name}-${view}-tab`}
      >
        {view === 'inbox' ? <Inbox /> : <ChatWindow chatId={chatId} />}
      </div>
      <div className="phone-tabs" role="tablist" aria-label={`${person.label}'s phone`}>
        {tab('inbox', 'Inbox', <Bell size={16} aria-hidden="true" />)}
        {tab('chat', 'Chat', <MessageCircle size={16} aria-hidden="true" />)}
      </div>
      <ChatNotices sound={hasVoice} onOpen={() => setView('chat')} />
    </>
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
