import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useStore } from './hooks.ts'
import type { Person } from './person.ts'
import { snippetsOf } from './snippets.ts'
import type { Composition } from './use-composition.ts'

/** Long enough to be seen. */
const COPIED_MS = 2_000

interface CodeCardProps {
  composition: Composition
  sender: Person
}

/** What the composer sends, for a shell and for a back end. */
export function CodeCard({ composition, sender }: CodeCardProps) {
  const { session } = useStore(sender.store)
  const { draft, target } = composition
  const audience = target.audience ?? { user: target.id }
  return (
    <section className="card code" aria-labelledby="code-title">
      <h2 id="code-title">The same from code</h2>
      {snippetsOf(draft, audience, session?.token).map((snippet) => (
        <figure className="snippet" key={snippet.label}>
          <figcaption>
            {snippet.label}
            <CopyButton label={snippet.label} text={snippet.copied} />
          </figcaption>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse */}
          <pre tabIndex={0}>
            <code>{snippet.text}</code>
          </pre>
        </figure>
      ))}
      <p className="quiet">The copied curl carries {sender.label}’s token and runs as it is.</p>
    </section>
  )
}

function CopyButton({ label, text }: { label: string; text: string }) {
  const [outcome, setOutcome] = useState<'copied' | 'refused'>()
  useEffect(() => {
    if (!outcome) return
    const timer = setTimeout(() => setOutcome(undefined), COPIED_MS)
    return () => clearTimeout(timer)
  }, [outcome])
  const copy = () => {
    // Without https and outside this machine browsers have no clipboard.
    const done = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('no clipboard'))
    done.then(
      () => setOutcome('copied'),
      () => setOutcome('refused'),
    )
  }
  return (
    <button type="button" className="button quiet-button tiny" aria-label={`Copy ${label}`} onClick={copy}>
      {outcome === 'copied' ? <Check size={13} aria-hidden="true" /> : <Copy size={13} aria-hidden="true" />}
      <span role="status">
        {outcome === 'copied' ? 'Copied' : outcome === 'refused' ? 'Not allowed' : 'Copy'}
      </span>
    </button>
  )
}
