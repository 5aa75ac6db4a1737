import type { ReactNode } from 'react'
import { useStrings } from '../kit/useStrings.ts'
import { PanelIcon, type PanelIconName } from '../ui/PanelIcon.tsx'
import { type PartProps, part, useElements } from '../ui/part.ts'

interface NoteProps extends PartProps {
  icon: PanelIconName
  title: string
  text?: string | undefined
  children?: ReactNode
}

function Note({ icon, title, text, children, className, style }: NoteProps) {
  const element = useElements()
  return (
    <div data-belfry-note="" className={className} style={style}>
      <span {...element('picture')} aria-hidden="true">
        <PanelIcon name={icon} />
      </span>
      <p {...element('title')}>{title}</p>
      {text && <p {...element('message')}>{text}</p>}
      {children}
    </div>
  )
}

export interface EmptyStateProps extends PartProps {
  /** Name of the filter that nothing fits. */
  filter?: string | undefined
  onShowAll?: (() => void) | undefined
}

export const EmptyState = part(
  'empty',
  function EmptyState({ filter, onShowAll, ...props }: EmptyStateProps) {
    const strings = useStrings()
    if (filter === undefined) {
      return <Note {...props} icon="bell" title={strings.emptyTitle} text={strings.emptyText} />
    }
    return (
      <Note {...props} icon="search" title={strings.emptyFilter(filter)}>
        {onShowAll && (
          <button type="button" data-belfry-button="plain" onClick={onShowAll}>
            {strings.showAll}
          </button>
        )}
      </Note>
    )
  },
)

export interface ErrorStateProps extends PartProps {
  message?: string | undefined
  onRetry(): void
}

export const ErrorState = part('error', function ErrorState({ message, onRetry, ...props }: ErrorStateProps) {
  const strings = useStrings()
  return (
    <Note {...props} icon="alert" title={strings.errorTitle} text={message}>
      <button type="button" data-belfry-button="primary" onClick={onRetry}>
        {strings.retry}
      </button>
    </Note>
  )
})

export const OfflineBanner = part('offline', function OfflineBanner(props: PartProps) {
  const strings = useStrings()
  return (
    <p data-belfry-banner="" role="status" className={props.className} style={props.style}>
      <PanelIcon name="cloudOff" />
      {strings.offlineText}
    </p>
  )
})
