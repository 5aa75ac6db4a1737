import { CircleAlert, CircleCheck, PencilLine, Send } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { DraftFields } from './draft-fields.tsx'
import { kinds } from './kinds.ts'
import type { Composition } from './use-composition.ts'

interface ComposerProps {
  composition: Composition
}

/** A button per event, which sends at once; below it, the same to write yourself. */
export function Composer({ composition }: ComposerProps) {
  const { draft, missing, sendKind } = composition
  return (
    <section className="card composer" aria-labelledby="composer-title">
      <h2 id="composer-title">Send an event</h2>
      <TargetPicker composition={composition} />
      <div className="kinds">
        {kinds.map((kind) => (
          <button
            key={kind.type}
            type="button"
            className="kind"
            data-kind={kind.type}
            title={kind.helper ?? kind.type}
            aria-current={draft.type === kind.type || undefined}
            disabled={missing !== ''}
            onClick={() => sendKind(kind)}
          >
            <kind.icon size={17} aria-hidden="true" />
            {kind.label}
          </button>
        ))}
      </div>
      <Outcome composition={composition} />
      <OwnWords composition={composition} />
    </section>
  )
}

function OwnWords({ composition }: ComposerProps) {
  const { draft, setDraft, sendDraft, missing } = composition
  const [isOpen, setOpen] = useState(false)
  /** Of which type the data is no JSON just now; another button brings other data. */
  const [brokenType, setBrokenType] = useState<string>()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    sendDraft()
  }
  return (
    <details className="own-words" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <PencilLine size={14} aria-hidden="true" />
        Change words, priority and data
      </summary>
      {isOpen && (
        <form onSubmit={submit}>
          <DraftFields
            draft={draft}
            onChange={setDraft}
            onMetaValid={(isValid) => setBrokenType(isValid ? undefined : draft.type)}
          />
          <button
            type="submit"
            className="button primary"
            disabled={missing !== '' || brokenType === draft.type}
          >
            <Send size={15} aria-hidden="true" />
            Send
          </button>
        </form>
      )}
    </details>
  )
}

function TargetPicker({ composition: { targets, target, pickTarget } }: ComposerProps) {
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
              checked={target.id === id}
              aria-label={fullLabel}
              onChange={() => pickTarget(id)}
            />
            <span>{label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

function Outcome({ composition: { missing, outcome } }: ComposerProps) {
  return (
    <p className="outcome" role="status" data-ok={missing === '' ? outcome?.isOk : undefined}>
      {missing === '' && outcome?.isOk === true && <CircleCheck size={14} aria-hidden="true" />}
      {missing === '' && outcome?.isOk === false && <CircleAlert size={14} aria-hidden="true" />}
      {missing || outcome?.words || 'One click sends it to the phones.'}
    </p>
  )
}
