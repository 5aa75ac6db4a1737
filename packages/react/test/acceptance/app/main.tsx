import type { ReactNode } from 'react'
import { createRoot, hydrateRoot, type Root } from 'react-dom/client'
import { chatStringsOf, dress, readQuery, stringsOf } from '../../gallery/page.ts'
import { AcceptanceApp } from './AcceptanceApp.tsx'
import Seed000 from './Seed000.tsx'
import Seed004 from './Seed004.tsx'

const query = readQuery(location.search)
dress(query)
const [strings, chatStrings] = await Promise.all([stringsOf(query.lang), chatStringsOf(query.lang)])
const element = document.getElementById('root')
if (!element) throw new Error('The page has no root.')

const options = new URLSearchParams(location.search)
const { url = '', token } = query
const apps: Readonly<Record<string, ReactNode>> = {
  seed000: <Seed000 url={url} />,
  seed004: <Seed004 url={url} token={token} />,
}
const app = apps[options.get('page') ?? ''] ?? (
  <AcceptanceApp query={query} options={options} strings={strings} chatStrings={chatStrings} />
)

function mount(place: HTMLElement): Root {
  if (place.hasChildNodes()) return hydrateRoot(place, app)
  const root = createRoot(place)
  root.render(app)
  return root
}

let root = mount(element)
Object.assign(window, {
  mount: () => {
    root = mount(element)
  },
  unmount: () => root.unmount(),
})
