import { createClient } from './belfry.js'

const one = (id) => document.getElementById(id)
const login = one('login')
/** Rows by the id of their item: one that stays keeps the focus. */
const rows = new Map()
/** @type {import('@belfry/client').BelfryClient} */
let client

async function post(path, body, token = localStorage.getItem('token')) {
  const reply = await fetch(`/api/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  })
  return reply.json()
}

function start() {
  const isSignedIn = localStorage.getItem('token') !== null
  login.hidden = isSignedIn
  one('inbox').hidden = !isSignedIn
  if (!isSignedIn) return
  client = createClient({ url: location.origin, getToken: () => localStorage.getItem('token') })
  client.subscribe(show)
  client.onSignedOut(leave)
  client.connect()
  show()
}

function leave() {
  localStorage.removeItem('token')
  client.close()
  rows.clear()
  one('items').replaceChildren()
  start()
}

function show() {
  const { status, items, counts, isReady, hasMore } = client.getSnapshot()
  // Nobody takes the token any more.
  if (status === 'unauthorized') return leave()
  one('status').textContent = status === 'online' ? '' : status
  one('unread').textContent = `${counts.unread} unread`
  document.title = counts.unread > 0 ? `(${counts.unread}) Inbox` : 'Inbox'
  one('empty').hidden = !isReady || items.length > 0
  one('more').hidden = !hasMore
  const list = one('items')
  items.forEach((item, index) => {
    const row = rowOf(item)
    if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null)
  })
  while (list.children.length > items.length) list.lastElementChild.remove()
}

function rowOf(item) {
  let row = rows.get(item.id)
  if (!row) {
    row = one('row').content.firstElementChild.cloneNode(true)
    row.querySelector('button').onclick = () => client.markRead(item.id)
    rows.set(item.id, row)
  }
  row.querySelector('strong').textContent = item.title
  row.querySelector('span').textContent = item.message
  row.querySelector('time').textContent = new Date(item.createdAt).toLocaleString()
  row.toggleAttribute('data-unread', item.readAt === null)
  return row
}

login.onsubmit = async (event) => {
  event.preventDefault()
  const input = Object.fromEntries(new FormData(login))
  if (event.submitter.value === 'register') {
    const made = await post('auth/register', input)
    if (!made.success) return refuse(made)
  }
  const reply = await post('auth/login', input)
  if (!reply.success) return refuse(reply)
  refuse({ message: '' })
  localStorage.setItem('token', reply.token)
  start()
}

function refuse({ message }) {
  one('problem').textContent = message
}

one('test').onclick = () => post('notifications/test', {})
one('read-all').onclick = () => client.markAllRead()
one('more').onclick = () => client.fetchMore()
one('sign-out').onclick = async () => {
  // Other tabs forget it at once.
  const token = localStorage.getItem('token')
  await client.signOut()
  await post('auth/logout', {}, token)
  leave()
}

start()
