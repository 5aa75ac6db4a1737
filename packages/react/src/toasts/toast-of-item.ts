import type { Item } from '@belfry/protocol'
import type { Strings } from '../kit/strings.ts'
import type { ToastInput } from './toast-center.ts'

/** An item as a toast with the item's id: read or removed elsewhere, it can be dismissed by that. */
export function toastOfItem(item: Item, strings: Strings): ToastInput {
  return {
    id: item.id,
    // Items of kinds that this version does not know may come without a title.
    title: item.title || strings.newItems(1),
    message: item.message,
    tone: item.priority === 'urgent' ? 'urgent' : 'plain',
    groupKey: item.groupKey,
    item,
  }
}
