import type { BelfryClient } from '@belfry/client'
import type { Item } from '@belfry/protocol'
import { Attention, type AttentionOptions } from '../attention/attention.ts'
import type { BrowserNotifications } from '../attention/browser-notifications.ts'
import type { MentionNoise } from '../attention/mention-noise.ts'
import type { Sound } from '../attention/sound.ts'
import type { ToastCenter } from '../toasts/toast-center.ts'
import { toastOfItem } from '../toasts/toast-of-item.ts'
import type { RealTimeNotificationsProps } from './RealTimeNotifications.tsx'
import type { Strings } from './strings.ts'
import { withAll } from './useStrings.ts'
import { wantedOf } from './wanted.ts'

interface NoticeOptions extends Pick<AttentionOptions, 'leader' | 'now' | 'lookOf' | 'early'> {
  client: BelfryClient
  sound: Sound
  browser: BrowserNotifications
  toasts: ToastCenter
  mentions: MentionNoise
  /** As the app wants it now. */
  options(): RealTimeNotificationsProps & { strings: Partial<Strings> }
}

/** Lets new items be noticed in this tab, until what it answers is called. */
export function notice({ sound, browser, toasts, mentions, options, ...more }: NoticeOptions): () => void {
  const { client } = more
  const strings = () => withAll(options().strings)
  const attention = new Attention({
    ...more,
    isQuiet: (item) =>
      wantedOf(item, options()) === undefined ||
      // One that comes back from a snooze comes without its message.
      (mentions.isLeftToChats && item.type === 'mention' && item.originId === undefined),
    sound: {
      store: sound.store,
      play: sound.play,
      isReady: () => options().sound !== false && sound.isReady(),
    },
    browser: {
      showItem: async (item) => {
        if (options().browser !== false) await browser.showItem(item)
      },
      closeItems: (picks) => browser.closeItems(picks),
    },
    onToast(item) {
      const wanted = wantedOf(item, options())
      if (wanted && options().toast !== false) toasts.show(toastOfItem(wanted, strings()))
    },
    onAway(count) {
      const away = { title: strings().whileAway(count), tag: 'belfry:away' }
      if (options().browser !== false) void browser.show(away)
    },
  })
  const stop = client.subscribe(() => dismissRead(toasts, client.getSnapshot().items))
  return () => {
    stop()
    attention.close()
  }
}

/** What is read or deleted, here or elsewhere, needs no toast any more. */
function dismissRead(toasts: ToastCenter, items: readonly Item[]): void {
  for (const { item } of toasts.getSnapshot()) {
    const now = item && items.find(({ id }) => id === item.id)
    if (item && (!now || now.readAt !== null)) toasts.dismiss(item.id)
  }
}
