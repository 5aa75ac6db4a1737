import { createClient } from './belfry.js'

const one = (id) => document.getElementById(id)
/** Rows by the id of their item: one that stays keeps the focus. */
const rows = new Map()

/** Shows the bell of whoever the token names, until they sign out. Answers the client. */
export function startBell(getToken) {
  const client = createClient({ url: location.origin, getToken })
  client.subscribe(() => show(client))
  one('bell').onclick = () => {
    one('panel').hidden = !one('panel').hidden
    one('bell').ariaExpanded = String(!one('panel').hidden)
  }
  one('read-all').onclick = () => client.markAllRead()
  client.connect()
  show(client)
  return client
}

function show(client) {
  const { items, counts } = client.getSnapshot()
  one('unread').textContent = counts.unread > 99 ? '99+' : counts.unread || ''
  one('bell').ariaLabel = `Notifications, ${counts.unread} unread`
  const list = one('items')
  items.forEach((item, index) => {
    const row = rows.get(item.id) ?? addRow(client, item)
    row.toggleAttribute('data-unread', item.readAt === null)
    if (list.children[index] !== row) list.insertBefore(row, list.children[index] ?? null)
  })
  while (list.children.length > items.length) list.lastElementChild.remove()
}

function addRow(client, { id, title, message }) {
  const button = document.createElement('button')
  const name = document.createElement('strong')
  name.textContent = title
  button.append(name, ` ${message}`)
  button.onclick = () => client.markRead(id)
  const row = document.createElement('li')
  row.append(button)
  rows.set(id, row)
  return row
}
