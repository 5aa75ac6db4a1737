/**
 * Served as a classic script at the root, so without imports. Shows pushes, and opens what is clicked.
 * An app with a worker of its own takes this one in with `importScripts('/belfry-sw.js')`.
 */

interface Push {
  id?: unknown
  title?: unknown
  body?: unknown
  url?: unknown
  tag?: unknown
  icon?: unknown
  unread?: unknown
  /** Ids of what was read elsewhere. */
  close?: unknown
}

interface WorkerEvent extends Event {
  waitUntil(work: Promise<unknown>): void
}

interface WorkerEvents {
  push: WorkerEvent & { data: { text(): string } | null }
  notificationclick: WorkerEvent & { notification: Notification }
  message: WorkerEvent & { data: unknown }
}

interface Page {
  readonly focused: boolean
  readonly visibilityState: string
  focus(): Promise<unknown>
  postMessage(message: unknown): void
}

/** What is used of a worker's scope: the types of workers and of pages exclude each other. */
declare const self: {
  readonly location: Location
  readonly registration: ServiceWorkerRegistration
  readonly clients: {
    matchAll(options: { type: 'window'; includeUncontrolled: boolean }): Promise<readonly Page[]>
    openWindow(url: string): Promise<unknown>
  }
  addEventListener<N extends keyof WorkerEvents>(name: N, listener: (event: WorkerEvents[N]) => void): void
}

/** For a push that cannot be read: a browser shows a worse sentence by itself when nothing is shown. */
const GENERIC_TITLE = 'New notification'

self.addEventListener('push', (event) => {
  event.waitUntil(receive(readPush(event.data?.text())))
})

self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(open(event.notification.data))
})

self.addEventListener('message', (event) => {
  const { type, ids } = asRecord(event.data)
  if (type === 'belfry:close') event.waitUntil(closeShown(asIds(ids)))
})

async function receive(push: Push): Promise<void> {
  const isAllRead = push.unread === 0
  if (isAllRead || Array.isArray(push.close)) await closeShown(isAllRead ? 'all' : asIds(push.close))
  const isOnlyClosing = isAllRead || (Array.isArray(push.close) && push.title === undefined)
  if (isOnlyClosing || (await listPages()).some(isLookedAt)) return
  const { id, url } = push
  await self.registration.showNotification(asText(push.title) ?? GENERIC_TITLE, {
    body: asText(push.body) ?? '',
    tag: asText(push.tag) ?? asText(id) ?? '',
    data: { id, url },
    ...iconOf(push.icon),
  })
}

async function open(data: unknown): Promise<void> {
  const { id, url } = asRecord(data)
  const href = safeUrl(url)
  const pages = await listPages()
  const page =
    pages.find((one) => one.focused) ?? pages.find((one) => one.visibilityState === 'visible') ?? pages[0]
  if (!page) {
    await self.clients.openWindow(href ?? '/')
    return
  }
  // Refused without a click that is recent enough; the page routes all the same.
  await page.focus().catch(() => undefined)
  page.postMessage({ type: 'belfry:open', url: href, id })
}

async function closeShown(ids: readonly string[] | 'all'): Promise<void> {
  for (const shown of await self.registration.getNotifications()) {
    const { id } = asRecord(shown.data)
    if (ids === 'all' || ids.includes(shown.tag) || ids.includes(String(id))) shown.close()
  }
}

const listPages = (): Promise<readonly Page[]> =>
  self.clients.matchAll({ type: 'window', includeUncontrolled: true })

const isLookedAt = (page: Page): boolean => page.focused && page.visibilityState === 'visible'

function readPush(text: string | undefined): Push {
  try {
    return asRecord(JSON.parse(text ?? ''))
  } catch {
    return {}
  }
}

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}

const asText = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

const asIds = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((id) => typeof id === 'string') : []

function iconOf(icon: unknown): { icon?: string } {
  const href = safeUrl(icon)
  return href === undefined ? {} : { icon: href }
}

/** http, https or a path of this site, without user info. Source: security.md §9. */
function safeUrl(value: unknown): string | undefined {
  if (typeof value !== 'string' || /\p{Cc}/u.test(value)) return undefined
  if (!/^(\/(?![/\\])|https?:\/\/)/i.test(value) || !URL.canParse(value, self.location.origin))
    return undefined
  const { href, username, password } = new URL(value, self.location.origin)
  return username === '' && password === '' ? href : undefined
}
