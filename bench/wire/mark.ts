// The mark is how a notification is recognised at the other end: `seq=` and eight digits in its message. Its width is fixed, so
// that a request's Content-Length never changes and the request can be built before the measurement.

const PREFIX = 'seq='
const DIGITS = 8

/** Stands in a prepared request where the sequence number goes. */
export const MARK_PLACEHOLDER = `${PREFIX}${'#'.repeat(DIGITS)}`

export const formatMark = (sequence: number): string => PREFIX + String(sequence).padStart(DIGITS, '0')

/** Calls `onMark` for every mark in the text, in order. */
export const forEachMark = (text: string, onMark: (sequence: number) => void): void => {
  let at = text.indexOf(PREFIX)
  while (at >= 0) {
    let sequence = 0
    const end = at + PREFIX.length + DIGITS
    for (let digit = at + PREFIX.length; digit < end; digit++)
      sequence = sequence * 10 + text.charCodeAt(digit) - 48
    if (Number.isInteger(sequence) && sequence >= 0) onMark(sequence)
    at = text.indexOf(PREFIX, end)
  }
}
