import { useState } from 'react'
import type { Draft } from './api.ts'

const priorities: readonly Draft['priority'][] = ['low', 'medium', 'high', 'urgent']

interface DraftFieldsProps {
  draft: Draft
  onChange(draft: Draft): void
  onMetaValid(isValid: boolean): void
}

export function DraftFields({ draft, onChange, onMetaValid }: DraftFieldsProps) {
  return (
    <>
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
        <div className="segments priorities">
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
      <MetaField
        key={draft.type}
        meta={draft.meta}
        onChange={(meta) => {
          onMetaValid(meta !== undefined)
          if (meta) onChange({ ...draft, meta })
        }}
      />
    </>
  )
}

interface MetaFieldProps {
  meta: Draft['meta']
  /** Undefined while it is no JSON object. */
  onChange(meta: Draft['meta'] | undefined): void
}

function MetaField({ meta, onChange }: MetaFieldProps) {
  const [text, setText] = useState(() => JSON.stringify(meta, undefined, 2))
  const isValid = metaIn(text) !== undefined
  return (
    <label className="field">
      <span>meta (JSON)</span>
      <textarea
        className="code-field"
        dir="ltr"
        rows={4}
        spellCheck={false}
        value={text}
        aria-invalid={!isValid}
        onChange={(event) => {
          setText(event.target.value)
          onChange(metaIn(event.target.value))
        }}
      />
      {!isValid && <span className="problem">A JSON object, such as {'{ "orderId": "1042" }'}</span>}
    </label>
  )
}

function metaIn(text: string): Draft['meta'] | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}
