import type { Client } from './client.ts'

/** What a part of the client that comes as an entry of its own, such as the chat, may touch. */
export type Host = Pick<
  Client,
  | 'applied'
  | 'ask'
  | 'changed'
  | 'commands'
  | 'connection'
  | 'environment'
  | 'frames'
  | 'isIdle'
  | 'now'
  | 'options'
  | 'refusal'
  | 'session'
>
