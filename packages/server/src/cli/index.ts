import type { Command } from 'commander'

/** The operator's tools. */
export function registerCommands(_: Command): void {}
