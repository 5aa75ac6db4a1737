import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react'
import { GAP_PX, type Placement, place } from './place.ts'

export type CloseReason = 'click' | 'outside' | 'escape' | 'shortcut' | 'navigate'

/** Source: ui.md §5, Shell. Below it the panel fills the screen. */
const SMALL_SCREEN = '(max-width: 479px)'

interface PanelDialogOptions {
  button: RefObject<HTMLButtonElement | null>
  placement: Placement
  onClose(reason: CloseReason): void
}

/**
 * Shows a dialog above everything: beside its button and not modal, or on small screens over all and modal. Moves the
 * focus in, and back to the button unless somebody has put it elsewhere.
 */
export function usePanelDialog(options: PanelDialogOptions): RefObject<HTMLDialogElement | null> {
  const { button, placement } = options
  const dialog = useRef<HTMLDialogElement>(null)
  const close = useRef(options.onClose)
  useEffect(() => {
    close.current = options.onClose
  })
  useLayoutEffect(() => {
    const element = dialog.current
    if (!element) return
    const hide = show(element, button.current, placement)
    const opener = button.current
    return () => {
      const hadFocus = element.contains(document.activeElement) || document.activeElement === document.body
      hide()
      if (hadFocus) opener?.focus({ preventScroll: true })
    }
  }, [button, placement])
  useEffect(() => onLeave(dialog, button, (reason) => close.current(reason)), [button])
  return dialog
}

/** @returns what hides it again. */
function show(dialog: HTMLDialogElement, button: HTMLElement | null, placement: Placement): () => void {
  if (matchMedia(SMALL_SCREEN).matches || !('showPopover' in dialog)) {
    dialog.removeAttribute('popover')
    dialog.showModal()
    return () => dialog.close()
  }
  dialog.setAttribute('popover', 'manual')
  dialog.showPopover()
  const move = () => {
    if (!button) return
    const anchor = button.getBoundingClientRect()
    // As high as the larger side has room for.
    const room = Math.max(anchor.top, innerHeight - anchor.bottom) - 2 * GAP_PX
    dialog.style.setProperty('--bf-room', `${room}px`)
    const { left, top } = place({
      anchor,
      panel: { width: dialog.offsetWidth, height: dialog.offsetHeight },
      window: { width: document.documentElement.clientWidth, height: innerHeight },
      placement,
      isRtl: getComputedStyle(button).direction === 'rtl',
    })
    dialog.style.left = `${left}px`
    dialog.style.top = `${top}px`
  }
  move()
  const observer = new ResizeObserver(move)
  observer.observe(dialog)
  addEventListener('resize', move)
  addEventListener('scroll', move, true)
  return () => {
    observer.disconnect()
    removeEventListener('resize', move)
    removeEventListener('scroll', move, true)
    dialog.style.removeProperty('left')
    dialog.style.removeProperty('top')
    dialog.hidePopover()
  }
}

/** Escape and presses elsewhere. What lies above the panel, such as a toast or a dialog, is not elsewhere. */
function onLeave(
  dialog: RefObject<HTMLDialogElement | null>,
  button: RefObject<HTMLElement | null>,
  leave: (reason: CloseReason) => void,
): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Escape' || event.defaultPrevented) return
    const isAbove = event.target instanceof Element && event.target.closest('dialog') !== dialog.current
    if (isAbove && event.target instanceof Element && event.target.closest('dialog')) return
    event.preventDefault()
    leave('escape')
  }
  const onPress = (event: PointerEvent) => {
    const { target } = event
    if (!(target instanceof Element) || target.closest('[data-belfry-toaster]')) return
    if (dialog.current?.contains(target) || button.current?.contains(target)) return
    leave('outside')
  }
  document.addEventListener('keydown', onKey)
  document.addEventListener('pointerdown', onPress)
  return () => {
    document.removeEventListener('keydown', onKey)
    document.removeEventListener('pointerdown', onPress)
  }
}
