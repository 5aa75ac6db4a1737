import type { Chats } from '@belfry/client/chat'
import { useEffect, useState } from 'react'
import { useChatKit } from './ChatProvider.tsx'

/** Drafts of this tab; with the user they go. */
const drafts = new WeakMap<Chats, Map<string, string>>()

/** What is being written under a key; it waits there while another one is open. */
export function useDraft(key: string, initial: string): readonly [string, (text: string) => void] {
  const { chats } = useChatKit()
  const [text, setText] = useState(initial)
  useEffect(() => setText((chats && drafts.get(chats)?.get(key)) ?? initial), [chats, key, initial])
  const write = (now: string) => {
    setText(now)
    if (!chats) return
    const ofUser = drafts.get(chats) ?? new Map<string, string>()
    drafts.set(chats, ofUser)
    if (now === '') ofUser.delete(key)
    else ofUser.set(key, now)
  }
  return [text, write]
}
