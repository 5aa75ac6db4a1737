/** Hidden from screen readers: every row says its own time, and only articles belong into a feed. */
export function NotificationGroupHeader({ label }: { label: string }) {
  return (
    <div data-belfry-heading="" aria-hidden="true">
      {label}
    </div>
  )
}
