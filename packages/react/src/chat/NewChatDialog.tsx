import type { Chat } from '@belfry/protocol'
import { type FormEvent, useEffect, useId, useRef, useState } from 'react'
import { useChatStrings } from './ChatProvider.tsx'
import type { ChatStrings } from './strings.ts'
import { useChats } from './useChats.ts'

export interface PersonChoice {
  id: string
  name: string
}

export interface NewChatDialogProps {
  onClose(): void
  onCreated?: (chat: Chat) => void
  /** People to choose from; without it ids are typed. */
  findPeople?: ((query: string) => Promise<readonly PersonChoice[]>) | undefined
  strings?: Partial<ChatStrings> | undefined
}

/** Asks with whom to talk. Two people have one chat: asked for again, it is opened. */
export function NewChatDialog({ onClose, onCreated, findPeople, strings: own }: NewChatDialogProps) {
  const strings = useChatStrings(own)
  const { create } = useChats()
  const dialog = useRef<HTMLDialogElement>(null)
  const [people, setPeople] = useState('')
  const [title, setTitle] = useState('')
  const [problem, setProblem] = useState('')
  const choices = useChoices(findPeople, people)
  const id = useId()
  useEffect(() => dialog.current?.showModal(), [])
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const memberIds = idsIn(people)
    if (memberIds.length === 0) return
    try {
      const chat = await create({ memberIds, ...(title.trim() ? { title: title.trim() } : {}) })
      onCreated?.(chat)
      onClose()
    } catch (error) {
      setProblem(error instanceof Error ? error.message : strings.errorTitle)
    }
  }
  return (
    <dialog ref={dialog} data-belfry="" data-belfry-dialog="" aria-labelledby={`${id}t`} onClose={onClose}>
      <form onSubmit={(event) => void submit(event)}>
        <h2 id={`${id}t`}>{strings.newChat}</h2>
        <label>
          {strings.people}
          <input
            value={people}
            placeholder={strings.peopleHint}
            list={`${id}l`}
            required
            onChange={(event) => setPeople(event.target.value)}
          />
        </label>
        <datalist id={`${id}l`}>
          {choices.map((choice) => (
            <option key={choice.id} value={choice.id}>
              {choice.name}
            </option>
          ))}
        </datalist>
        {idsIn(people).length > 1 && (
          <label>
            {strings.groupTitle}
            <input value={title} maxLength={120} onChange={(event) => setTitle(event.target.value)} />
          </label>
        )}
        {problem && (
          <p role="alert" data-part="problem">
            {problem}
          </p>
        )}
        <footer>
          <button type="button" data-belfry-button="" onClick={onClose}>
            {strings.cancel}
          </button>
          <button type="submit" data-belfry-button="primary">
            {strings.create}
          </button>
        </footer>
      </form>
    </dialog>
  )
}

const idsIn = (text: string): string[] => text.split(/[\s,;]+/).filter(Boolean)

function useChoices(find: NewChatDialogProps['findPeople'], text: string): readonly PersonChoice[] {
  const [choices, setChoices] = useState<readonly PersonChoice[]>([])
  const query = text.split(/[\s,;]+/).at(-1) ?? ''
  useEffect(() => {
    let isCurrent = true
    void find?.(query).then(
      (found) => isCurrent && setChoices(found),
      () => undefined,
    )
    return () => {
      isCurrent = false
    }
  }, [find, query])
  return choices
}
