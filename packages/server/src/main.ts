#!/usr/bin/env node
import { enableCompileCache } from 'node:module'

const NEEDED = 24

// Checked before anything else is loaded: an older Node fails on the first import with a message that helps nobody.
if (Number(process.versions.node.split('.')[0]) < NEEDED) {
  process.stderr.write(
    `Belfry needs Node ${NEEDED} or newer; this is ${process.versions.node}.\n` +
      'Install it from https://nodejs.org, or run it with: npx -y node@24 $(which belfry) serve\n',
  )
  process.exit(1)
}

// Compiled code of the last start is used again; without it, compiling is half of the time until ready.
enableCompileCache()
const { run } = await import('./program.ts')
await run(process.argv)
