import type { KitPart, MakePart } from '../kit/kit-parts.ts'

/** Whether mentions in chats are told by the chats, which know what is muted and what is on screen. */
export interface MentionNoise extends KitPart {
  readonly isLeftToChats: boolean
  /** Answers what takes it back. */
  leaveToChats(): () => void
}

export const mentionNoiseOf: MakePart<MentionNoise> = () => {
  let count = 0
  return {
    get isLeftToChats() {
      return count > 0
    },
    leaveToChats() {
      count += 1
      return () => {
        count -= 1
      }
    },
    close() {},
  }
}
