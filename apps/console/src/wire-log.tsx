import type { WireFrame } from '@belfry/client'
import { Pause, Play, Search } from 'lucide-react'
import { memo, useState } from 'react'
import { CopyButton } from './copy-button.tsx'
import { useStore } from './use-store.ts'
import { textOf, type Wire, type WireLine } from './wire.ts'

const arrows: Record<WireFrame['direction'], { sign: string; words: string }> = {
  in: { sign: '↓', words: 'received' },
  out: { sign: '↑', words: 'sent' },
  ack: { sign: '✓', words: 'answered' },
}
const time = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
})

/** Every frame of both clients, newest first. */
export function WireLog({ wire }: { wire: Wire }) {
  const lines = useStore(wire.store)
  const [frozen, setFrozen] = useState<readonly WireLine[]>()
  const [words, setWords] = useState('')
  const shown = (frozen ?? lines).filter((line) => fits(line, words))
  const newer = frozen ? lines.findIndex(({ key }) => key === frozen[0]?.key) : 0
  return (
    <section className="card wire" aria-labelledby="wire-title">
      <div className="card-bar">
        <h2 id="wire-title">Wire</h2>
        <p className="quiet">Every frame of both clients, newest first</p>
        {newer > 0 && <p className="newer">{newer} newer</p>}
        <label className="filter">
          <Search size={14} aria-hidden="true" />
          <span className="visually-hidden">Filter frames</span>
          <input
            type="search"
            placeholder="ada, markRead, ack…"
            value={words}
            onChange={(event) => setWords(event.target.value)}
          />
        </label>
        <button
          type="button"
          className="button quiet-button tiny"
          aria-pressed={frozen !== undefined}
          onClick={() => setFrozen(frozen ? undefined : lines)}
        >
          {frozen ? <Play size={13} aria-hidden="true" /> : <Pause size={13} aria-hidden="true" />}
          {frozen ? 'Resume' : 'Pause'}
        </button>
        <CopyButton label="frames" text={shown.map(textOf).join('\n')} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse */}
      <ol className="lines" tabIndex={0} aria-label="Frames">
        {shown.map((line) => (
          <Line key={line.key} line={line} />
        ))}
        {shown.length === 0 && (
          <li className="no-lines quiet">{words ? 'No frame has these words.' : 'Nothing yet.'}</li>
        )}
      </ol>
    </section>
  )
}

/** All words, wherever they stand in the line. */
function fits(line: WireLine, words: string): boolean {
  const text = textOf(line).toLowerCase()
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

/** More does not fit on a line. */
const MAX_LINE_CHARS = 240

const Line = memo(function Line({ line }: { line: WireLine }) {
  const [isOpen, setOpen] = useState(false)
  const { sign, words } = arrows[line.direction]
  return (
    <li>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <span className="line-time">{time.format(line.at)}</span>
          <span className="line-person">{line.person}</span>
          <span className="line-way" data-way={line.direction}>
            <span aria-hidden="true">{sign}</span>
            <span className="visually-hidden">{words}</span>
          </span>
          <span className="line-event">{line.event}</span>
          <span className="line-took">
            {line.latencyMs === undefined ? '' : `${Math.round(line.latencyMs)} ms`}
          </span>
          <span className="line-text">{JSON.stringify(line.payload)?.slice(0, MAX_LINE_CHARS)}</span>
        </summary>
        {isOpen && (
          <pre>
            <code>{JSON.stringify(line.payload, undefined, 2)}</code>
          </pre>
        )}
      </details>
    </li>
  )
})
