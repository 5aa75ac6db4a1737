import type { Features } from '../store/store.ts'
import {
  createAccount,
  deleteUser,
  ensureUsers,
  rehashPassword,
  setPassword,
  syncRoles,
  updateUser,
} from './account-handlers.ts'
import { revokeKey, storeKey } from './key-handlers.ts'
import { accountByEmail, accountById, getMe, isSessionLive, keyByHash, keyById, listKeys } from './queries.ts'
import { forgetSessions, logout, openSession, refreshSession } from './session-handlers.ts'

/** Accounts, sessions and keys: what the store runs for them. */
export const accounts: Features = {
  handlers: {
    createAccount,
    ensureUsers,
    updateUser,
    syncRoles,
    deleteUser,
    setPassword,
    rehashPassword,
    openSession,
    refreshSession,
    logout,
    forgetSessions,
    storeKey,
    revokeKey,
  },
  queries: { accountByEmail, accountById, getMe, isSessionLive, keyByHash, keyById, listKeys },
}
