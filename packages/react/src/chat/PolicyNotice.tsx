import { ChatIcon } from './ChatIcon.tsx'

/** Why one cannot write here, or what becomes of what one writes. */
export function PolicyNotice({ id, text }: { id?: string; text: string }) {
  return (
    <p id={id} data-belfry-policy="" role="note">
      <ChatIcon name="alert" />
      <span dir="auto">{text}</span>
    </p>
  )
}
