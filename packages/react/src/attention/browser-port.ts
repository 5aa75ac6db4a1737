import { type DeviceStorage, deviceStorage } from './device-storage.ts'

export type ShownOptions = Pick<NotificationOptions, 'body' | 'tag' | 'icon' | 'data'>

/** A worker that can show notifications. */
export interface Registration {
  show(title: string, options: ShownOptions): Promise<void>
  /** Closes those that it picks, by what they carry. */
  closeWhere(picks: (data: unknown) => boolean): Promise<void>
  subscription(): Promise<PushSubscription | null>
  subscribe(vapidPublicKey: string): Promise<PushSubscription>
}

/** Of a browser, what notifications need; a test passes its own. */
export interface BrowserPort {
  /** Why there can be none; undefined when there can. */
  missing(): 'insecure' | 'unsupported' | undefined
  permission(): NotificationPermission
  /** The browser's own question. */
  ask(): Promise<NotificationPermission>
  /** False when the browser knows of no click, tap or key just now. */
  hasGesture(): boolean
  /** The worker of this page, registered at this path when there is none yet. */
  register(workerUrl: string): Promise<Registration>
  onPermission(listener: () => void): () => void
  storage: DeviceStorage | undefined
  now(): number
}

const registrationOf = (worker: ServiceWorkerRegistration): Registration => ({
  show: (title, options) => worker.showNotification(title, options),
  async closeWhere(picks) {
    for (const shown of await worker.getNotifications()) if (picks(shown.data)) shown.close()
  },
  subscription: async () => worker.pushManager.getSubscription(),
  subscribe: (vapidPublicKey) =>
    worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: vapidPublicKey }),
})

export const browserPort: BrowserPort = {
  missing() {
    if (!isSecureContext) return 'insecure'
    return 'Notification' in window && 'serviceWorker' in navigator ? undefined : 'unsupported'
  },
  permission: () => Notification.permission,
  ask: () => Notification.requestPermission(),
  // Missing in older browsers, which refuse by themselves.
  hasGesture: () => (navigator.userActivation as UserActivation | undefined)?.isActive ?? true,
  async register(workerUrl) {
    const { serviceWorker } = navigator
    // One scope has one worker: an app's own must not be replaced.
    if (!(await serviceWorker.getRegistration())) await serviceWorker.register(workerUrl)
    return registrationOf(await serviceWorker.ready)
  },
  onPermission(listener) {
    const controller = new AbortController()
    navigator.permissions?.query({ name: 'notifications' }).then(
      (status) => status.addEventListener('change', listener, { signal: controller.signal }),
      // Without the word of the browser it is seen at the next look.
      () => undefined,
    )
    return () => controller.abort()
  },
  get storage() {
    return deviceStorage()
  },
  now: () => Date.now(),
}
