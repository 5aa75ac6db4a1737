import { isBelfryBuilt } from './belfry.ts'
import { waitForQuiet } from './quiet.ts'
import type { Figures, Outcome } from './result.ts'
import { settings } from './settings.ts'
import { describeFigures } from './side-by-side.ts'

/** Runs what only Belfry can do, several times. */
export const belfryAlone = async (
  measure: (fault: (text: string) => void) => Promise<Figures>,
): Promise<Outcome> => {
  if (!isBelfryBuilt()) return { runs: {}, faults: [], notes: ['Belfry is not built: nothing was measured.'] }
  const runs: Figures[] = []
  const faults: string[] = []
  const notes: string[] = []
  for (let run = 0; run < settings.runs; run++) {
    if (!(await waitForQuiet())) notes.push('belfry: the machine was not idle before one run')
    const figures = await measure((text) => void faults.push(`belfry: ${text}`))
    runs.push(figures)
    console.log(`  run ${run + 1} belfry: ${describeFigures(figures)}`)
  }
  return { runs: { belfry: runs }, faults, notes }
}
