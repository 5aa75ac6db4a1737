import { Later } from '../ui/later.ts'

/** What shows rows: loaded with the first list, while its items are on their way. */
export const lateListBody = new Later(() => import('./ListBody.tsx').then(({ ListBody }) => ListBody))
