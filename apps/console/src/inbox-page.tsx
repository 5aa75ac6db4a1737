import { Inbox } from './inbox.tsx'
import { PersonPage } from './person-page.tsx'

/** The inbox of whoever signs in. */
export const InboxPage = () => (
  <PersonPage>
    <Inbox />
  </PersonPage>
)
