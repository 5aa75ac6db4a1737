/** The client of browsers over a world that a test holds in its hand: no time, no network, no chance. */
export * from './chat-samples.ts'
export * from './fake-attention.ts'
export * from './fake-chats.ts'
export * from './fake-client.ts'
export * from './fake-clock.ts'
export * from './fake-server.ts'
export * from './samples.ts'
