/** What tests of tabs, sound and title drive from outside. */
import { createTabLeader } from '@belfry/client/tabs'
import { DocumentBadge, documentPage } from '../src/attention/document-badge.ts'
import { Sound } from '../src/attention/sound.ts'

const stage = {
  leader: createTabLeader('ada'),
  sound: new Sound(),
  badge: new DocumentBadge(documentPage(), { favicon: '/dot.svg' }),
}

export type Stage = typeof stage

Object.assign(globalThis, { stage })
stage.sound.open()
