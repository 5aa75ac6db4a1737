import type { ClientState } from '@belfry/client'

const USER_TOPIC = 'user:'

/** Of the user's own topic, at which the numbers hold; undefined until they have come. */
export const userIdIn = (state: ClientState | undefined): string | undefined =>
  Object.keys(state?.counts.at ?? {})
    .find((topic) => topic.startsWith(USER_TOPIC))
    ?.slice(USER_TOPIC.length)
