import type { ReactNode } from 'react'
import type { Notifications } from '../inbox/useNotifications.ts'
import { SkeletonList } from './SkeletonList.tsx'
import { EmptyState, ErrorState } from './states.tsx'

interface ListStateProps {
  list: Notifications
  renderEmpty?: (() => ReactNode) | undefined
  filterLabel?: string | undefined
}

/** What stands in place of rows. What is saved on the device is no truth: it never says that there is nothing. */
export function ListState({ list, renderEmpty, filterLabel }: ListStateProps) {
  const { status, isStale } = list
  if (status === 'error') {
    return <ErrorState message={list.error?.message} onRetry={list.refresh} />
  }
  if (status !== 'ready' || isStale) return <SkeletonList />
  if (filterLabel === undefined && renderEmpty) return renderEmpty()
  return <EmptyState filter={filterLabel} onShowAll={() => list.setFilter({})} />
}
