import type { Member } from '@belfry/protocol'
import { type KeyboardEvent, type RefObject, useEffect, useId, useState } from 'react'
import { Avatar } from './Avatar.tsx'
import { mentionAt, mentionable, withMention } from './mentions.ts'
import type { ChatStrings } from './strings.ts'
import { useChatsState } from './useChats.ts'

interface MentionOptions {
  field: RefObject<HTMLTextAreaElement | null>
  text: string
  setText(text: string): void
  members: readonly Member[]
}

/** Whom the `@` before the caret may mean, and what the keys do about it. */
export function useMentions({ field, text, setText, members }: MentionOptions) {
  const { userId } = useChatsState()
  const id = useId()
  const [caret, setCaret] = useState(0)
  const [isOff, setOff] = useState(false)
  const [at, setAt] = useState(0)
  const typed = mentionAt(text, caret)
  const choices = typed === undefined || isOff ? [] : mentionable(members, typed, userId)
  // biome-ignore lint/correctness/useExhaustiveDependencies: another name is another question
  useEffect(() => {
    setAt(0)
    setOff(false)
  }, [typed])
  const choose = (member: Member) => {
    const next = withMention(text, caret, member.name)
    setText(next.text)
    setCaret(next.caret)
    requestAnimationFrame(() => {
      field.current?.focus()
      field.current?.setSelectionRange(next.caret, next.caret)
    })
  }
  const isOpen = choices.length > 0
  return {
    id,
    choices,
    at: Math.min(at, choices.length - 1),
    choose,
    onCaret: () => setCaret(field.current?.selectionStart ?? 0),
    /** Whether the key was for the list. */
    onKeyDown(event: KeyboardEvent): boolean {
      if (!isOpen || event.nativeEvent.isComposing) return false
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
      const chosen = choices[Math.min(at, choices.length - 1)]
      if (step !== undefined) setAt((at + step + choices.length) % choices.length)
      else if ((event.key === 'Enter' || event.key === 'Tab') && chosen) choose(chosen)
      else if (event.key === 'Escape') setOff(true)
      else return false
      event.preventDefault()
      return true
    },
    field: {
      role: 'combobox',
      'aria-autocomplete': 'list',
      'aria-expanded': isOpen,
      'aria-controls': isOpen ? id : undefined,
      'aria-activedescendant': isOpen ? `${id}${Math.min(at, choices.length - 1)}` : undefined,
    } as const,
  }
}

/** The names that fit what was typed. */
export function MentionPicker({
  mentions,
  strings,
}: {
  mentions: ReturnType<typeof useMentions>
  strings: ChatStrings
}) {
  const { id, choices, at, choose } = mentions
  if (choices.length === 0) return null
  return (
    <div id={id} data-belfry-mentions="" role="listbox" aria-label={strings.mentionList}>
      {choices.map((member, index) => (
        <div
          key={member.userId}
          id={`${id}${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === at}
          // Before the field loses the focus.
          onPointerDown={(event) => {
            event.preventDefault()
            choose(member)
          }}
        >
          <Avatar name={member.name} />
          <span dir="auto">{member.name}</span>
        </div>
      ))}
    </div>
  )
}
