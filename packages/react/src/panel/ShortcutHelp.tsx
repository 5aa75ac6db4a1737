import { latePart, type PartProps } from '../ui/part.ts'
import type { ShortcutMap } from './shortcuts.ts'

export interface ShortcutHelpProps extends PartProps {
  map?: ShortcutMap
  onClose(): void
}

/** All keys and what they do, in a dialog over everything. */
export const ShortcutHelp = latePart('help', () =>
  import('./HelpDialog.tsx').then(({ HelpDialog }) => HelpDialog),
)
