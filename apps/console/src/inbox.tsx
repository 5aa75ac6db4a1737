import type { BelfryClient, ClientState } from '@belfry/client'
import type { Item } from '@belfry/protocol'
import { BellRing, CheckCheck, CircleAlert, CloudOff, History } from 'lucide-react'
import { useRef, useState } from 'react'
import { useNow, useStore } from './hooks.ts'
import type { Person } from './person.ts'
import { Row } from './row.tsx'
import { UndoToast } from './undo-toast.tsx'

interface InboxProps {
  id: string
  person: Person
  client: BelfryClient
  inbox: ClientState
}

interface Deleted {
  item: Item
  /** By keyboard: the focus was on what is gone, and follows to the way back. */
  isByKeyboard: boolean
}

export function Inbox({ id, person, client, inbox }: InboxProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  const [deleted, setDeleted] = useState<Deleted>()
  const remove = (item: Item, isByKeyboard: boolean) => {
    // What is refused comes back, and `error` says why.
    void client.remove(item.id)
    setDeleted({ item, isByKeyboard })
  }
  const undo = () => {
    if (deleted) void client.restore(deleted.item.id)
    forget()
  }
  const forget = () => {
    if (deleted?.isByKeyboard) heading.current?.focus()
    setDeleted(undefined)
  }
  return (
    <div className="inbox" id={id}>
      <div className="inbox-bar">
        <h3 ref={heading} tabIndex={-1}>
          Inbox
        </h3>
        <button
          type="button"
          className="button quiet-button small"
          disabled={inbox.counts.unread === 0}
          onClick={() => void client.markAllRead()}
        >
          <CheckCheck size={15} aria-hidden="true" />
          Mark all read
        </button>
      </div>
      <Banner person={person} inbox={inbox} />
      <List client={client} inbox={inbox} person={person} onRemove={remove} />
      {deleted && (
        <UndoToast
          key={deleted.item.id}
          title={deleted.item.title}
          takesFocus={deleted.isByKeyboard}
          onUndo={undo}
          onEnd={forget}
        />
      )}
    </div>
  )
}

function Banner({ person, inbox }: Pick<InboxProps, 'person' | 'inbox'>) {
  const { isOff, caughtUp } = useStore(person.store)
  if (inbox.error) {
    return (
      <p className="banner" data-tone="danger" role="alert">
        <CircleAlert size={15} aria-hidden="true" />
        {inbox.error.message}
      </p>
    )
  }
  if (isOff) {
    return (
      <p className="banner">
        <CloudOff size={15} aria-hidden="true" />
        You are offline. Showing saved notifications.
      </p>
    )
  }
  if (!caughtUp) return null
  return (
    <p className="banner" data-tone="accent" role="status">
      <History size={15} aria-hidden="true" />
      {caughtUp === 1 ? '1 arrived while you were away' : `${caughtUp} arrived while you were away`}
    </p>
  )
}

interface ListProps extends Omit<InboxProps, 'id'> {
  onRemove(item: Item, isByKeyboard: boolean): void
}

function List({ client, inbox, person, onRemove }: ListProps) {
  const now = useNow() + inbox.clockOffsetMs
  const { items, isReady } = inbox
  if (!isReady) return <Skeletons />
  if (items.length === 0) return <Empty />
  return (
    // A region that scrolls must be reachable without a mouse.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
    <section className="scroller" tabIndex={0} aria-label={`Notifications of ${person.label}`}>
      <ul className="rows">
        {items.map((item) => (
          <Row
            key={item.id}
            item={item}
            nowMs={now}
            onRead={() => void client.markRead(item.id)}
            onRemove={(isByKeyboard) => onRemove(item, isByKeyboard)}
          />
        ))}
      </ul>
    </section>
  )
}

function Skeletons() {
  return (
    <div className="scroller" aria-busy="true">
      <span className="visually-hidden">Loading notifications</span>
      {['first', 'second', 'third'].map((key) => (
        <div className="skeleton" key={key} aria-hidden="true">
          <span className="bone tile" />
          <span className="bones">
            <span className="bone" />
            <span className="bone short" />
          </span>
        </div>
      ))}
    </div>
  )
}

function Empty() {
  return (
    <div className="empty">
      <span className="empty-icon" aria-hidden="true">
        <BellRing size={24} />
      </span>
      <p className="empty-title">All quiet</p>
      <p className="quiet">What is sent to this account shows up here at once.</p>
    </div>
  )
}
