/** Names of settings that say where the data live. */
export const MOVED_TO = 'moved_to'
export const MOVING_FROM = 'moving_from'

/**
 * One log, one home: data that were moved elsewhere, or of which only a part has arrived, must not be served.
 * @throws Error with what to do
 */
export function assertHome(setting: (name: string) => string | undefined): void {
  const to = setting(MOVED_TO)
  if (to !== undefined) {
    throw new Error(
      `These data were moved to ${to}; what is here is only a copy from before. Start with DATABASE_URL of that database.`,
    )
  }
  if (setting(MOVING_FROM) !== undefined) {
    throw new Error(
      'The data are still being moved into this database. Run the same `belfry migrate` again; it goes on where it was.',
    )
  }
}
