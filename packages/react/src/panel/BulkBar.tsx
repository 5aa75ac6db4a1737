import { useActions } from '../inbox/inbox-actions.ts'
import { useStrings } from '../kit/useStrings.ts'
import { SnoozeButton } from '../snooze/SnoozeButton.tsx'
import { IconButton } from '../ui/IconButton.tsx'

interface BulkBarProps {
  ids: readonly string[]
  onEnd(): void
}

/** What can be done to all selected rows at once. */
export function BulkBar({ ids, onEnd }: BulkBarProps) {
  const actions = useActions()
  const strings = useStrings()
  const ending = (change: (ids: readonly string[]) => unknown) => () => {
    change(ids)
    onEnd()
  }
  return (
    <div data-belfry-bulk="" role="toolbar" aria-label={strings.selected(ids.length)}>
      <span aria-live="polite">{strings.selected(ids.length)}</span>
      <IconButton icon="check" label={strings.markRead} onClick={ending(actions.markRead)} />
      <IconButton icon="unread" label={strings.markUnread} onClick={ending(actions.markUnread)} />
      <SnoozeButton ids={ids} onEnd={onEnd} />
      <IconButton icon="archive" label={strings.archive} onClick={ending(actions.archive)} />
      <IconButton icon="trash" label={strings.remove} onClick={ending(actions.remove)} />
      <IconButton icon="close" label={strings.clearSelection} onClick={onEnd} />
    </div>
  )
}
