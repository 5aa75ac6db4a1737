/** Paths on a grid of 24, drawn with round strokes. Those of a page that has just come; `PanelIcon` has the others. */
const PATHS = {
  bell: 'M6 9a6 6 0 0 1 12 0c0 6 2.5 7.5 2.5 7.5h-17S6 15 6 9M10 20a2.2 2.2 0 0 0 4 0',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  alert: 'M12 8v5M12 16.5h.01M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0',
  cloudOff: 'M3 3l18 18M9 6.2A6 6 0 0 1 18 10a4.5 4.5 0 0 1 2.6 8M17 19H7a5 5 0 0 1-.8-9.9',
} as const

export type IconName = keyof typeof PATHS

/** A drawing beside words or in a button that has a name: never read aloud. */
export const Icon = ({ name }: { name: IconName }) => <Drawing name={name} path={PATHS[name]} />

export function Drawing({ name, path }: { name: string; path: string }) {
  return (
    <svg data-belfry-icon={name} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={path} />
    </svg>
  )
}
