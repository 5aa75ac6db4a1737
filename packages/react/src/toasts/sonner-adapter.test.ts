import { toast } from 'sonner'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { en } from '../kit/strings.ts'
import { sonnerAdapter } from './sonner-adapter.ts'
import { mirrorToasts } from './toast-adapter.ts'
import { ToastCenter } from './toast-center.ts'

const section = { setAttribute: vi.fn() }

beforeEach(() => {
  vi.stubGlobal('document', { querySelectorAll: () => [section] })
  vi.stubGlobal('requestAnimationFrame', (run: () => void) => run())
})

afterEach(() => {
  toast.dismiss()
  vi.unstubAllGlobals()
})

test('sonner shows what the center shows, for as long as it does, and stays silent', () => {
  const center = new ToastCenter({ strings: () => en })
  const stop = mirrorToasts(center, sonnerAdapter(toast))
  const run = vi.fn()
  center.show({ id: 'a', title: 'Saving', message: 'Three files' })
  center.show({ id: 'b', title: 'Deleted', action: { label: 'Undo', run } })
  center.show({ id: 'c', title: 'Sending', action: { label: 'Stop', run } })
  center.update('a', { title: 'Not saved', tone: 'danger' })
  center.update('c', { title: 'Sent', action: undefined })
  expect(section.setAttribute).toHaveBeenCalledWith('aria-live', 'off')
  const shown = () => toast.getToasts().map((one) => ({ ...one }))
  expect(shown()).toMatchObject([
    { id: 'a', title: 'Not saved', description: 'Three files', type: 'error' },
    { id: 'b', title: 'Deleted', duration: Number.POSITIVE_INFINITY, action: { label: 'Undo' } },
    { id: 'c', title: 'Sent', action: undefined },
  ])
  const [, deleted] = shown()
  if (!deleted || !('onDismiss' in deleted)) throw new Error('Sonner does not show it.')
  // Closed there.
  deleted.onDismiss?.({ ...deleted })
  expect(center.getSnapshot().map(({ id }) => id)).toEqual(['a', 'c'])
  expect(run).not.toHaveBeenCalled()
  stop()
  expect(shown()).toEqual([])
  center.close()
})
