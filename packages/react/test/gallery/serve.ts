import { type ServedApp, serveApp } from '../serve-app.ts'

/** The gallery on a free port of the loopback. Close it after use. */
export const serveGallery = (): Promise<ServedApp> => serveApp({ root: import.meta.dirname })
