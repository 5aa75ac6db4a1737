/**
 * States of a client's line to its server.
 *
 *            start              ready                slow
 *    idle ─────────► connecting ─────► online ◄───────────► degraded
 *                        │               │        fast          │
 *                 failed │        failed │               failed │
 *                        ▼               │                      │
 *                  reconnecting ◄────────┴──────────────────────┘
 *                    │  ▲   │ ready ► online
 *        networkDown │  │ networkUp, start
 *                    ▼  │
 *                   offline ── ready ► online
 *
 *    every state but idle: refused ► unauthorized ── start ► connecting
 *    every state but idle and unauthorized: pause ► paused ── start ► reconnecting
 *    every state: stop ► idle
 *
 * In `reconnecting` and `offline` tries go on for ever; `paused`, which looks like `offline`, and `unauthorized` wait
 * for `start`.
 */
export type ConnStatus =
  | 'idle'
  | 'connecting'
  | 'online'
  | 'degraded'
  | 'reconnecting'
  | 'offline'
  | 'unauthorized'

export type LineState = ConnStatus | 'paused'

export type LineEvent =
  | 'start'
  /** Caught up for the first time on this connection. */
  | 'ready'
  /** An attempt failed, or the connection was lost. */
  | 'failed'
  /** Long polling, or an answer took over 2 s. */
  | 'slow'
  | 'fast'
  | 'networkDown'
  | 'networkUp'
  /** The server does not take the token, nor the one after it. */
  | 'refused'
  | 'pause'
  | 'stop'

/** What the state's row does not name leaves it as it is. */
const stays = (state: LineState): Record<LineEvent, LineState> => ({
  start: state,
  ready: state,
  failed: state,
  slow: state,
  fast: state,
  networkDown: state,
  networkUp: state,
  refused: state,
  pause: state,
  stop: 'idle',
})

const open = { refused: 'unauthorized', pause: 'paused', failed: 'reconnecting' } as const
const trying = { ...open, ready: 'online' } as const

const table: Record<LineState, Record<LineEvent, LineState>> = {
  idle: { ...stays('idle'), start: 'connecting' },
  connecting: { ...stays('connecting'), ...trying },
  online: { ...stays('online'), ...open, slow: 'degraded' },
  degraded: { ...stays('degraded'), ...open, fast: 'online' },
  reconnecting: { ...stays('reconnecting'), ...trying, networkDown: 'offline' },
  offline: {
    ...stays('offline'),
    ...trying,
    failed: 'offline',
    start: 'reconnecting',
    networkUp: 'reconnecting',
  },
  paused: { ...stays('paused'), start: 'reconnecting' },
  unauthorized: { ...stays('unauthorized'), start: 'connecting' },
}

export function nextState(state: LineState, event: LineEvent): LineState {
  return table[state][event]
}

export function statusOf(state: LineState): ConnStatus {
  return state === 'paused' ? 'offline' : state
}
