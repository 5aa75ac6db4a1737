import type { Draft } from './api.ts'
import { draftOf, kinds } from './kinds.ts'

const priorities: readonly Draft['priority'][] = ['low', 'medium', 'high', 'urgent']

interface DraftFieldsProps {
  draft: Draft
  onChange(draft: Draft): void
}

export function DraftFields({ draft, onChange }: DraftFieldsProps) {
  return (
    <>
      <KindPicker draft={draft} onChange={onChange} />
      <label className="field">
        <span>Title</span>
        <input
          value={draft.title}
          maxLength={200}
          required
          dir="auto"
          onChange={(event) => onChange({ ...draft, title: event.target.value })}
        />
      </label>
      <label className="field">
        <span>Message</span>
        <textarea
          rows={2}
          value={draft.message}
          maxLength={4000}
          required
          dir="auto"
          onChange={(event) => onChange({ ...draft, message: event.target.value })}
        />
      </label>
      <fieldset>
        <legend>Priority</legend>
        <div className="segments">
          {priorities.map((priority) => (
            <label key={priority}>
              <input
                type="radio"
                name="priority"
                value={priority}
                checked={draft.priority === priority}
                onChange={() => onChange({ ...draft, priority })}
              />
              <span>{priority}</span>
            </label>
          ))}
        </div>
      </fieldset>
    </>
  )
}

function KindPicker({ draft, onChange }: DraftFieldsProps) {
  return (
    <fieldset>
      <legend>Type</legend>
      <div className="kinds">
        {kinds.map(({ icon: Icon, label, ...kind }) => (
          <button
            key={kind.type}
            type="button"
            className="kind"
            title={kind.type}
            aria-pressed={draft.type === kind.type}
            onClick={() => onChange(draftOf(kind))}
          >
            <Icon size={15} aria-hidden="true" />
            {label}
          </button>
        ))}
      </div>
    </fieldset>
  )
}
