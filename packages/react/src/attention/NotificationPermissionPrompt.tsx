import { useSyncExternalStore } from 'react'
import { usePart, useStrings } from '../kit/KitContext.ts'
import { type PartProps, part } from '../ui/part.tsx'
import { browserNotificationsOf, SERVER_STATE } from './browser-notifications.ts'

const onServer = () => SERVER_STATE

/** Offers notifications of the browser, after the first one that somebody opened; else nothing. */
export const NotificationPermissionPrompt = part(
  'prompt',
  function NotificationPermissionPrompt(props: PartProps) {
    const browser = usePart(browserNotificationsOf)
    const strings = useStrings()
    const { mayOffer } = useSyncExternalStore(browser.store.subscribe, browser.store.read, onServer)
    if (!mayOffer) return null
    return (
      <section
        data-belfry=""
        data-belfry-prompt=""
        aria-label={strings.promptTitle}
        className={props.className}
        style={props.style}
      >
        <p data-belfry-prompt-title="">{strings.promptTitle}</p>
        <p>{strings.promptText}</p>
        <div data-belfry-prompt-buttons="">
          <button type="button" data-belfry-button="primary" onClick={() => void browser.turnOn()}>
            {strings.promptAccept}
          </button>
          <button type="button" data-belfry-button="plain" onClick={() => browser.dismiss()}>
            {strings.promptLater}
          </button>
          <button
            type="button"
            data-belfry-button="plain"
            onClick={() => browser.dismiss(Number.POSITIVE_INFINITY)}
          >
            {strings.promptNever}
          </button>
        </div>
      </section>
    )
  },
)
