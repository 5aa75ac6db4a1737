/**
 * The packaged browser never permits notifications and calls every page focused, so these two are played. Runs in
 * the worker before it.
 */
export const WORKER_STAGE = `
  self.shown = []
  self.opened = []
  self.isFocused = true
  self.finished = 0
  const waitUntil = ExtendableEvent.prototype.waitUntil
  ExtendableEvent.prototype.waitUntil = function (work) {
    waitUntil.call(this, work)
    work.finally(() => { self.finished += 1 })
  }
  registration.showNotification = async (title, { tag, ...options }) => {
    if (tag !== '') self.shown = self.shown.filter((one) => one.tag !== tag)
    const one = { title, tag, ...options }
    one.close = () => { self.shown = self.shown.filter((other) => other !== one) }
    self.shown.push(one)
  }
  registration.getNotifications = async () => self.shown
  Object.defineProperty(WindowClient.prototype, 'focused', { get: () => self.isFocused })
  clients.openWindow = async (url) => { self.opened.push(url) }
  self.click = async (notification) => {
    const event = new ExtendableEvent('notificationclick')
    let work
    Object.assign(event, { notification, waitUntil: (promise) => { work = promise } })
    self.dispatchEvent(event)
    await work
  }
`

export interface ShownByWorker {
  title: string
  tag: string
  body: string
  icon?: string
  data: { id?: unknown; url?: unknown }
  close(): void
}

export interface WorkerStage {
  shown: ShownByWorker[]
  opened: string[]
  isFocused: boolean
  /** Events that the worker has done with. */
  finished: number
  click(notification: Partial<ShownByWorker>): Promise<void>
}
