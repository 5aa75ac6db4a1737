import { startBelfry } from '../belfry.ts'
import { belfryAlone } from '../belfry-alone.ts'
import { scrollInbox } from '../inbox-scroll.ts'
import type { Scenario } from '../result.ts'
import { settings } from '../settings.ts'

/** A frame of a screen that shows 60 a second, and what a clock's tick adds. */
const FRAME_MS = 17

export const b13: Scenario = {
  name: 'b13',
  title: `The console's inbox scrolled through ${settings.fewItems.toLocaleString('en')} notifications`,
  measures: [
    { key: 'p50Ms', label: 'frame p50', unit: 'ms', bars: [{ is: '<=', value: FRAME_MS }] },
    { key: 'p95Ms', label: 'frame p95', unit: 'ms', bars: [{ is: '<=', value: FRAME_MS }] },
    { key: 'latePercent', label: 'frames too late for their turn', unit: '%', bars: [] },
    { key: 'longestMs', label: 'longest frame', unit: 'ms', bars: [] },
    { key: 'maxRows', label: 'rows in the document', unit: '', bars: [{ is: '<=', value: 100 }] },
    { key: 'maxNodes', label: 'elements in the document', unit: '', bars: [] },
    {
      key: 'grownMib',
      label: 'more memory than at the beginning',
      unit: 'MiB',
      bars: [{ is: '<=', value: 32 }],
    },
    { key: 'heapMib', label: 'memory at the end', unit: 'MiB', bars: [] },
  ],
  run: () =>
    belfryAlone(async (fault) => {
      const belfry = await startBelfry()
      const figures = await scrollInbox(belfry, settings.fewItems, fault)
      await belfry.running.stop()
      return figures
    }),
}
