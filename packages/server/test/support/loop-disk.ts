/** An ext4 file system in a file, so that a copy of the file is the disk as a power cut would have left it. */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const IMAGE_BYTES = 64 * 1_024 * 1_024

export interface LoopDisk {
  readonly path: string
  /** The disk as it is now without what only the page cache knows; mounted at a path of its own. */
  cutPower(): LoopDisk
  close(): void
}

function run(command: string, ...args: string[]): void {
  execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] })
}

function mounted(folder: string, image: string, name: string): LoopDisk {
  const path = join(folder, name)
  mkdirSync(path)
  run('mount', '-o', 'loop', image, path)
  let copies = 0
  return {
    path,
    cutPower: () => {
      const copy = join(folder, `${name}-${copies++}.img`)
      copyFileSync(image, copy)
      return mounted(folder, copy, `${name}-${copies}`)
    },
    close: () => {
      run('umount', '-l', path)
      rmSync(image, { force: true })
    },
  }
}

/** Throws when this machine lets nobody mount (not root, no loop devices). */
export function createLoopDisk(): LoopDisk & { remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'belfry-disk-'))
  const image = join(folder, 'disk.img')
  try {
    writeFileSync(image, '')
    truncateSync(image, IMAGE_BYTES)
    run('mkfs.ext4', '-q', '-F', image)
    return {
      ...mounted(folder, image, 'disk'),
      remove: () => rmSync(folder, { recursive: true, force: true }),
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

export function canMount(): boolean {
  try {
    const disk = createLoopDisk()
    disk.close()
    disk.remove()
    return true
  } catch {
    return false
  }
}
