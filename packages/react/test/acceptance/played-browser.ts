/**
 * What a packaged headless browser does not do is played: it calls every page focused, keeps notifications denied,
 * and has nobody who hears its sounds. All else is the browser's own.
 */

export interface PlayedOptions {
  isFocused: boolean
  /** What the site may do; `ask` is the answer of the person to the browser's question. */
  permission: NotificationPermission
  ask: NotificationPermission
}

interface ShownNotification {
  title: string
  tag: string
  body: string | undefined
  data: unknown
}

/** In the page, as `played`. */
export interface Played {
  isFocused: boolean
  permission: NotificationPermission
  /** Sounds that rang, each of which may have several notes. */
  sounds: number
  /** Notifications of the operating system, as the page asked for them. */
  shown: ShownNotification[]
  /** The browser's questions, each with the event of a person that it came in; `nothing`: in none. */
  asked: string[]
  /** What the policy of the page refused. */
  refused: string[]
  /** Gives or takes the focus, as changing the window would. */
  focus(isFocused: boolean): void
}

/** Runs in the page before everything else; so it uses nothing of this file. */
export function playBrowser({ isFocused, permission, ask }: PlayedOptions): void {
  const played: Played = {
    isFocused,
    permission,
    sounds: 0,
    shown: [],
    asked: [],
    refused: [],
    focus(isNow) {
      played.isFocused = isNow
      window.dispatchEvent(new Event(isNow ? 'focus' : 'blur'))
    },
  }
  Object.assign(window, { played })
  document.hasFocus = () => played.isFocused
  document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
    played.refused.push(`${violatedDirective} ${blockedURI}`)
  })

  let isRinging = false
  const start = AudioScheduledSourceNode.prototype.start
  AudioScheduledSourceNode.prototype.start = function (when) {
    start.call(this, when)
    // Notes that are scheduled in one go are one sound.
    if (!isRinging) played.sounds += 1
    isRinging = true
    queueMicrotask(() => {
      isRinging = false
    })
  }

  // Neither exists on plain http.
  if (!isSecureContext) return
  Object.defineProperty(Notification, 'permission', { get: () => played.permission })
  Notification.requestPermission = async () => {
    // What the browser itself takes for a gesture is worthless here: whoever drives it from outside counts as one.
    played.asked.push(window.event?.isTrusted ? window.event.type : 'nothing')
    played.permission = ask
    return ask
  }
  ServiceWorkerRegistration.prototype.showNotification = async (title, { tag = '', body, data } = {}) => {
    played.shown = played.shown.filter((one) => tag === '' || one.tag !== tag)
    played.shown.push({ title, tag, body, data })
  }
}
