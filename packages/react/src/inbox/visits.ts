import type { Item } from '@belfry/protocol'
import { lateBrowser } from '../attention/late-parts.ts'
import type { Kit } from '../kit/KitContext.ts'
import { goTo } from '../kit/navigation.ts'
import { actionsOf } from './inbox-actions.ts'

/** A row, a toast or a notification of the browser was activated: reads the item, unless told not to, and goes where it points. */
export function openItem(kit: Kit, item: Item, { isRead = true }: { isRead?: boolean } = {}): void {
  // Without its code there is nothing to offer.
  lateBrowser.load().then(
    (make) => kit.parts.of(make).opened(),
    () => undefined,
  )
  kit.props().onNotificationClick?.(item)
  visit(kit, item, item.url, isRead)
}

/** A button of the item was activated: reads the item and goes where the button points. */
export function runAction(kit: Kit, item: Item, actionId: string): void {
  kit.props().onNotificationAction?.(item, actionId)
  visit(kit, item, item.actions?.find(({ id }) => id === actionId)?.url)
}

function visit(kit: Kit, item: Item, url: string | undefined, isRead = true): void {
  if (isRead && item.readAt === null) actionsOf(kit).markRead(item.id)
  goTo(url, kit.props().routerPush)
}
