/** A user's mute that has no end. */
export const FOR_EVER = -1

export const isSilenced = (until: number | null, now: number): boolean =>
  until !== null && (until === FOR_EVER || until > now)
