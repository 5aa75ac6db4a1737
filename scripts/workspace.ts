import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The folder of the repository. */
export const ROOT = join(import.meta.dirname, '..')

export interface Workspace {
  readonly name: string
  /** Relative to the root, with `/`. */
  readonly folder: string
  readonly isPrivate: boolean
  /** Names of the workspaces that its manifest names. */
  readonly needs: readonly string[]
}

interface Manifest {
  name: string
  private?: boolean
  dependencies?: Record<string, string>
}

/** All packages and apps, each after those that it needs. */
export function readWorkspaces(root: string): Workspace[] {
  const manifests = globSync('{packages,apps}/*/package.json', { cwd: root })
    .sort()
    .map((file) => ({
      folder: dirname(file).replaceAll('\\', '/'),
      manifest: JSON.parse(readFileSync(join(root, file), 'utf8')) as Manifest,
    }))
  const names = new Set(manifests.map(({ manifest }) => manifest.name))
  const workspaces = manifests.map(({ folder, manifest }) => ({
    name: manifest.name,
    folder,
    isPrivate: manifest.private === true,
    needs: Object.keys(manifest.dependencies ?? {}).filter((name) => names.has(name)),
  }))
  return inOrder(workspaces)
}

function inOrder(workspaces: readonly Workspace[]): Workspace[] {
  const ordered = new Map<string, Workspace>()
  const byName = new Map(workspaces.map((workspace) => [workspace.name, workspace]))
  const visit = (workspace: Workspace, path: readonly string[]) => {
    if (ordered.has(workspace.name)) return
    if (path.includes(workspace.name))
      throw new Error(`packages need each other: ${[...path, workspace.name].join(' → ')}`)
    for (const need of workspace.needs) {
      const needed = byName.get(need)
      if (needed) visit(needed, [...path, workspace.name])
    }
    ordered.set(workspace.name, workspace)
  }
  for (const workspace of workspaces) visit(workspace, [])
  return [...ordered.values()]
}

/** What ships: packages with a build of their own, in order. */
export function shippedPackages(root: string): Workspace[] {
  return readWorkspaces(root).filter(({ folder }) => existsSync(join(root, folder, 'tsdown.config.ts')))
}
