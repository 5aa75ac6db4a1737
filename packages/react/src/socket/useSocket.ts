import { type BelfryClient, ClientFailure, type ClientState } from '@belfry/client'
import { useEffect, useMemo } from 'react'
import { useClientState } from '../kit/useClientState.ts'
import { useClient } from './client-context.ts'
import {
  type EmitOptions,
  emitWithAck,
  isConnected,
  SocketFacade,
  type SocketListener,
} from './socket-facade.ts'

interface Line extends Pick<ClientState, 'status' | 'transport' | 'latencyMs' | 'nextRetryAt'> {
  isConnected: boolean
  /** Why there is no connection; with one, why the last change was refused. */
  lastError: ClientFailure | undefined
  /** Attempts that have failed since the last connection that lasted. */
  attempt: number
}

export interface UseSocket extends Line {
  /** Undefined while nobody is signed in. Its own object for each caller, so that `off` reaches no one else's listeners. */
  socket: SocketFacade | undefined
  connect(): void
  disconnect(): void
  /** @throws ClientFailure the server's refusal, or `not_confirmed` when no answer came */
  emitWithAck(event: string, payload?: unknown, options?: EmitOptions): Promise<unknown>
}

function lineOf(state: ClientState | undefined): Line {
  return {
    isConnected: isConnected(state),
    status: state?.status ?? 'idle',
    transport: state?.transport,
    latencyMs: state?.latencyMs,
    lastError: state?.lineError ?? state?.error,
    attempt: state?.failures ?? 0,
    nextRetryAt: state?.nextRetryAt,
  }
}

/** Answers the same object while nothing in it has changed. */
function createLineSelector(): (state: ClientState | undefined) => Line {
  let last = lineOf(undefined)
  return (state) => {
    const next = lineOf(state)
    const names = Object.keys(next) as (keyof Line)[]
    if (names.some((name) => next[name] !== last[name])) last = next
    return last
  }
}

const commandsOf = (client: BelfryClient | undefined) => ({
  connect: () => client?.connect(),
  disconnect: () => client?.disconnect(),
  emitWithAck: async (event: string, payload?: unknown, options: EmitOptions = {}) => {
    if (!client) throw new ClientFailure('unauthorized')
    return emitWithAck(client, event, payload, options)
  },
})

/**
 * The connection of the nearest provider.
 * @param handlers Event to listener, bound while the component is mounted.
 */
export function useSocket(handlers?: Record<string, SocketListener>): UseSocket {
  const client = useClient()
  const line = useClientState(client, useMemo(createLineSelector, []))
  const own = useMemo(() => ({ socket: client && new SocketFacade(client), ...commandsOf(client) }), [client])
  const { socket } = own
  useEffect(() => {
    if (!socket) return
    const bound = Object.entries(handlers ?? {})
    for (const [event, handler] of bound) socket.on(event, handler)
    return () => {
      for (const [event, handler] of bound) socket.off(event, handler)
    }
  }, [socket, handlers])
  return useMemo(() => ({ ...line, ...own }), [line, own])
}
