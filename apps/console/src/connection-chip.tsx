import type { ClientState, ConnStatus } from '@belfry/client'
import { useNow } from './hooks.ts'

type Look = 'live' | 'slow' | 'trying' | 'off'

const looks: Record<ConnStatus, { look: Look; words: string }> = {
  idle: { look: 'off', words: 'Not connected' },
  connecting: { look: 'trying', words: 'Connecting' },
  online: { look: 'live', words: 'Live' },
  degraded: { look: 'slow', words: 'Slow' },
  reconnecting: { look: 'trying', words: 'Reconnecting' },
  offline: { look: 'off', words: 'Offline' },
  unauthorized: { look: 'off', words: 'Signed out' },
}

/** Shape, words and colour say the same, for whoever sees only one of them. */
export function ConnectionChip({ inbox }: { inbox: ClientState }) {
  const { status, nextRetryAt, latencyMs, transport } = inbox
  const now = useNow(1_000)
  const { look, words } = looks[status]
  const waitS = nextRetryAt === undefined ? 0 : Math.ceil((nextRetryAt - now) / 1000)
  const isUp = look === 'live' || look === 'slow'
  const details = isUp && latencyMs !== undefined ? `${Math.round(latencyMs)} ms` : ''
  const countdown = look === 'trying' && waitS > 0 ? `in ${waitS} s` : ''
  return (
    <span
      className="chip"
      data-look={look}
      title={isUp ? `Connected by ${transport ?? 'socket'}` : undefined}
    >
      <Shape look={look} />
      {words}
      {(details || countdown) && <span className="chip-details">{details || countdown}</span>}
    </span>
  )
}

function Shape({ look }: { look: Look }) {
  return (
    <svg className="shape" viewBox="0 0 10 10" width="10" height="10" aria-hidden="true">
      {look === 'live' && <circle cx="5" cy="5" r="4" fill="currentColor" />}
      {look === 'slow' && <path d="M5 0.8 9.600 9H0.400Z" fill="currentColor" />}
      {look === 'trying' && (
        <circle
          cx="5"
          cy="5"
          r="3.600"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.800"
          strokeDasharray="3 2.600"
        />
      )}
      {look === 'off' && (
        <rect
          x="1.400"
          y="1.400"
          width="7.200"
          height="7.200"
          rx="1.200"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.800"
        />
      )}
    </svg>
  )
}
