import type { BelfryClient } from '@belfry/client'
import { browserEnvironment, createClientIn } from '@belfry/client/parts'
import { useEffect, useState } from 'react'
import { ChatProvider } from '../../src/chat/ChatProvider.tsx'
import { ChatSystem } from '../../src/chat/ChatSystem.tsx'
import type { ChatStrings } from '../../src/chat/strings.ts'
import { NotificationProvider } from '../../src/kit/NotificationProvider.tsx'
import type { Strings } from '../../src/kit/strings.ts'
import { Toaster } from '../../src/toasts/Toaster.tsx'
import { openSampleLine } from './chat-line.ts'
import { READER } from './chat-samples.ts'
import type { PageQuery } from './page.ts'
import { NOW } from './samples.ts'

interface ChatScenePageProps {
  query: PageQuery
  strings: Partial<Strings>
  chatStrings: Partial<ChatStrings>
}

const now = () => NOW

/** Chat that a scene opens: `chat-open-grace` opens the one with Grace. */
const chatOfScene = (scene: string): string | undefined =>
  /^chat-open-(.+)$/.exec(scene)?.[1] ?? (/^chat(-failed|-loading)?$/.test(scene) ? 'atlas' : undefined)

function openClient(scene: string): BelfryClient {
  const environment = { ...browserEnvironment(), openSocket: openSampleLine(scene), storage: undefined }
  const client = createClientIn(environment, {
    url: location.origin,
    userId: READER,
    getToken: () => undefined,
    cache: 'none',
  })
  client.connect()
  return client
}

/** The chats of somebody, over a line to a server that is made up. */
export function ChatScenePage({ query, strings, chatStrings }: ChatScenePageProps) {
  const { scene, lang, dir } = query
  const [client, setClient] = useState<BelfryClient>()
  useEffect(() => setClient(openClient(scene)), [scene])
  const [chatId, setChatId] = useState(chatOfScene(scene))
  if (!client) return null
  return (
    <NotificationProvider
      client={client}
      strings={strings}
      locale={lang}
      timeZone="UTC"
      now={now}
      {...(dir ? { dir } : {})}
    >
      <ChatProvider strings={chatStrings}>
        <main className="chat-page">
          <ChatSystem chatId={chatId} onChatChange={setChatId} />
        </main>
      </ChatProvider>
      <Toaster />
    </NotificationProvider>
  )
}
