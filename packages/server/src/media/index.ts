import { type CanReadMessage, createReadableMedia } from './reading.ts'
import { claimMedia, forgetMedia } from './sweep.ts'
import {
  bytesOfUser,
  confirmMedia,
  giveUpMedia,
  giveUpThumbnail,
  reserveMedia,
  reserveThumbnail,
} from './upload-handlers.ts'

/** Uploaded files in the store's thread: who has them, who may read them, and what can go. */
export function createMediaFeature(canReadMessage: CanReadMessage) {
  return {
    handlers: {
      reserveMedia,
      confirmMedia,
      giveUpMedia,
      reserveThumbnail,
      giveUpThumbnail,
      claimMedia,
      forgetMedia,
    },
    queries: {
      readableMedia: createReadableMedia(canReadMessage),
      bytesOfUser,
    },
  }
}
