/** From and to, both included. */
export type Range = [from: number, to: number]

/** More ranges than this are merged, lowest gap first: somebody who never catches up must not grow a row for ever. */
const MAX_RANGES = 100

/** Adds a range to a watermark and the ranges above it; what touches is joined. Pure. */
export function addRange(
  watermark: number,
  late: readonly Range[],
  [from, to]: Range,
): { watermark: number; late: Range[] } {
  const merged: Range[] = []
  for (const [start, end] of [...late, [from, to] as Range].sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1)
    if (last && start <= last[1] + 1) last[1] = Math.max(last[1], end)
    else merged.push([start, end])
  }
  let mark = watermark
  while (merged[0] && (merged[0][0] <= mark + 1 || merged.length > MAX_RANGES)) {
    mark = Math.max(mark, merged[0][1])
    merged.shift()
  }
  return { watermark: mark, late: merged }
}
