export interface BrowserState {
  readonly supported: boolean
  /** Why there are no notifications, or no push. `insecure`: the page came over plain http. */
  readonly reason: 'insecure' | 'unsupported' | 'denied' | 'noWorker' | 'noPush' | undefined
  readonly permission: NotificationPermission
  readonly pushState: 'off' | 'subscribing' | 'on' | 'error'
  /** Whether now is a time to offer notifications: one was opened, and nobody said "not now". */
  readonly mayOffer: boolean
}

export const SERVER_STATE: BrowserState = {
  supported: false,
  reason: undefined,
  permission: 'default',
  pushState: 'off',
  mayOffer: false,
}
