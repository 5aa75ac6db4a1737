import { useState } from 'react'
import { useStrings } from '../kit/useStrings.ts'
import { IconButton } from '../ui/IconButton.tsx'
import { useLater } from '../ui/later.ts'
import { lateSnoozeMenu } from './late-snooze-menu.ts'

interface SnoozeButtonProps {
  ids: readonly string[]
  /** After a time was chosen. */
  onEnd?: () => void
}

/** Asks until when, and puts them off. */
export function SnoozeButton({ ids, onEnd }: SnoozeButtonProps) {
  const strings = useStrings()
  const [opener, setOpener] = useState<HTMLElement>()
  const Menu = useLater(lateSnoozeMenu, opener !== undefined)
  return (
    <>
      <IconButton
        icon="clock"
        label={strings.snooze}
        isOpen={opener !== undefined}
        onClick={({ currentTarget }) => setOpener(opener ? undefined : currentTarget)}
      />
      {opener && Menu && (
        <Menu ids={ids} opener={opener} onClose={() => setOpener(undefined)} onEnd={onEnd} />
      )}
    </>
  )
}
