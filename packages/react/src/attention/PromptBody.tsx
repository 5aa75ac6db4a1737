import { useStrings } from '../kit/useStrings.ts'
import type { PartProps } from '../ui/part.ts'
import { useBrowserPart } from './late-parts.ts'

/** Offers notifications of the browser, after the first one that somebody opened; else nothing. */
export function PromptBody(props: PartProps) {
  const { browser, state } = useBrowserPart()
  const strings = useStrings()
  if (!browser || !state.mayOffer) return null
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
}
