/** Paths on a grid of 24, drawn with round strokes. */
const PATHS = {
  clock: 'M12 7v5l3 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0',
  tick: 'M5 12.5l4.5 4.5L19 7.5',
  ticks: 'M2 12.5l4.5 4.5L16 7.5M11.5 16.5l.5.5 9.5-9.5',
  send: 'M5 12h13M12.5 6l6 6-6 6',
  clip: 'M20 11.5l-8 8a5 5 0 0 1-7-7l8.5-8.5a3.4 3.4 0 0 1 4.8 4.8L10 17a1.7 1.7 0 0 1-2.4-2.4L15 7.2',
  reply: 'M9 7l-5 5 5 5M4 12h9a7 7 0 0 1 7 7',
  smile: 'M8.5 14.5a4.5 4.5 0 0 0 7 0M9 9.5h.01M15 9.5h.01M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  back: 'M15 5l-7 7 7 7',
  down: 'M12 5v14M6 13l6 6 6-6',
  plus: 'M12 5v14M5 12h14',
  file: 'M6 3h8l4 4v14H6zM14 3v4h4',
  close: 'M6 6l12 12M18 6L6 18',
  alert: 'M12 8v5M12 16.5h.01M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0',
  mute: 'M6 9a6 6 0 0 1 9-5.2M18 11c.4 4 2.5 5.5 2.5 5.5H8M3.5 16.5S6 15 6 9M10 20a2.2 2.2 0 0 0 4 0M3 3l18 18',
  pin: 'M12 21v-6M7 15h10l-2-4V5h1V3H8v2h1v6z',
} as const

export type ChatIconName = keyof typeof PATHS

/** A drawing beside words or in a button that has a name: never read aloud. */
export function ChatIcon({ name }: { name: ChatIconName }) {
  return (
    <svg data-belfry-icon={name} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  )
}
