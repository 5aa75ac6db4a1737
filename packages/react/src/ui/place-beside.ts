const GAP_PX = 4
const EDGE_PX = 8

/** Above everything and within the screen, whatever clips the button. */
export function placeBeside(menu: HTMLElement, button: HTMLElement): void {
  menu.showPopover?.()
  const at = button.getBoundingClientRect()
  const { width, height } = menu.getBoundingClientRect()
  const isBelow = at.bottom + GAP_PX + height < innerHeight - EDGE_PX
  const left = getComputedStyle(button).direction === 'rtl' ? at.left : at.right - width
  menu.style.left = `${Math.max(EDGE_PX, Math.min(left, innerWidth - width - EDGE_PX))}px`
  menu.style.top = `${isBelow ? at.bottom + GAP_PX : Math.max(EDGE_PX, at.top - GAP_PX - height)}px`
}
