/** For tests and developer tools: the client over surroundings of their own, such as a line with faults. */
export { createClientIn } from './belfry-client.ts'
export { browserEnvironment } from './browser-environment.ts'
export type { Device, Environment, Hint } from './environment.ts'
export { freshItem } from './item-state.ts'
export { keepFor } from './keeping.ts'
export { ListPages } from './list-pages.ts'
export type { OpenSocket, SocketEnd, SocketHandlers, SocketPort, SocketRequest } from './socket-port.ts'
