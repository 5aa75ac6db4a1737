import { createRoot } from 'react-dom/client'
import { ChatScenePage } from './ChatScenePage.tsx'
import { LivePage } from './LivePage.tsx'
import { chatStringsOf, dress, readQuery, stringsOf } from './page.ts'
import { ScenePage } from './ScenePage.tsx'

const query = readQuery(location.search)
dress(query)
const strings = await stringsOf(query.lang)
const chatStrings = await chatStringsOf(query.lang)
const root = document.getElementById('root')
if (!root) throw new Error('The page has no root.')

function page() {
  const { url, scene } = query
  if (url !== undefined) return <LivePage query={{ ...query, url }} strings={strings} />
  if (/^chat(-|$)/.test(scene))
    return <ChatScenePage query={query} strings={strings} chatStrings={chatStrings} />
  return <ScenePage query={query} strings={strings} />
}

createRoot(root).render(page())
