import { useState } from 'react'
import { CopyButton } from './copy-button.tsx'
import type { Person } from './person.ts'
import { snippetsOf } from './snippets.ts'
import type { Composition } from './use-composition.ts'
import { useStore } from './use-store.ts'

interface CodeCardProps {
  composition: Composition
  sender: Person
}

/** What the composer sends, for a back end and for a shell. */
export function CodeCard({ composition, sender }: CodeCardProps) {
  const { session } = useStore(sender.store)
  const [chosen, setChosen] = useState('SDK')
  const { draft, target } = composition
  const audience = target.audience ?? { user: target.id }
  const snippets = snippetsOf(draft, audience, { origin: location.origin, token: session?.token })
  const snippet = snippets.find(({ label }) => label === chosen) ?? snippets[0]
  if (!snippet) return null
  return (
    <section className="card code" aria-labelledby="code-title">
      <div className="card-bar">
        <h2 id="code-title">The same from code</h2>
        <fieldset className="segments">
          <legend className="visually-hidden">Language</legend>
          {snippets.map(({ label }) => (
            <label key={label}>
              <input
                type="radio"
                name="snippet"
                value={label}
                checked={snippet.label === label}
                onChange={() => setChosen(label)}
              />
              <span>{label}</span>
            </label>
          ))}
        </fieldset>
        <CopyButton label={snippet.label} text={snippet.copied} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse */}
      <pre tabIndex={0}>
        <code>{snippet.text}</code>
      </pre>
    </section>
  )
}
