import type { ReactNode } from 'react'
import type { Notifications } from '../inbox/useNotifications.ts'
import type { Strings } from '../kit/strings.ts'
import { SkeletonList } from './SkeletonList.tsx'
import { EmptyState, ErrorState } from './states.tsx'

interface ListStateProps {
  list: Notifications
  renderEmpty: (() => ReactNode) | undefined
  filterLabel: string | undefined
  strings: Strings
}

/** What stands in place of rows. What is saved on the device is no truth: it never says that there is nothing. */
export function ListState({ list, renderEmpty, filterLabel, strings }: ListStateProps) {
  const { status, isStale } = list
  if (status === 'error') {
    return <ErrorState message={list.error?.message} onRetry={list.refresh} strings={strings} />
  }
  if (status !== 'ready' || isStale) return <SkeletonList strings={strings} />
  if (filterLabel === undefined && renderEmpty) return renderEmpty()
  return <EmptyState filter={filterLabel} onShowAll={() => list.setFilter({})} strings={strings} />
}
