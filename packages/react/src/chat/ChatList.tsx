import type { Chat } from '@belfry/protocol'
import { useState } from 'react'
import { SkeletonList } from '../panel/SkeletonList.tsx'
import type { PartProps } from '../ui/part.ts'
import { ChatButton } from './ChatButton.tsx'
import { ChatListItem } from './ChatListItem.tsx'
import { useChatStrings } from './ChatProvider.tsx'
import { NewChatDialog, type PersonChoice } from './NewChatDialog.tsx'
import type { ChatStrings } from './strings.ts'
import { UserStatusMenu } from './UserStatusMenu.tsx'
import { useChats } from './useChats.ts'

export interface ChatListProps extends Omit<PartProps, 'strings'> {
  strings?: Partial<ChatStrings>
  /** The chat that is open beside the list. */
  selectedId?: string | undefined
  onSelect?: (chatId: string) => void
  filter?: 'all' | 'unread' | 'hidden'
  /** `false`: no button for a new chat. */
  canCreate?: boolean
  /** People to choose from for a new chat; without it ids are typed. */
  findPeople?: (query: string) => Promise<readonly PersonChoice[]>
}

/** The user's chats, the latest first, with what is unread. */
export function ChatList(props: ChatListProps) {
  const { selectedId, onSelect, filter = 'all', canCreate = true, className, style } = props
  const strings = useChatStrings(props.strings)
  const list = useChats(filter)
  const [isCreating, setCreating] = useState(false)
  return (
    <nav data-belfry="" data-belfry-chats="" className={className} style={style} aria-label={strings.chats}>
      <header data-part="head">
        <h2>{strings.chats}</h2>
        <UserStatusMenu strings={props.strings} />
        {canCreate && <ChatButton icon="plus" label={strings.newChat} onClick={() => setCreating(true)} />}
      </header>
      <ChatRows list={list} selectedId={selectedId} onSelect={onSelect} strings={strings} />
      {isCreating && (
        <NewChatDialog
          strings={props.strings}
          findPeople={props.findPeople}
          onClose={() => setCreating(false)}
          onCreated={({ id }) => onSelect?.(id)}
        />
      )}
    </nav>
  )
}

interface ChatRowsProps {
  list: ReturnType<typeof useChats>
  selectedId: string | undefined
  onSelect: ((chatId: string) => void) | undefined
  strings: ChatStrings
}

function ChatRows({ list, selectedId, onSelect, strings }: ChatRowsProps) {
  const { chats, isLoading, error, hasMore, isFetchingMore } = list
  if (isLoading) return <SkeletonList strings={{ loading: strings.loading }} />
  return (
    <>
      {error && (
        <div data-belfry-banner="" role="alert">
          <span>{strings.errorTitle}</span>
          <button type="button" data-belfry-button="" onClick={() => list.refresh()}>
            {strings.retry}
          </button>
        </div>
      )}
      {chats.length === 0 && !error && (
        <div data-belfry-note="">
          <p data-part="title">{strings.noChatsTitle}</p>
          <p>{strings.noChatsText}</p>
        </div>
      )}
      <ul data-part="rows">
        {chats.map((chat: Chat) => (
          <li key={chat.id}>
            <ChatListItem
              chat={chat}
              isSelected={chat.id === selectedId}
              onSelect={onSelect}
              strings={strings}
            />
          </li>
        ))}
      </ul>
      {hasMore && (
        <button
          type="button"
          data-belfry-button=""
          data-part="more"
          disabled={isFetchingMore}
          onClick={() => list.fetchMore()}
        >
          {isFetchingMore ? strings.loading : strings.moreChats}
        </button>
      )}
    </>
  )
}
