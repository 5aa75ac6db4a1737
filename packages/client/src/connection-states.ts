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

const table: Record<LineState, Record<LineEvent, LineState>> = {
  idle: {
    start: 'connecting',
    ready: 'idle',
    failed: 'idle',
    slow: 'idle',
    fast: 'idle',
    networkDown: 'idle',
    networkUp: 'idle',
    refused: 'idle',
    pause: 'idle',
    stop: 'idle',
  },
  connecting: {
    start: 'connecting',
    ready: 'online',
    failed: 'reconnecting',
    slow: 'connecting',
    fast: 'connecting',
    networkDown: 'connecting',
    networkUp: 'connecting',
    refused: 'unauthorized',
    pause: 'paused',
    stop: 'idle',
  },
  online: {
    start: 'online',
    ready: 'online',
    failed: 'reconnecting',
    slow: 'degraded',
    fast: 'online',
    networkDown: 'online',
    networkUp: 'online',
    refused: 'unauthorized',
    pause: 'paused',
    stop: 'idle',
  },
  degraded: {
    start: 'degraded',
    ready: 'degraded',
    failed: 'reconnecting',
    slow: 'degraded',
    fast: 'online',
    networkDown: 'degraded',
    networkUp: 'degraded',
    refused: 'unauthorized',
    pause: 'paused',
    stop: 'idle',
  },
  reconnecting: {
    start: 'reconnecting',
    ready: 'online',
    failed: 'reconnecting',
    slow: 'reconnecting',
    fast: 'reconnecting',
    networkDown: 'offline',
    networkUp: 'reconnecting',
    refused: 'unauthorized',
    pause: 'paused',
    stop: 'idle',
  },
  offline: {
    start: 'reconnecting',
    ready: 'online',
    failed: 'offline',
    slow: 'offline',
    fast: 'offline',
    networkDown: 'offline',
    networkUp: 'reconnecting',
    refused: 'unauthorized',
    pause: 'paused',
    stop: 'idle',
  },
  paused: {
    start: 'reconnecting',
    ready: 'paused',
    failed: 'paused',
    slow: 'paused',
    fast: 'paused',
    networkDown: 'paused',
    networkUp: 'paused',
    refused: 'paused',
    pause: 'paused',
    stop: 'idle',
  },
  unauthorized: {
    start: 'connecting',
    ready: 'unauthorized',
    failed: 'unauthorized',
    slow: 'unauthorized',
    fast: 'unauthorized',
    networkDown: 'unauthorized',
    networkUp: 'unauthorized',
    refused: 'unauthorized',
    pause: 'unauthorized',
    stop: 'idle',
  },
}

export function nextState(state: LineState, event: LineEvent): LineState {
  return table[state][event]
}

export function statusOf(state: LineState): ConnStatus {
  return state === 'paused' ? 'offline' : state
}
