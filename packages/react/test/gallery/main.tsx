import { createRoot } from 'react-dom/client'
import { LivePage } from './LivePage.tsx'
import { dress, readQuery, stringsOf } from './page.ts'
import { ScenePage } from './ScenePage.tsx'

const query = readQuery(location.search)
dress(query)
const strings = await stringsOf(query.lang)
const root = document.getElementById('root')
if (!root) throw new Error('The page has no root.')
createRoot(root).render(
  query.url === undefined ? (
    <ScenePage query={query} strings={strings} />
  ) : (
    <LivePage query={{ ...query, url: query.url }} strings={strings} />
  ),
)
