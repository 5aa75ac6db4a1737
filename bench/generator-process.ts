import { fileURLToPath } from 'node:url'
import type { CommandInput, CommandName, CommandReply } from './generator/commands.ts'
import { start } from './processes.ts'
import { settings } from './settings.ts'

const MAIN = fileURLToPath(new URL('generator/main.ts', import.meta.url))

/** The load generator, in its own process on its own core. */
export interface Generator {
  call<Name extends CommandName>(name: Name, ...input: InputOf<Name>): Promise<CommandReply<Name>>
  stop(): Promise<void>
}

type InputOf<Name extends CommandName> = undefined extends CommandInput<Name> ? [] : [CommandInput<Name>]

interface Answer {
  readonly id: number
  readonly reply?: unknown
  readonly error?: string
}

export const startGenerator = (): Generator => {
  const args = ['--conditions=@belfry/source', '--max-semi-space-size=64', MAIN]
  const running = start({
    name: 'load generator',
    command: process.execPath,
    args,
    cpu: settings.generatorCpu,
    hasIpc: true,
  })
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  let lastId = 0
  running.child.on('message', (message) => {
    // The child is the same program, so the shape of its messages is known.
    const { id, reply, error } = message as Answer
    const call = waiting.get(id)
    waiting.delete(id)
    if (error === undefined) call?.resolve(reply)
    else call?.reject(new Error(`load generator: ${error}`))
  })
  running.child.once('exit', (code) => {
    for (const call of waiting.values())
      call.reject(new Error(`the load generator ended (${code}):\n${running.output()}`))
  })
  return {
    stop: running.stop,
    call: (name, ...input) => {
      const id = ++lastId
      const call = Promise.withResolvers<unknown>()
      waiting.set(id, call)
      running.child.send({ id, name, input: input[0] })
      // `commands.ts` types both ends of this pipe.
      return call.promise as Promise<CommandReply<typeof name>>
    },
  }
}
