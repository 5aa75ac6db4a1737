import type { Report } from '../store/move/move.ts'

/** A line for a log is wanted now and then, not with every page. */
const LINE_EVERY_MS = 5000
const BAR_EVERY_MS = 100
const WIDTH = 30

interface Output {
  isTTY?: boolean
  write(text: string): unknown
}

/** How far the work is: one line that changes on a terminal, lines every few seconds elsewhere. */
export function progressBar(output: Output, clock = () => performance.now()) {
  const isBar = output.isTTY === true
  const everyMs = isBar ? BAR_EVERY_MS : LINE_EVERY_MS
  let shownAt = Number.NEGATIVE_INFINITY
  let isOpen = false
  const show: Report = (phase, done, total, table) => {
    const isLast = done >= total
    if (!isLast && clock() - shownAt < everyMs) return
    shownAt = clock()
    const share = total === 0 ? 1 : done / total
    const text = `${phase} ${String(Math.floor(share * 100)).padStart(3)} %  ${done} of ${total} rows  ${table}`
    const filled = Math.round(share * WIDTH)
    if (isBar) output.write(`\r\u001b[K${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${text}`)
    else output.write(`${text}\n`)
    isOpen = isBar
  }
  return { show, end: () => void (isOpen && output.write('\n')) }
}
