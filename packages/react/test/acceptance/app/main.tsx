import { createRoot, hydrateRoot, type Root } from 'react-dom/client'
import { dress, readQuery, stringsOf } from '../../gallery/page.ts'
import { AcceptanceApp } from './AcceptanceApp.tsx'

const query = readQuery(location.search)
dress(query)
const strings = await stringsOf(query.lang)
const element = document.getElementById('root')
if (!element) throw new Error('The page has no root.')
const app = <AcceptanceApp query={query} options={new URLSearchParams(location.search)} strings={strings} />

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
