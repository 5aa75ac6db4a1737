import { Drawing, Icon, type IconName } from './Icon.tsx'

/** As in `Icon`. */
const PATHS = {
  checks: 'M2.5 12.5l4.5 4.5 9-9.5M12 17l.5.5 9-9.5',
  unread: 'M13 6H4v12.5h16v-7.5M4.5 7l7.5 6 3-2.3M21 6a2 2 0 1 1-4 0 2 2 0 0 1 4 0',
  archive: 'M4 5h16v4H4zM5.5 9v10h13V9M10 13h4',
  inbox: 'M4 13l2.5-8h11L20 13v6H4zM4 13h5a3 3 0 0 0 6 0h5',
  trash: 'M4.5 7h15M9.5 7V4.5h5V7M6.5 7l1 13h9l1-13M10.5 11v5.5M13.5 11v5.5',
  close: 'M6 6l12 12M18 6L6 18',
  search: 'M16.5 16.5L21 21M18 11a7 7 0 1 1-14 0 7 7 0 0 1 14 0',
  sound: 'M4 9.5v5h3.5L12 19V5L7.5 9.5zM15.5 9a4.5 4.5 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11',
  mute: 'M4 9.5v5h3.5L12 19V5L7.5 9.5zM16 9.5l5 5M21 9.5l-5 5',
  clock: 'M20.5 12a8.5 8.5 0 1 1-17 0 8.5 8.5 0 0 1 17 0M12 7v5l3.5 2',
  up: 'M12 19V6M6 11.5L12 5.5l6 6',
} as const

type OwnName = keyof typeof PATHS

export type PanelIconName = IconName | OwnName

const isOwn = (name: PanelIconName): name is OwnName => name in PATHS

/** The drawings of panels, toasts and switches. */
export const PanelIcon = ({ name }: { name: PanelIconName }) =>
  isOwn(name) ? <Drawing name={name} path={PATHS[name]} /> : <Icon name={name} />
