import { CircleAlert, CircleCheck, Send } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { sendNotification, wordsOf } from './api.ts'
import { DraftFields } from './draft-fields.tsx'
import { useStore } from './hooks.ts'
import type { Person } from './person.ts'
import type { Target } from './targets.ts'
import type { Composition } from './use-composition.ts'

interface ComposerProps {
  composition: Composition
  sender: Person
  onSent(): void
}

export function Composer({ composition, sender, onSent }: ComposerProps) {
  const { draft, setDraft, targets, target, pickTarget } = composition
  const { session } = useStore(sender.store)
  const { outcome, send } = useSend(onSent)
  const missing = missingFor(target, session ? undefined : sender)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (session && target.audience)
      void send(session.token, { ...draft, audience: target.audience }, target.fullLabel)
  }
  return (
    <section className="card composer" aria-labelledby="composer-title">
      <h2 id="composer-title">Send a notification</h2>
      <form onSubmit={submit}>
        <TargetPicker targets={targets} value={target.id} onPick={pickTarget} />
        <DraftFields draft={draft} onChange={setDraft} />
        <button type="submit" className="button primary send" disabled={missing !== ''}>
          <Send size={15} aria-hidden="true" />
          Send as {sender.label}
        </button>
        <Outcome missing={missing} outcome={outcome} />
      </form>
    </section>
  )
}

/** Why nothing can be sent yet; empty when it can. */
function missingFor({ audience, missing }: Target, signedOut: Person | undefined): string {
  if (signedOut) return `Sign in as ${signedOut.label} to send.`
  return audience ? '' : missing
}

interface SendOutcome {
  isOk: boolean
  words: string
}

function useSend(onSent: () => void) {
  const [outcome, setOutcome] = useState<SendOutcome>()
  const send = async (token: string, body: Parameters<typeof sendNotification>[1], to: string) => {
    const startedAt = performance.now()
    try {
      await sendNotification(token, body)
      const tookMs = Math.max(1, Math.round(performance.now() - startedAt))
      setOutcome({ isOk: true, words: `Sent to ${to} in ${tookMs} ms` })
      onSent()
    } catch (error) {
      setOutcome({ isOk: false, words: wordsOf(error) })
    }
  }
  return { outcome, send }
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
    <p className="outcome" role="status" data-ok={missing === '' ? outcome?.isOk : undefined}>
      {missing === '' && outcome?.isOk === true && <CircleCheck size={14} aria-hidden="true" />}
      {missing === '' && outcome?.isOk === false && <CircleAlert size={14} aria-hidden="true" />}
      {missing || outcome?.words}
    </p>
  )
}
