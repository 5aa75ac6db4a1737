import type { ChatState, ChatView, LocalMessage } from '@belfry/client/chat'
import {
  type ChangeEvent,
  type ClipboardEvent,
  type DragEvent,
  type KeyboardEvent,
  useEffect,
  useId,
  useRef,
  useState,
} from 'react'
import { AttachmentPreview } from './AttachmentPreview.tsx'
import { ChatButton } from './ChatButton.tsx'
import { ChatIcon } from './ChatIcon.tsx'
import { useChatStrings } from './ChatProvider.tsx'
import { previewOf, titleOf } from './chat-names.ts'
import { MentionPicker, useMentions } from './MentionPicker.tsx'
import { mentionsIn } from './mentions.ts'
import { PolicyNotice } from './PolicyNotice.tsx'
import type { ChatStrings } from './strings.ts'
import { useAttachments } from './useAttachments.ts'
import { useDraft } from './useDraft.ts'

export interface MessageComposerProps {
  view: ChatView | undefined
  state: ChatState
  chatId: string
  /** The message that is answered, or changed. */
  about?: { kind: 'reply' | 'edit'; message: LocalMessage } | undefined
  onAboutEnd?: () => void
  strings?: Partial<ChatStrings> | undefined
}

/** Where one writes: Enter sends, Shift and Enter breaks the line, drafts stay with their chat. */
export function MessageComposer(props: MessageComposerProps) {
  const { view, state, chatId, about, onAboutEnd, strings: own } = props
  const strings = useChatStrings(own)
  const id = useId()
  const field = useRef<HTMLTextAreaElement>(null)
  const picker = useRef<HTMLInputElement>(null)
  const [text, setText] = useDraft(
    about?.kind === 'edit' ? `edit:${about.message.id}` : chatId,
    about?.kind === 'edit' ? about.message.content : '',
  )
  const files = useAttachments()
  const mentions = useMentions({ field, text, setText, members: state.members })
  useGrowing(field, text)
  useEffect(() => {
    if (about) field.current?.focus()
  }, [about])
  const permission = view?.can('postMessage')
  const isDenied = state.chat !== undefined && permission?.isAllowed === false
  const isReady =
    view !== undefined && !isDenied && !files.hasFailed && (text.trim() !== '' || files.list.length > 0)
  // Sent as soon as the last file is there.
  const [isWaiting, setWaiting] = useState(false)
  const submit = () => {
    setWaiting(isReady && !files.isReady)
    if (!isReady || !files.isReady) return
    say(props, { text, files, mentions: mentionsIn(text, state.members) })
    setText('')
    files.clear()
    onAboutEnd?.()
  }
  useEffect(() => {
    if (isWaiting && files.isReady) submit()
  })
  const onKeyDown = (event: KeyboardEvent) => {
    if (mentions.onKeyDown(event)) return
    if (event.key === 'Escape' && about) onAboutEnd?.()
    // While a character is composed, Enter belongs to it.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    submit()
  }
  const notice = state.chat?.policyNotice
  return (
    <form
      data-belfry-composer=""
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
      onDragOver={(event: DragEvent) => event.preventDefault()}
      onDrop={(event: DragEvent) => {
        event.preventDefault()
        if (!isDenied) files.add(event.dataTransfer.files)
      }}
    >
      {notice !== undefined && <PolicyNotice id={`${id}n`} text={notice} />}
      {about && <About about={about} onEnd={onAboutEnd} strings={strings} />}
      {files.list.length > 0 && (
        <ul data-part="files">
          {files.list.map((one) => (
            <AttachmentPreview
              key={one.key}
              attachment={one}
              onRemove={() => files.remove(one.key)}
              strings={own}
            />
          ))}
        </ul>
      )}
      <MentionPicker mentions={mentions} strings={strings} />
      <div data-part="line">
        <ChatButton
          icon="clip"
          label={strings.attach}
          disabled={isDenied || !view?.can('uploadMedia').isAllowed}
          onClick={() => picker.current?.click()}
        />
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          onChange={(event: ChangeEvent<HTMLInputElement>) => {
            files.add(event.target.files ?? [])
            event.target.value = ''
          }}
        />
        <textarea
          ref={field}
          value={text}
          rows={1}
          dir="auto"
          maxLength={16_000}
          disabled={isDenied}
          placeholder={strings.write}
          aria-label={strings.writeTo(titleOf(state.chat))}
          aria-describedby={notice === undefined ? undefined : `${id}n`}
          {...mentions.field}
          onChange={(event) => {
            setText(event.target.value)
            mentions.onCaret()
            view?.typing.onKeystroke()
          }}
          onSelect={mentions.onCaret}
          onKeyDown={onKeyDown}
          onBlur={() => view?.typing.stop()}
          onPaste={(event: ClipboardEvent) => {
            const { files: pasted } = event.clipboardData
            if (pasted.length === 0) return
            event.preventDefault()
            files.add(pasted)
          }}
        />
        <button
          type="submit"
          data-belfry-send=""
          aria-label={about?.kind === 'edit' ? strings.save : strings.send}
          disabled={!isReady || isWaiting}
        >
          <ChatIcon name="send" />
        </button>
      </div>
    </form>
  )
}

interface Said {
  text: string
  files: ReturnType<typeof useAttachments>
  mentions: string[]
}

function say({ view, about }: MessageComposerProps, { text, files, mentions }: Said): void {
  const content = text.trim()
  if (about?.kind === 'edit') {
    if (about.message.id !== undefined) void view?.edit(about.message.id, content)
    return
  }
  const media = files.list.flatMap((one) => one.media ?? [])
  void view?.send({
    content,
    ...(media.length > 0 ? { media } : {}),
    ...(mentions.length > 0 ? { mentions } : {}),
    ...(about?.message.id === undefined ? {} : { replyTo: about.message.id }),
  })
}

interface AboutProps {
  about: NonNullable<MessageComposerProps['about']>
  onEnd: (() => void) | undefined
  strings: ChatStrings
}

function About({ about: { kind, message }, onEnd, strings }: AboutProps) {
  return (
    <p data-part="about">
      <b>
        {kind === 'edit'
          ? strings.editing
          : strings.replyingTo(message.isOwn ? strings.you : message.senderName)}
      </b>
      <span dir="auto">{previewOf(message, strings)}</span>
      <ChatButton icon="close" label={strings.cancel} onClick={() => onEnd?.()} />
    </p>
  )
}

const MAX_FIELD_PX = 160

/** As high as what is written, up to a few lines. */
function useGrowing(field: { readonly current: HTMLTextAreaElement | null }, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useEffect(() => {
    const { current } = field
    if (!current) return
    current.style.blockSize = 'auto'
    current.style.blockSize = `${Math.min(current.scrollHeight, MAX_FIELD_PX)}px`
  }, [field, text])
}
