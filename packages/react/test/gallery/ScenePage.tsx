import { type ReactNode, useEffect, useState } from 'react'
import { NotificationPermissionPrompt } from '../../src/attention/NotificationPermissionPrompt.tsx'
import { PushToggle } from '../../src/attention/PushToggle.tsx'
import { SoundToggle } from '../../src/attention/SoundToggle.tsx'
import { NotificationBell } from '../../src/bell/NotificationBell.tsx'
import { NotificationProvider } from '../../src/kit/NotificationProvider.tsx'
import type { Strings } from '../../src/kit/strings.ts'
import { ConnectionIndicator } from '../../src/socket/ConnectionIndicator.tsx'
import { ClientContext } from '../../src/socket/client-context.ts'
import { Toaster } from '../../src/toasts/Toaster.tsx'
import type { ToastInput } from '../../src/toasts/toast-center.ts'
import { useToast } from '../../src/toasts/useToast.ts'
import { createFakeClient, type FakeClient } from './fake-client.ts'
import type { PageQuery } from './page.ts'
import { NOW, sample } from './samples.ts'
import { manyToasts, sceneOf, someToasts } from './scenes.ts'

interface ScenePageProps {
  query: PageQuery
  strings: Partial<Strings>
}

const TYPES = {
  system: { color: '#d6336c' },
  inventory: { color: '#e8a400', label: 'Stock' },
  project: { color: '#2b8aef' },
}

const now = () => NOW

/** One state of the kit, with a client that is made up. The event `gallery:arrive` brings a new item. */
export function ScenePage({ query, strings }: ScenePageProps) {
  const { scene, lang, dir } = query
  const [client] = useState(() => createFakeClient(sceneOf(scene)))
  useArrivals(client)
  return (
    <ClientContext.Provider value={client}>
      <NotificationProvider
        strings={strings}
        locale={lang}
        timeZone="UTC"
        now={now}
        types={TYPES}
        {...(dir ? { dir } : {})}
      >
        <header>
          <h1>App</h1>
          <NotificationBell
            defaultOpen={!/^(closed|connection|toast)/.test(scene)}
            panel={{
              groupBy: scene === 'groups' ? 'group' : 'date',
              search: scene === 'search',
              tools: <SoundToggle />,
              children: <NotificationPermissionPrompt />,
            }}
          />
        </header>
        <main>{contentOf(scene)}</main>
        <Toaster />
      </NotificationProvider>
    </ClientContext.Provider>
  )
}

function contentOf(scene: string): ReactNode {
  if (scene === 'toasts') return <Toasts toasts={someToasts} />
  if (scene === 'toasts-many') return <Toasts toasts={manyToasts} />
  if (scene === 'closed-push') return <PushToggle />
  if (!scene.startsWith('connection')) return null
  return (
    <>
      <ConnectionIndicator variant="banner" always delayMs={0} />
      <ConnectionIndicator variant="chip" always delayMs={0} />
      <ConnectionIndicator variant="dot" always delayMs={0} />
    </>
  )
}

function Toasts({ toasts }: { toasts: readonly ToastInput[] }) {
  const { show } = useToast()
  useEffect(() => {
    for (const toast of toasts) show(toast)
  }, [toasts, show])
  return null
}

function useArrivals(client: FakeClient): void {
  useEffect(() => {
    let minutes = 0
    const onArrive = () => {
      minutes -= 1
      client.arrive(sample(minutes, { title: 'Just in' }))
    }
    addEventListener('gallery:arrive', onArrive)
    return () => removeEventListener('gallery:arrive', onArrive)
  }, [client])
}
