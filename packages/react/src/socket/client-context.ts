import type { BelfryClient } from '@belfry/client'
import { createContext, useContext } from 'react'

/** The client of the nearest `SocketProvider`. */
export const ClientContext = createContext<BelfryClient | undefined>(undefined)

/** Undefined while nobody is signed in, outside of a provider, and on the server. */
export const useClient = (): BelfryClient | undefined => useContext(ClientContext)
