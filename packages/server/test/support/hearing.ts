/** Proving that a socket did not hear something: events of one socket keep their order, so a later one is a fence. */
import { freshName, type Note, type Person, type SocketRecorder, sendTo } from '@belfry/testkit'

/** Sends a marker to the person and waits until the socket has it: whatever came before it has arrived by then. */
export async function fence(
  sender: Person,
  person: Person,
  socket: SocketRecorder,
  event = 'notification',
): Promise<Note> {
  const message = freshName('fence')
  await sendTo(sender, person, message)
  return socket.event<Note>(event, (note) => note.message === message)
}

/** The notifications that a socket got under that event, without the markers of `fence`. */
export function heard(socket: SocketRecorder, event = 'notification'): Note[] {
  return socket.all<Note>(event).filter((note) => !note.message.startsWith('fence-'))
}

/** A barrier in time: resolves when the millisecond on the clock has changed, so that a later time is a larger one. */
export async function nextMillisecond(): Promise<void> {
  const start = Date.now()
  while (Date.now() <= start + 1) await new Promise((resolve) => setTimeout(resolve, 1))
}
