import type { Draw } from '../random.ts'
import { edit, pin, react, remove, report, unreact } from './changes.ts'
import { create, createInParallel, update, upload } from './chats.ts'
import { comeBack, cutOff, focus, jump, openWindow, pageNewer, pageOlder, passTime, trim } from './devices.ts'
import type { Operation } from './drawing.ts'
import { post, postInParallel, repeatPost } from './posts.ts'
import {
  acknowledge,
  block,
  handSome,
  markRead,
  markUnread,
  setPrefs,
  tellReceipts,
  unblock,
} from './reading.ts'
import { add, expel, leave, updateSeats } from './seats.ts'

const shares: [weight: number, operation: Operation][] = [
  [22, post],
  [4, repeatPost],
  [1, postInParallel],
  [4, edit],
  [6, remove],
  [4, react],
  [2, unreact],
  [2, pin],
  [1, report],
  [9, markRead],
  [3, markUnread],
  [4, setPrefs],
  [4, block],
  [2, unblock],
  [5, handSome],
  [6, acknowledge],
  [3, tellReceipts],
  [6, add],
  [3, leave],
  [4, expel],
  [4, updateSeats],
  [2, create],
  [1, createInParallel],
  [3, update],
  [3, upload],
  [4, cutOff],
  [5, comeBack],
  [6, openWindow],
  [3, pageOlder],
  [2, pageNewer],
  [2, jump],
  [1, trim],
  [2, focus],
  [1, passTime],
]
const total = shares.reduce((sum, [weight]) => sum + weight, 0)

export function drawOperation(draw: Draw): Operation {
  let left = draw.int(1, total)
  for (const [weight, operation] of shares) {
    left -= weight
    if (left <= 0) return operation
  }
  return post
}
