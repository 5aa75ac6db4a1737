import type { ComponentProps } from 'react'
import { ChatIcon, type ChatIconName } from './ChatIcon.tsx'

interface ChatButtonProps extends Omit<ComponentProps<'button'>, 'type'> {
  icon: ChatIconName
  /** Its name, and its tip under the pointer. */
  label: string
}

export function ChatButton({ icon, label, ...props }: ChatButtonProps) {
  return (
    <button type="button" data-belfry-icon-button="" aria-label={label} title={label} {...props}>
      <ChatIcon name={icon} />
    </button>
  )
}
