import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { NotificationProvider } from '../kit/NotificationProvider.tsx'
import { Toaster } from '../toasts/Toaster.tsx'

test('both regions are there and empty before any content, and a toaster without toasts is nothing', () => {
  const html = renderToString(
    <NotificationProvider>
      <Toaster />
      <main>Content</main>
    </NotificationProvider>,
  )
  expect(html).toBe(
    '<div data-belfry-announcer="polite" role="status" aria-live="polite" aria-atomic="true"></div>' +
      '<div data-belfry-announcer="assertive" role="alert" aria-live="assertive" aria-atomic="true"></div>' +
      '<main>Content</main>',
  )
})
