import { join } from 'node:path'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Actor } from './core/actor.ts'
import type { Context, Procedures } from './core/context.ts'
import type { MediaLinks } from './core/people.ts'
import type { Work } from './core/timers.ts'
import { addUploadRoute } from './doors/media.ts'
import { addDownloadRoute } from './doors/media-download.ts'
import { createDownloads } from './media/downloads.ts'
import { createIntake } from './media/intake.ts'
import type { MediaStore } from './media/media-store.ts'
import { mediaProcedures } from './media/procedures.ts'
import { Staging } from './media/staging.ts'
import { createMediaSweeper } from './media/sweeper.ts'

/** Uploaded files on one node. */
export interface Files {
  readonly procedures: Procedures
  addRoutes(app: FastifyInstance, identify: (request: FastifyRequest) => Promise<Actor>): void
  /** Removes what nobody can want any more. */
  sweep(work: Work): Promise<void>
}

/** Composes them over the place where their content is kept. */
export function createFiles(context: Context, files: MediaStore, links: MediaLinks): Files {
  const staging = new Staging(join(mediaFolder(context.config), 'incoming'))
  const intake = createIntake({ context, files, staging })
  const source = createDownloads(context, files)
  return {
    procedures: mediaProcedures(links),
    addRoutes(app, identify) {
      addUploadRoute(app, { intake, identify })
      addDownloadRoute(app, { context, source, links, identify })
    },
    sweep: createMediaSweeper(context, files),
  }
}

/** Also with a bucket: what is on its way in is on this machine first. */
export const mediaFolder = ({ dataDir }: { dataDir: string }): string => join(dataDir, 'media')
