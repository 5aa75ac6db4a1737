import { CircleAlert, CircleCheck, Send } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { type Draft, sendNotification, wordsOf } from './api.ts'
import { DraftFields } from './draft-fields.tsx'
import { useStore } from './hooks.ts'
import { draftOf, kinds } from './kinds.ts'
import type { Person } from './person.ts'
import { SnippetTabs } from './snippet-tabs.tsx'
import { snippetsOf } from './snippets.ts'
import { type Target, targetsOf } from './targets.ts'
import { useUserIds } from './use-user-ids.ts'

interface ComposerProps {
  people: readonly Person[]
  sender: Person
  room: string
  onSent(): void
}

const first: Draft = kinds[0] ?? { type: 'info', title: '', message: '', priority: 'medium' }

export function Composer({ people, sender, room, onSent }: ComposerProps) {
  const [draft, setDraft] = useState<Draft>(draftOf(first))
  const [targetId, setTargetId] = useState(people.find((one) => one !== sender)?.name ?? 'all')
  const targets = targetsOf(people, useUserIds(people), room)
  const target = targets.find(({ id }) => id === targetId)
  const { session } = useStore(sender.store)
  const missing = session
    ? target?.audience
      ? ''
      : (target?.missing ?? '')
    : `Sign in as ${sender.label} to send.`
  const { outcome, isSending, send } = useSend(onSent)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (session && target?.audience)
      void send(session.token, { ...draft, audience: target.audience }, target.fullLabel)
  }
  const shown = target?.audience ?? { user: targetId }
  return (
    <section className="card composer" aria-labelledby="composer-title">
      <h2 id="composer-title">Send a notification</h2>
      <form onSubmit={submit}>
        <TargetPicker targets={targets} value={targetId} onPick={setTargetId} />
        <DraftFields draft={draft} onChange={setDraft} />
        <button type="submit" className="button primary send" disabled={missing !== '' || isSending}>
          <Send size={15} aria-hidden="true" />
          Send as {sender.label}
        </button>
        <Outcome missing={missing} outcome={outcome} />
      </form>
      <SnippetTabs snippets={snippetsOf(draft, shown, session?.token)} />
    </section>
  )
}

interface SendOutcome {
  isOk: boolean
  words: string
}

function useSend(onSent: () => void) {
  const [outcome, setOutcome] = useState<SendOutcome>()
  const [isSending, setSending] = useState(false)
  const send = async (token: string, body: Parameters<typeof sendNotification>[1], to: string) => {
    setSending(true)
    const startedAt = performance.now()
    try {
      await sendNotification(token, body)
      const tookMs = Math.max(1, Math.round(performance.now() - startedAt))
      setOutcome({ isOk: true, words: `Stored and pushed to ${to} in ${tookMs} ms` })
      onSent()
    } catch (error) {
      setOutcome({ isOk: false, words: wordsOf(error) })
    } finally {
      setSending(false)
    }
  }
  return { outcome, isSending, send }
}

interface TargetPickerProps {
  targets: readonly Target[]
  value: string
  onPick(id: string): void
}

function TargetPicker({ targets, value, onPick }: TargetPickerProps) {
  return (
    <fieldset>
      <legend>To</legend>
      <div className="segments">
        {targets.map(({ id, label, fullLabel }) => (
          <label key={id} title={fullLabel}>
            <input
              type="radio"
              name="target"
              value={id}
              checked={value === id}
              aria-label={fullLabel}
              onChange={() => onPick(id)}
            />
            <span>{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

function Outcome({ missing, outcome }: { missing: string; outcome: SendOutcome | undefined }) {
  return (
    <p className="outcome" role="status" data-ok={missing === '' && outcome?.isOk}>
      {missing === '' && outcome?.isOk === true && <CircleCheck size={14} aria-hidden="true" />}
      {missing === '' && outcome?.isOk === false && <CircleAlert size={14} aria-hidden="true" />}
      {missing || outcome?.words}
    </p>
  )
}
