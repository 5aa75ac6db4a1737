export type Placement = 'bottom-end' | 'bottom-start' | 'top-end' | 'top-start'

/** Between the panel and the bell, and the panel and the edges of the window. */
export const GAP_PX = 8

export interface Box {
  left: number
  right: number
  top: number
  bottom: number
}

interface Room {
  width: number
  height: number
}

export interface PlaceOptions {
  anchor: Box
  panel: Room
  window: Room
  placement: Placement
  isRtl: boolean
}

/** @returns where the panel's corner goes, in pixels of the window: on the wanted side, or on the other when it has more room. */
export function place({ anchor, panel, window, placement, isRtl }: PlaceOptions): {
  left: number
  top: number
} {
  const isEnd = placement.endsWith('end') !== isRtl
  const wished = isEnd ? anchor.right - panel.width : anchor.left
  const left = Math.max(GAP_PX, Math.min(wished, window.width - panel.width - GAP_PX))
  const below = anchor.bottom + GAP_PX
  const above = anchor.top - GAP_PX - panel.height
  const fitsBelow = below + panel.height <= window.height - GAP_PX
  const fitsAbove = above >= GAP_PX
  const wantsTop = placement.startsWith('top')
  const isAbove = wantsTop ? fitsAbove || !fitsBelow : !fitsBelow && fitsAbove
  return { left, top: Math.max(GAP_PX, isAbove ? above : below) }
}
