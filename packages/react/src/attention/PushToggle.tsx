import { latePart } from '../ui/part.ts'

/** Turns notifications of the browser on, and says what stands in the way. Off again is web push alone. */
export const PushToggle = latePart('push', () => import('./PushBody.tsx').then(({ PushBody }) => PushBody))
