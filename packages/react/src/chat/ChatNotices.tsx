import type { NoticeFrame } from '@belfry/protocol'
import { useEffect, useRef } from 'react'
import { lateBrowser, lateSound } from '../attention/late-parts.ts'
import { mentionNoiseOf } from '../attention/mention-noise.ts'
import { noiseOf } from '../attention/noise.ts'
import { useLeader } from '../attention/useTabLeader.ts'
import { useKit, useLatePart, usePart } from '../kit/KitContext.ts'
import { toastCenterOf } from '../toasts/toast-center.ts'
import { useChatKit, useChatStrings } from './ChatProvider.tsx'
import type { ChatStrings } from './strings.ts'

export interface ChatNoticesProps {
  /** Somebody wants to see the chat of a toast. */
  onOpen?: (chatId: string) => void
  toast?: boolean
  sound?: boolean
  /** Notifications of the browser, where they are allowed. */
  browser?: boolean
  strings?: Partial<ChatStrings>
}

/**
 * Renders nothing; lets new messages be noticed: a toast in the tab that has the focus, one sound and one notification of
 * the browser per device, none for a chat that somebody has before him.
 */
export function ChatNotices(props: ChatNoticesProps): null {
  const { chats } = useChatKit()
  const strings = useChatStrings(props.strings)
  const { now, announcements } = useKit()
  const sound = useLatePart(lateSound)
  const browser = useLatePart(lateBrowser)
  const toasts = usePart(toastCenterOf)
  const mentions = usePart(mentionNoiseOf)
  const leader = useLeader()
  const latest = useRef({ props, strings })
  useEffect(() => {
    latest.current = { props, strings }
  })
  useEffect(() => mentions.leaveToChats(), [mentions])
  useEffect(() => {
    if (!chats || !leader || !sound || !browser) return
    const ring = async (id: string) => {
      const isUnwanted = sound.store.read().onlyUnfocused && leader.getSnapshot().isFocused
      if (latest.current.props.sound === false || isUnwanted || !sound.isReady()) return
      if (await leader.claim(id, 'sound')) sound.play()
    }
    const show = async (notice: NoticeFrame) => {
      if (latest.current.props.browser === false || !(await leader.claim(notice.messageId, 'os'))) return
      const { chatId, chatTitle: title } = notice
      await browser.show({ title, body: bodyOf(notice, latest.current.strings), tag: `chat:${chatId}` })
    }
    const hear = (notice: NoticeFrame) => {
      const { messageId: id, chatId, createdAt, silent } = notice
      const words = latest.current.strings
      const noise = noiseOf({
        ...leader.getSnapshot(),
        ageMs: now() - Date.parse(createdAt),
        isQuiet: silent,
      })
      if (noise.toast && latest.current.props.toast !== false) {
        const { onOpen } = latest.current.props
        const action = onOpen
          ? { action: { label: words.openChat, run: () => onOpen(chatId) }, duration: TOAST_MS }
          : {}
        toasts.show({
          id,
          title: notice.chatTitle,
          message: bodyOf(notice, words),
          groupKey: `chat:${chatId}`,
          ...action,
        })
      }
      if (!silent) announcements.announce(words.newMessageFrom(notice.senderName), { dedupeKey: id })
      if (noise.sound) void ring(id)
      if (noise.os) void show(notice)
    }
    return chats.onNotice(hear)
  }, [chats, leader, now, sound, browser, toasts, announcements])
  return null
}

/** With something to click a toast would stay; of a message the badge stays. */
const TOAST_MS = 6_000

function bodyOf({ senderName, preview, chatTitle }: NoticeFrame, strings: ChatStrings): string {
  const text = preview.trim() === '' ? strings.sentFile(senderName) : preview
  return chatTitle === senderName || preview.trim() === '' ? text : `${senderName}: ${text}`
}
