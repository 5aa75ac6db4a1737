import { busContract } from './contract.ts'
import { createMemoryBus } from './memory.ts'

busContract('memory', async () => {
  const bus = createMemoryBus()
  return { sender: bus, receiver: bus }
})
