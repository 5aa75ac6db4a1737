import type { Context } from '../core/context.ts'
import type { Work } from '../core/timers.ts'
import type { MediaStore } from './media-store.ts'
import type { Doomed } from './sweep.ts'

/** Removes files that nobody can want any more. What the media store does not remove now, the next call tries again. */
export function createMediaSweeper(
  { config, log }: Context,
  files: MediaStore,
): (work: Work) => Promise<void> {
  return async (work) => {
    const claim = await work('claimMedia', { unattachedMs: config.unattachedMediaMs })
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
    if (ids.length > 0) await work('forgetMedia', { ids })
  }
}
