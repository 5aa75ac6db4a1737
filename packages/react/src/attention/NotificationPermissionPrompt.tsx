import { latePart } from '../ui/part.ts'

/** Offers notifications of the browser, after the first one that somebody opened; else nothing. */
export const NotificationPermissionPrompt = latePart('prompt', () =>
  import('./PromptBody.tsx').then(({ PromptBody }) => PromptBody),
)
