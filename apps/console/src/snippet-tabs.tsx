import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Snippet } from './snippets.ts'

/** Long enough to be seen. */
const COPIED_MS = 2_000

export function SnippetTabs({ snippets }: { snippets: readonly Snippet[] }) {
  return (
    <div className="snippets">
      {snippets.map((snippet) => (
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
    </div>
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
