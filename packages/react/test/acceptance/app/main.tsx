import { createRoot } from 'react-dom/client'
import { dress, readQuery, stringsOf } from '../../gallery/page.ts'
import { AcceptanceApp } from './AcceptanceApp.tsx'

const query = readQuery(location.search)
dress(query)
const strings = await stringsOf(query.lang)
const root = document.getElementById('root')
if (!root) throw new Error('The page has no root.')
createRoot(root).render(
  <AcceptanceApp query={query} options={new URLSearchParams(location.search)} strings={strings} />,
)
