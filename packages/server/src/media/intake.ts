import { Failure } from '@belfry/protocol'
import type { Context } from '../core/context.ts'
import type { Intake, Uploader } from '../core/media.ts'
import type { MediaStore } from './media-store.ts'
import type { Staging } from './staging.ts'
import { OneUpload } from './upload.ts'

export interface IntakeOptions {
  context: Context
  files: MediaStore
  staging: Staging
}

/** Uploads of one user, and of this node, at once. */
const MAX_USER_UPLOADS = 4
const MAX_UPLOADS = 100

/** Where files come in: so many at once and no more, so that what is not kept yet has a bound too. */
export function createIntake({ context, files, staging }: IntakeOptions): Intake {
  const underWay = new Map<string, number>()
  let count = 0

  function leave(id: string): void {
    count -= 1
    const rest = (underWay.get(id) ?? 1) - 1
    if (rest === 0) underWay.delete(id)
    else underWay.set(id, rest)
  }
  return {
    begin(user: Uploader) {
      const own = underWay.get(user.id) ?? 0
      if (own >= MAX_USER_UPLOADS || count >= MAX_UPLOADS)
        throw new Failure('rate_limited', { message: 'Wait for the other uploads.', retryAfterMs: 1000 })
      count += 1
      underWay.set(user.id, own + 1)
      return new OneUpload({ context, files, staging, user, onEnded: () => leave(user.id) })
    },
  }
}
