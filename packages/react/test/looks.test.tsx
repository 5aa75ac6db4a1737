import type { ReactNode } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, test } from 'vitest'
import { NotificationSystem } from '../src/bell/NotificationSystem.tsx'
import { useNotifications } from '../src/inbox/useNotifications.ts'
import { NotificationProvider } from '../src/kit/NotificationProvider.tsx'
import { NotificationPanel } from '../src/panel/NotificationPanel.tsx'
import { EmptyState, type EmptyStateProps, ErrorState } from '../src/panel/states.tsx'
import { createFakeClient } from './gallery/fake-client.ts'

const client = createFakeClient({})
const render = (children: ReactNode) =>
  renderToString(
    <NotificationProvider client={client} announcer={false}>
      {children}
    </NotificationProvider>,
  )

const retry = () => undefined

test('a component takes its class by name beside its own, and its elements take theirs', () => {
  const html = render(
    <ErrorState
      onRetry={retry}
      className="own"
      classNames={{ error: 'named', title: 'words' }}
      strings={{ retry: 'Once more' }}
    />,
  )
  expect(html).toContain('class="named own"')
  expect(html).toContain('<p data-part="title" class="words">')
  expect(html).toContain('Once more')
})

test('names reach as far down as there are components, also through the whole system', () => {
  const html = render(
    <NotificationSystem className="mine" classNames={{ bell: 'my-bell', button: 'round' }} />,
  )
  expect(html).toMatch(/data-belfry-bell="" class="my-bell mine"/)
  expect(html).toMatch(/<button type="button" data-part="button" class="round"/)
})

function Panel() {
  const list = useNotifications()
  return (
    <NotificationPanel
      list={list}
      classNames={{ skeletons: 'grey', bar: 'top' }}
      slots={{ filters: ({ list: { unreadCount } }) => <nav>{`${unreadCount} unread`}</nav> }}
      strings={{ loading: 'One moment' }}
    />
  )
}

test('a slot takes the place of a component and has its props', () => {
  const html = render(<Panel />)
  expect(html).toContain('<nav>0 unread</nav>')
  expect(html).not.toContain('tablist')
  expect(html).toMatch(/data-belfry-skeletons="" aria-busy="true" class="grey"/)
  expect(html).toContain('One moment')
})

const Framed = (props: EmptyStateProps) => (
  <section>
    <EmptyState {...props} />
  </section>
)

test('a slot may show what it replaces', () => {
  const html = render(<EmptyState slots={{ empty: Framed }} classNames={{ empty: 'calm' }} filter="Orders" />)
  expect(html).toMatch(/^<section><div data-belfry-note="" class="calm">/)
  expect(html).toContain('Nothing in “Orders”')
})
