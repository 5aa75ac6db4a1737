/** The only place where topic names are made. Ids cannot hold `:`, so the kinds never collide. */
export const topics = {
  all: 'all',
  user: (id: string) => `user:${id}`,
  role: (name: string) => `role:${name}`,
  room: (id: string) => `room:${id}`,
} as const
