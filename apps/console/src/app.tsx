import { useEffect } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import { ChatPage } from './chat-page.tsx'
import { InboxPage } from './inbox-page.tsx'
import { type Looks, LooksContext } from './look.ts'
import type { PageLoader } from './page.ts'
import { PlaygroundPage } from './playground-page.tsx'
import { TopBar } from './top-bar.tsx'
import { useStore } from './use-store.ts'

interface AppProps {
  loader: PageLoader
  looks: Looks
}

export function App({ loader, looks }: AppProps) {
  return (
    <LooksContext.Provider value={looks}>
      <Switch>
        <Route path="/inbox">
          <InboxPage />
        </Route>
        <Route path="/chat">
          <ChatPage />
        </Route>
        <Route>
          <Start loader={loader} />
        </Route>
      </Switch>
    </LooksContext.Provider>
  )
}

function Start({ loader }: { loader: PageLoader }) {
  const page = useStore(loader.store)
  useEffect(() => void loader.load(), [loader])
  if (page.kind === 'playground') return <PlaygroundPage playground={page.playground} />
  if (page.kind === 'none') return <Redirect to="/inbox" replace />
  return (
    <>
      <TopBar />
      <main className="centred">
        {page.kind === 'failed' ? (
          <div className="card notice" role="alert">
            <h1>Belfry is not there</h1>
            <p>{page.problem}</p>
            <button type="button" className="button primary" onClick={loader.load}>
              Try again
            </button>
          </div>
        ) : (
          <p className="quiet" role="status">
            Loading…
          </p>
        )}
      </main>
    </>
  )
}
