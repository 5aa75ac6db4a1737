import { startBelfry } from '../belfry.ts'
import { belfryAlone } from '../belfry-alone.ts'
import type { Scenario } from '../result.ts'
import { sharedSeededFolder } from '../seeding/seeded-folder.ts'
import { settings } from '../settings.ts'

const startAndStop = async (folder?: string): Promise<number> => {
  const belfry = await startBelfry(folder)
  await belfry.running.stop()
  return belfry.startedInMs
}

export const b11: Scenario = {
  name: 'b11',
  title: 'Start to the first answered request',
  measures: [
    { key: 'emptyMs', label: 'empty data folder', unit: 'ms', bars: [{ is: '<=', value: 1_000 }] },
    {
      key: 'fullMs',
      label: `${settings.storedItems.toLocaleString('en')} notifications`,
      unit: 'ms',
      bars: [{ is: '<=', value: 1_000 }],
    },
  ],
  run: () =>
    belfryAlone(async () => ({
      emptyMs: await startAndStop(),
      fullMs: await startAndStop(await sharedSeededFolder(settings.accounts, settings.storedItems)),
    })),
}
