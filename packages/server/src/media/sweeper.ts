import type { Actor } from '../core/actor.ts'
import type { Context } from '../core/context.ts'
import type { MediaStore } from './media-store.ts'
import type { Doomed } from './sweep.ts'

const SYSTEM: Actor = { kind: 'system' }

/** Removes files that nobody can want any more. What the media store does not remove now, the next call tries again. */
export function createMediaSweeper({ store, config, log }: Context, files: MediaStore): () => Promise<void> {
  return async () => {
    const claim = await store.transact('claimMedia', SYSTEM, { unattachedMs: config.unattachedMediaMs })
    // What the handler of this name answers; the border between threads cannot carry the type.
    const { doomed } = claim as { doomed: Doomed[] }
    const ids: string[] = []
    for (const one of doomed) {
      try {
        for (const name of one.files) await files.remove(name)
        ids.push(one.id)
      } catch (error) {
        log.warn({ err: error, media: one.id }, 'a file could not be removed')
      }
    }
    if (ids.length > 0) await store.transact('forgetMedia', SYSTEM, { ids })
  }
}
