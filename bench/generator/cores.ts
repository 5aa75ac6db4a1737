import { readFileSync } from 'node:fs'

interface CoreTimes {
  readonly busy: number
  readonly total: number
}

const timesOf = (cpu: number): CoreTimes => {
  const line = readFileSync('/proc/stat', 'utf8')
    .split('\n')
    .find((text) => text.startsWith(`cpu${cpu} `))
  if (line === undefined) throw new Error(`/proc/stat knows no cpu${cpu}`)
  const [user = 0, nice = 0, system = 0, idle = 0, wait = 0, irq = 0, softIrq = 0, steal = 0] = line
    .split(/\s+/)
    .slice(1)
    .map(Number)
  const busy = user + nice + system + irq + softIrq
  return { busy, total: busy + idle + wait + steal }
}

/** Starts a stopwatch of a core; the function it returns gives the busy share (0 … 1) since then. */
export const watchCore = (cpu: number): (() => number) => {
  const start = timesOf(cpu)
  return () => {
    const now = timesOf(cpu)
    return now.total === start.total ? 0 : (now.busy - start.busy) / (now.total - start.total)
  }
}

/** Starts a stopwatch of this process; the function it returns gives its CPU time as a share of the time since then. */
export const watchOwnShare = (): (() => number) => {
  const startedAt = performance.now()
  const start = process.cpuUsage()
  return () => {
    const { user, system } = process.cpuUsage(start)
    return (user + system) / 1_000 / (performance.now() - startedAt)
  }
}
