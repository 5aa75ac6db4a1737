import { ClientFailure, type ClientState } from '@belfry/client'
import type { ToastInput } from '../../src/toasts/toast-center.ts'
import { away, everyKind, grouped } from './samples.ts'

const RETRY_MS = 12_000

const scenes: Readonly<Record<string, () => Partial<ClientState>>> = {
  loading: () => ({ isReady: false, status: 'connecting' }),
  error: () => ({
    isReady: false,
    error: new ClientFailure('unavailable', { message: 'The server does not answer.' }),
  }),
  refused: () => ({
    items: everyKind,
    error: new ClientFailure('forbidden', { message: 'You may not do that.' }),
  }),
  offline: () => ({ items: everyKind, status: 'offline' }),
  snoozed: () => ({ items: [...away, ...everyKind] }),
  empty: () => ({ items: [] }),
  groups: () => ({ items: [...grouped, ...everyKind] }),
  'closed-many': () => ({ items: Array.from({ length: 8 }, () => everyKind).flat() }),
  'closed-none': () => ({ items: [] }),
  'connection-degraded': () => ({ status: 'degraded' }),
  'connection-reconnecting': () => ({ status: 'reconnecting', nextRetryAt: Date.now() + RETRY_MS }),
  'connection-offline': () => ({ status: 'offline' }),
  'connection-unauthorized': () => ({ status: 'unauthorized' }),
}

export const sceneOf = (name: string): Partial<ClientState> => scenes[name]?.() ?? { items: everyKind }

const action = { label: 'Undo', run: () => undefined }

export const someToasts: readonly ToastInput[] = [
  { title: 'Order 1043 was paid', message: 'The invoice is on its way to the customer.', duration: Infinity },
  { title: 'This did not work', message: 'The server has refused the change.', tone: 'danger' },
  {
    title: 'Database is running out of space',
    message: 'Less than 2 GB are left on db-1.',
    tone: 'urgent',
    item: everyKind[0],
  },
]

export const manyToasts: readonly ToastInput[] = [
  { title: 'Notification deleted', action, duration: Infinity },
  { title: 'New order', message: 'Order 1044 over 12.00 EUR.', item: everyKind[3], duration: Infinity },
  { title: `Long${'AndLonger'.repeat(12)}`, message: 'y'.repeat(400), action, duration: Infinity },
  { title: 'Waits', duration: Infinity },
]
