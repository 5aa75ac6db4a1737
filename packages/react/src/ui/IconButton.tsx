import type { MouseEventHandler } from 'react'
import { PanelIcon, type PanelIconName } from './PanelIcon.tsx'

interface IconButtonProps {
  icon: PanelIconName
  /** Its name, and its tip under the pointer. */
  label: string
  onClick: MouseEventHandler<HTMLButtonElement>
  isDisabled?: boolean
}

export function IconButton({ icon, label, onClick, isDisabled = false }: IconButtonProps) {
  return (
    <button
      type="button"
      data-belfry-icon-button=""
      aria-label={label}
      title={label}
      disabled={isDisabled}
      onClick={onClick}
    >
      <PanelIcon name={icon} />
    </button>
  )
}
