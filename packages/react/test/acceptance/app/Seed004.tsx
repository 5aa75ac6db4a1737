/** Seed 004's front end as its users wrote it, on the kit's components and hooks. */
import { BelfryProvider, NotificationSystem, RealTimeNotifications, useNotifications } from '@belfry/react'
import { useState } from 'react'

export default function Layout({ url, token }: { url: string; token: string | undefined }) {
  const [types, setTypes] = useState<string[]>([])
  return (
    <BelfryProvider url={url} getToken={() => token}>
      <RealTimeNotifications
        events={['order:new', 'inventory:lowStock']}
        onNotification={({ type }) => setTypes((before) => [...before, type])}
      />
      <NotificationSystem />
      <p id="heard">{types.join()}</p>
      <NotificationList />
    </BelfryProvider>
  )
}

function NotificationList() {
  const { notifications, unreadCount, markAsRead, markAllAsRead } = useNotifications()
  return (
    <section>
      <h2 id="unread">{unreadCount}</h2>
      <button type="button" onClick={() => markAllAsRead()}>
        Everything is read
      </button>
      <ul id="items">
        {notifications.map((notification) => (
          <li key={notification.id} className={notification.isRead ? 'read' : 'unread'}>
            <button type="button" onClick={() => markAsRead(notification.id)}>
              {notification.title}: {notification.message} ({notification.type}, {notification.priority})
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
