import type { Message } from '@belfry/protocol'
import { RelativeTime } from '@belfry/react'
import { PresenceDot, useChat, useChats } from '@belfry/react/chat'
import { FileText, Search, X } from 'lucide-react'
import { type FormEvent, useEffect, useRef, useState } from 'react'

interface ChatDetailsProps {
  chatId: string
  onClose(): void
}

/** What stands behind a chat: words in it, who is in it, and what they have shared lately. */
export function ChatDetails({ chatId, onClose }: ChatDetailsProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const { members, messages } = useChat(chatId)
  useEffect(() => {
    const element = dialog.current
    element?.showModal()
    return () => element?.close()
  }, [])
  const shared = messages.flatMap(({ media }) => media)
  return (
    <dialog ref={dialog} className="drawer" lang="en" aria-labelledby="details-title" onClose={onClose}>
      <header>
        <h2 id="details-title">Details</h2>
        <button type="button" className="icon-button" aria-label="Close" title="Close" onClick={onClose}>
          <X size={18} aria-hidden="true" />
        </button>
      </header>
      <SearchIn chatId={chatId} />
      <section>
        <h3>Members</h3>
        <ul className="details-list">
          {members.map(({ userId, name, role }) => (
            <li key={userId}>
              <PresenceDot userId={userId} />
              <span dir="auto">{name}</span>
              <span className="quiet">{role}</span>
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h3>Shared lately</h3>
        {shared.length === 0 && <p className="quiet">No files yet.</p>}
        <ul className="details-list">
          {shared.map(({ id, name }) => (
            <li key={id}>
              <FileText size={16} aria-hidden="true" />
              <span dir="auto">{name}</span>
            </li>
          ))}
        </ul>
      </section>
    </dialog>
  )
}

function SearchIn({ chatId }: { chatId: string }) {
  const { search } = useChats()
  const [words, setWords] = useState('')
  const [hits, setHits] = useState<readonly Message[]>()
  const find = (event: FormEvent) => {
    event.preventDefault()
    if (words.trim() === '') return setHits(undefined)
    search({ q: words.trim(), chatId }).then(
      (found) => setHits(found.hits),
      () => setHits([]),
    )
  }
  return (
    <section>
      <search>
        <form className="details-search" onSubmit={find}>
          <input
            type="search"
            aria-label="Find in this chat"
            placeholder="Find in this chat"
            maxLength={200}
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
          <button type="submit" className="icon-button" aria-label="Find" title="Find">
            <Search size={18} aria-hidden="true" />
          </button>
        </form>
      </search>
      {hits?.length === 0 && <p className="quiet">Nothing found.</p>}
      <ul className="details-list" aria-label="Found">
        {hits?.map(({ id, senderName, content, createdAt }) => (
          <li key={id} className="hit">
            <span className="quiet">
              {senderName}, <RelativeTime date={createdAt} />
            </span>
            <span dir="auto">{content}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
