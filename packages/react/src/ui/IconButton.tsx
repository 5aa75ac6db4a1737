import type { MouseEventHandler } from 'react'
import { PanelIcon, type PanelIconName } from './PanelIcon.tsx'

interface IconButtonProps {
  icon: PanelIconName
  /** Its name, and its tip under the pointer. */
  label: string
  onClick: MouseEventHandler<HTMLButtonElement>
  isDisabled?: boolean
  /** Of a button that opens something. */
  isOpen?: boolean
}

export function IconButton({ icon, label, onClick, isDisabled = false, isOpen }: IconButtonProps) {
  return (
    <button
      type="button"
      data-belfry-icon-button=""
      aria-label={label}
      title={label}
      disabled={isDisabled}
      aria-haspopup={isOpen === undefined ? undefined : 'dialog'}
      aria-expanded={isOpen}
      onClick={onClick}
    >
      <PanelIcon name={icon} />
    </button>
  )
}
