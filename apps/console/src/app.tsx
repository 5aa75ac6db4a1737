import { useStore } from './hooks.ts'
import { InboxPage } from './inbox-page.tsx'
import type { PageLoader } from './page.ts'
import { PlaygroundPage } from './playground-page.tsx'
import { TopBar } from './top-bar.tsx'

export function App({ loader }: { loader: PageLoader }) {
  const page = useStore(loader.store)
  if (page.kind === 'playground') return <PlaygroundPage playground={page.playground} />
  if (page.kind === 'inbox') return <InboxPage person={page.person} announcements={page.announcements} />
  return (
    <>
      <TopBar />
      <main className="centred">
        {page.kind === 'loading' ? (
          <p className="quiet" role="status">
            Loading…
          </p>
        ) : (
          <div className="card notice" role="alert">
            <h1>Belfry is not there</h1>
            <p>{page.problem}</p>
            <button type="button" className="button primary" onClick={() => void loader.load()}>
              Try again
            </button>
          </div>
        )}
      </main>
    </>
  )
}
