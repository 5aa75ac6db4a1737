import { startBell } from './bell.js'

const [inbox, login, order] = ['inbox', 'login', 'order'].map((id) => document.getElementById(id))
const getToken = () => localStorage.getItem('token')

function post(path, form) {
  return fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${getToken()}` },
    body: JSON.stringify(Object.fromEntries(new FormData(form))),
  })
}

function start() {
  login.hidden = true
  order.hidden = inbox.hidden = false
  const client = startBell(getToken)
  const leave = () => {
    localStorage.removeItem('token')
    location.reload()
  }
  client.onSignedOut(leave)
  client.subscribe(() => {
    // Nobody takes the token any more.
    if (client.getSnapshot().status === 'unauthorized') leave()
  })
  document.getElementById('sign-out').onclick = async () => {
    await client.signOut()
    leave()
  }
}

login.onsubmit = async (event) => {
  event.preventDefault()
  const reply = await post('/login', login)
  document.getElementById('problem').textContent = reply.ok ? '' : 'Wrong name or password.'
  if (!reply.ok) return
  const { token } = await reply.json()
  localStorage.setItem('token', token)
  start()
}

order.onsubmit = (event) => {
  event.preventDefault()
  post('/api/orders', order)
}

if (getToken()) start()
