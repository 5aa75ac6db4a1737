import { type RefObject, useEffect, useRef, useState } from 'react'
import { createPortal } from 'react-dom'
import { useKit, usePart } from '../kit/KitContext.ts'
import { useStrings } from '../kit/useStrings.ts'
import type { ToasterProps } from './Toaster.tsx'
import { ToastRow } from './ToastRow.tsx'
import { mirrorToasts } from './toast-adapter.ts'
import { DURATION_MS, LIMIT, type ToastCenter, toastCenterOf } from './toast-center.ts'
import { raise, type ToastLayer, watchLayer } from './toast-layer.ts'
import { WATCHED_REASONS, watchPauses } from './toast-pauses.ts'
import { useShownToasts } from './useToast.ts'

/** The toasts of a provider, above everything else on the page. Mount one per page. */
export function ToasterBody({
  limit = LIMIT,
  duration = DURATION_MS,
  pauseWhen = WATCHED_REASONS,
  adapter,
  ...props
}: ToasterProps) {
  const center = usePart(toastCenterOf)
  const region = useRef<HTMLElement>(null)
  useEffect(() => center.configure({ limit, durationMs: duration }), [center, limit, duration])
  useEffect(() => (adapter ? mirrorToasts(center, adapter) : undefined), [center, adapter])
  // An array written in place is a new one each time.
  const reasons = pauseWhen.join(' ')
  useEffect(
    () =>
      watchPauses(center, {
        region: () => (adapter ? adapter.region?.() : region.current),
        reasons: WATCHED_REASONS.filter((reason) => reasons.split(' ').includes(reason)),
      }),
    [center, adapter, reasons],
  )
  return adapter ? null : <ToastRegion {...props} center={center} region={region} />
}

interface ToastRegionProps
  extends Pick<ToasterProps, 'position' | 'hotkey' | 'renderToast' | 'className' | 'style'> {
  center: ToastCenter
  region: RefObject<HTMLElement | null>
}

function ToastRegion({
  center,
  region,
  position = 'bottom-end',
  hotkey = 'F8',
  renderToast,
  className,
  style,
}: ToastRegionProps) {
  const strings = useStrings()
  const { dir } = useKit()
  const toasts = useShownToasts(center)
  const layer = useLayer(region, toasts.length > 0)
  const returnTo = useRef<HTMLElement>(null)
  useHotkey(hotkey, region)
  if (!layer || toasts.length === 0) return null
  return createPortal(
    <section
      ref={region}
      className={className}
      style={style}
      dir={dir}
      data-belfry-toaster=""
      data-position={position}
      popover="manual"
      tabIndex={-1}
      aria-label={strings.toasts}
      aria-live="off"
      onFocus={({ currentTarget, relatedTarget }) => {
        if (currentTarget.contains(relatedTarget)) return
        returnTo.current = relatedTarget instanceof HTMLElement ? relatedTarget : null
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && event.target === event.currentTarget) returnTo.current?.focus()
      }}
    >
      <ol>
        {toasts.map((toast) => (
          <ToastRow key={toast.id} toast={toast} returnTo={returnTo} renderToast={renderToast} />
        ))}
      </ol>
    </section>,
    layer.host,
  )
}

/** Keeps the region on top for as long as there is a toast. */
function useLayer(region: RefObject<HTMLElement | null>, isShown: boolean): ToastLayer | undefined {
  const [layer, setLayer] = useState<ToastLayer>()
  useEffect(() => (isShown ? watchLayer(setLayer) : undefined), [isShown])
  useEffect(() => {
    if (layer && isShown && region.current) raise(region.current)
  }, [layer, isShown, region])
  return layer
}

function useHotkey(hotkey: string | false, region: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (hotkey === false) return
    const onKeyDown = (event: KeyboardEvent) => {
      const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey
      if (event.key !== hotkey || !isPlain || !region.current) return
      event.preventDefault()
      region.current.focus()
    }
    document.addEventListener('keydown', onKeyDown)
    return () => document.removeEventListener('keydown', onKeyDown)
  }, [hotkey, region])
}
