import { Later } from '../ui/later.ts'

/** Loaded when somebody first wants to put something off. */
export const lateSnoozeMenu = new Later(() => import('./SnoozeMenu.tsx').then(({ SnoozeMenu }) => SnoozeMenu))
