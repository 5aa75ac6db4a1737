/** Seed 000's front end as its users wrote it, on the kit's hooks. */
import { AuthProvider, Bell, SocketProvider, useAuth, useNotifications, useSocket } from '@belfry/react'
import { type FormEvent, useEffect, useState } from 'react'

export default function App({ url }: { url: string }) {
  return (
    <AuthProvider baseUrl={url}>
      <SocketProvider url={url}>
        <Home />
      </SocketProvider>
    </AuthProvider>
  )
}

function Home() {
  const { user } = useAuth()
  return user ? <Dashboard /> : <Login />
}

function Login() {
  const { login, register } = useAuth()
  const [mode, setMode] = useState<'login' | 'register'>('login')
  const [message, setMessage] = useState('')
  const onSubmit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const form = new FormData(event.currentTarget)
    const [email, password] = [String(form.get('email')), String(form.get('password'))]
    const result = mode === 'login' ? await login(email, password) : await register(email, password)
    if (!result.success) setMessage(result.message ?? 'Failed')
  }
  return (
    <form onSubmit={onSubmit}>
      <input name="email" aria-label="Email" />
      <input name="password" type="password" aria-label="Password" />
      <button type="submit">{mode}</button>
      <button type="button" onClick={() => setMode('register')}>
        I have no account
      </button>
      <p id="message">{message}</p>
    </form>
  )
}

function Dashboard() {
  const { user, logout } = useAuth()
  const { socket, isConnected } = useSocket()
  const { items, unreadCount, markRead } = useNotifications()
  const [heard, setHeard] = useState<string[]>([])
  useEffect(() => {
    if (!socket) return
    const onNotification = (notification: { title: string; message: string }) =>
      setHeard((before) => [...before, notification.message])
    socket.on('notification', onNotification)
    return () => {
      socket.off('notification', onNotification)
    }
  }, [socket])
  return (
    <div>
      <header>
        <span id="user">{user?.email}</span>
        <span id="connected">{isConnected ? 'connected' : 'disconnected'}</span>
        <Bell />
        <button type="button" onClick={logout}>
          Logout
        </button>
      </header>
      <p id="unread">{unreadCount}</p>
      <p id="heard">{heard.join()}</p>
      <ul id="items">
        {items.map((item) => (
          <li key={item._id} className={item.is_read ? 'read' : 'unread'}>
            <strong>{item.title}</strong> {item.message} <time>{item.timestamp}</time>
            {!item.is_read && (
              <button type="button" onClick={() => markRead(item._id)}>
                Read
              </button>
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}
