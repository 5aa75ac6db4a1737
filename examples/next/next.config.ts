import type { NextConfig } from 'next'

export default {
  turbopack: { root: import.meta.dirname },
  // One copy in the process: server.ts configures the emitter that the actions send with.
  serverExternalPackages: ['@belfry/node', '@belfry/server'],
} satisfies NextConfig
