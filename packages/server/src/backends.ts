import { accessSync, constants, existsSync, mkdirSync, statSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Logger, pino } from 'pino'
import { createPeople } from './accounts/people.ts'
import { loadSecret } from './accounts/secret.ts'
import type { Bus } from './bus/bus.ts'
import type { Dial } from './bus/line.ts'
import { createMemoryBus } from './bus/memory.ts'
import { WireBus } from './bus/wire-bus.ts'
import type { Config } from './config.ts'
import { featureSettings } from './feature-settings.ts'
import { mediaFolder } from './files.ts'
import { DiskStore } from './media/disk-store.ts'
import type { MediaStore } from './media/media-store.ts'
import { S3Store } from './media/s3-store.ts'
import { type BelfryServer, createServer } from './server.ts'
import { type Moved, move, type Report } from './store/move/move.ts'
import { type FolderLock, lockFolder } from './store/sqlite/lock.ts'
import { openMoveSource } from './store/sqlite/move-source.ts'
import { openSqliteStore } from './store/sqlite/sqlite-store.ts'
import type { Store, StoreEvents } from './store/store.ts'

export interface Opened {
  server: BelfryServer
  log: Logger
}

export interface OpenOptions {
  log?: Logger | undefined
  /** Called when the store's thread has ended by itself: nothing can be kept any more. */
  onFatal?: ((error: unknown) => void) | undefined
}

/** Chooses and opens what the configuration asks for: the only file that names a store or a bus. */
export async function openBelfry(config: Config, options: OpenOptions = {}): Promise<Opened> {
  const log = options.log ?? createLog(config)
  const lock = takeFolder(config.dataDir)
  try {
    const { openStore, secret, epoch } = await chooseStore(config, log)
    const shared = { ...config, jwtSecret: config.jwtSecret ?? secret }
    const server = await createServer({
      config: shared,
      log,
      clock: Date.now,
      bus: await openBus(shared, epoch, log),
      files: openMediaStore(config),
      openStore,
      createPeople,
      onFatal: options.onFatal ?? (() => {}),
    })
    return { server: { ...server, close: () => server.close().finally(() => lock.release()) }, log }
  } catch (error) {
    lock.release()
    throw error
  }
}

/** Gives the log in a database a new identity and returns it. @throws Error when there is none */
export async function renewSharedEpoch(url: string): Promise<string> {
  return (await import('./store/postgres/index.ts')).renewEpoch(url)
}

interface ChosenStore {
  openStore(events: StoreEvents): Promise<Store>
  /** What nodes of one store sign with where nothing is set. */
  secret: string | undefined
  /** Of a store that nodes share. */
  epoch: string
}

async function chooseStore(config: Config, log: Logger): Promise<ChosenStore> {
  const common = { features: moduleUrl('./features'), settings: featureSettings(config) }
  const file = join(config.dataDir, 'belfry.db')
  if (config.databaseUrl === undefined) {
    const place = { file, worker: moduleUrl('./store/sqlite/worker') }
    const openStore = (events: StoreEvents) => openSqliteStore({ ...place, ...common, ...events })
    return { openStore, secret: undefined, epoch: '' }
  }
  if (existsSync(file))
    log.warn(
      'DATA_DIR holds a database, too, which is not used; belfry migrate brings it over, if it has not yet',
    )
  const { openPostgresStore, prepareDatabase } = await import('./store/postgres/index.ts')
  const url = config.databaseUrl
  const prepared = await prepareDatabase(url)
  const onTrouble = (error: unknown) => log.warn({ err: error }, 'the database does not answer')
  return {
    openStore: (events) => openPostgresStore({ url, prepared, onTrouble, ...common, ...events }),
    secret: prepared.secret,
    epoch: prepared.epoch,
  }
}

/** Nodes hear each other when they share secret and log: offsets of another epoch would be wrong. */
async function openBus(config: Config, epoch: string, log: Logger): Promise<Bus> {
  const dial = await dialOf(config)
  if (!dial) return createMemoryBus()
  if (config.mediaStore.kind === 'disk')
    log.warn('uploaded files are on this node alone; several nodes need a bucket: MEDIA_STORE=s3://…')
  if (config.transports.includes('polling'))
    log.warn(
      'several nodes with long polling need a proxy that keeps each client on one node; without one, set TRANSPORTS=websocket',
    )
  return new WireBus({ dial, secret: `${loadSecret(config)} ${epoch}`, log })
}

/** One node alone does not pay for drivers that it does not use. */
async function dialOf({ redisUrl, natsUrl }: Config): Promise<Dial | undefined> {
  if (redisUrl !== undefined) return (await import('./bus/redis.ts')).dialRedis(redisUrl)
  if (natsUrl !== undefined) return (await import('./bus/nats.ts')).dialNats(natsUrl)
  return undefined
}

/**
 * Copies the data of a folder to a PostgreSQL database and closes them here, see store/move/move.ts.
 * @throws Error when either is in use, the target is not empty, or the two differ afterwards
 */
export async function moveData({ folder, url, report }: MoveOptions): Promise<Moved & { name: string }> {
  const [{ features }, { openMoveTarget }] = await Promise.all([
    import('./features.ts'),
    import('./store/postgres/move-target.ts'),
  ])
  const source = openMoveSource(folder, features.queries)
  try {
    const target = await openMoveTarget(url, features.queries)
    try {
      const secret = loadSecret({ jwtSecret: undefined, dataDir: folder })
      return { ...(await move({ source, target, secret, report })), name: target.name }
    } finally {
      await target.close()
    }
  } finally {
    source.close()
  }
}

interface MoveOptions {
  folder: string
  url: string
  report: Report
}

function openMediaStore(config: Config): MediaStore {
  const { mediaStore, awsAccessKeyId = '', awsSecretAccessKey = '' } = config
  if (mediaStore.kind === 'disk') return new DiskStore(mediaFolder(config))
  return new S3Store({ ...mediaStore, accessKeyId: awsAccessKeyId, secretAccessKey: awsSecretAccessKey })
}

/** Modules that are loaded by their place keep it, and have the extension of this one: in source and in the build. */
const moduleUrl = (path: string) => new URL(path + extname(fileURLToPath(import.meta.url)), import.meta.url)

function takeFolder(folder: string): FolderLock {
  try {
    makeFolder(folder)
    accessSync(folder, constants.W_OK)
    if (!statSync(folder).isDirectory()) throw new Error('it is a file')
  } catch (error) {
    throw new Error(`DATA_DIR cannot be written: ${error instanceof Error ? error.message : String(error)}`)
  }
  return lockFolder(folder)
}

/** One by one: under a folder that takes none, such as /proc, Node's recursive way never comes back. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  makeFolder(dirname(folder))
  mkdirSync(folder, { mode: 0o700 })
}

function createLog(config: Config): Logger {
  return pino({
    level: config.logLevel,
    redact: ['req.headers.authorization', 'req.headers.cookie', '*.token', '*.password', '*.secret'],
  })
}
