import { useEffect, useState } from 'react'
import { type Attachment, Attachments } from './attachments.ts'
import { useChatKit } from './ChatProvider.tsx'

/** Files of the message that is being written. */
export function useAttachments() {
  const { chats } = useChatKit()
  const [list, setList] = useState<readonly Attachment[]>([])
  const [files, setFiles] = useState<Attachments>()
  useEffect(() => {
    if (!chats) return
    const made = new Attachments(chats, setList)
    setFiles(made)
    return made.close
  }, [chats])
  return {
    list,
    /** Whether nothing is on its way, and nothing has failed. */
    isReady: list.every(({ media }) => media !== undefined),
    hasFailed: list.some(({ error }) => error !== undefined),
    add: (added: Iterable<File>) => files?.add(added),
    remove: (key: string) => files?.remove(key),
    clear: () => files?.clear(),
  }
}
