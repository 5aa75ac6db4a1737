import type { WireFrame } from '@belfry/client'
import { Pause, Play } from 'lucide-react'
import { memo, useState } from 'react'
import { useStore } from './hooks.ts'
import type { Wire, WireLine } from './wire.ts'

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

/** Every frame of every client on this page, newest first. */
export function WireLog({ wire }: { wire: Wire }) {
  const lines = useStore(wire.store)
  const [frozen, setFrozen] = useState<readonly WireLine[]>()
  const shown = frozen ?? lines
  const clear = () => {
    setFrozen(undefined)
    wire.clear()
  }
  const newer = frozen ? lines.findIndex(({ key }) => key === frozen[0]?.key) : 0
  return (
    <section className="card wire" aria-labelledby="wire-title">
      <div className="wire-bar">
        <h2 id="wire-title">Wire</h2>
        <p className="quiet">Every frame of both clients, newest first</p>
        {newer > 0 && <p className="newer">{newer} newer</p>}
        <button
          type="button"
          className="button quiet-button small"
          aria-pressed={frozen !== undefined}
          onClick={() => setFrozen(frozen ? undefined : lines)}
        >
          {frozen ? <Play size={14} aria-hidden="true" /> : <Pause size={14} aria-hidden="true" />}
          {frozen ? 'Resume' : 'Pause'}
        </button>
        <button type="button" className="button quiet-button small" onClick={clear}>
          Clear
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable without a mouse */}
      <ol className="lines" tabIndex={0} aria-label="Frames">
        {shown.map((line) => (
          <Line key={line.key} line={line} />
        ))}
        {shown.length === 0 && <li className="no-lines quiet">Nothing yet. Sign in to open a line.</li>}
      </ol>
    </section>
  )
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
