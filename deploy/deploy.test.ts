/** What cannot be run here is at least true to the server: every setting exists and is accepted, every time fits. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { readConfig, settings } from '../packages/server/src/config.ts'

/** The files are as wide as what they describe; each test asks for what it is about. */
// biome-ignore lint/suspicious/noExplicitAny: see above
type Document = any

const FOLDER = import.meta.dirname
const read = (file: string): Document[] =>
  parseAllDocuments(readFileSync(join(FOLDER, file), 'utf8'), { merge: true }).map((document) => {
    expect(document.errors, file).toEqual([])
    return document.toJS()
  })
const known = Object.values(settings).map(({ env }) => env as string)
/** As an operator fills in what is left open. */
const FILLED: Record<string, string> = {
  ADMIN_EMAIL: 'ops@example.com',
  JWT_SECRET: 'x'.repeat(40),
  ADMIN_PASSWORD: 'correct horse',
  METRICS_TOKEN: 'y'.repeat(20),
}
const fillerOf = (name: string) => FILLED[name] ?? 'z'
const IMAGE = { HOST: '0.0.0.0', PORT: '4000', NODE_ENV: 'production', DATA_DIR: '/data' }
/** Source: contract.md §1. */
const DRAIN_SECONDS = 10

function expectAccepted(env: Record<string, string>): void {
  expect(Object.keys(env).filter((name) => !known.includes(name))).toEqual([])
  readConfig({ ...IMAGE, ...env })
}

describe('compose.yaml', () => {
  const [compose] = read('compose.yaml')
  const nodes = ['node-1', 'node-2'].map((name) => compose.services[name])

  it('gives both nodes settings that the server accepts', () => {
    for (const { environment } of nodes) {
      const all = Object.entries(environment as Record<string, string | null>)
      const given = all.filter((pair): pair is [string, string] => pair[1] !== null)
      const filled = given.map(([name, value]) => [
        name,
        value.startsWith('${') ? fillerOf(name) : value.replace(/\$\{\w+:\?\}/g, 'filled-in'),
      ])
      expectAccepted(Object.fromEntries(filled))
      const passed = all.filter(([, value]) => value === null).map(([name]) => name)
      expect(passed.filter((name) => !known.includes(name))).toEqual([])
    }
  })

  it('asks for what it needs in example.env', () => {
    const asked = JSON.stringify(compose).matchAll(/\$\{(\w+)/g)
    const offered = readFileSync(join(FOLDER, 'example.env'), 'utf8')
    for (const [, name] of asked) expect(offered).toMatch(new RegExp(`^(# )?${name}=$`, 'm'))
  })

  it('lets the nodes drain, and names only volumes that it has', () => {
    for (const node of nodes)
      expect(Number.parseInt(node.stop_grace_period, 10)).toBeGreaterThan(DRAIN_SECONDS)
    const used = Object.values(compose.services as Record<string, Document>)
      .flatMap(({ volumes = [] }) => volumes as string[])
      .map((volume) => volume.split(':')[0] ?? '')
      .filter((name) => !name.startsWith('.'))
    expect(used.sort()).toEqual(Object.keys(compose.volumes).sort())
    for (const { depends_on: needs = {} } of Object.values(compose.services as Record<string, Document>))
      expect(Object.keys(needs).filter((name) => !(name in compose.services))).toEqual([])
  })
})

describe('kubernetes', () => {
  const files = globSync('kubernetes/*.yaml', { cwd: FOLDER }).sort()
  const all = files.flatMap((file) => read(file))
  const ofKind = (kind: string) => all.find((one) => one.kind === kind)
  const { template } = ofKind('Deployment').spec
  const [container] = template.spec.containers

  it('has every file in its list', () => {
    expect(
      ofKind('Kustomization')
        .resources.map((name: string) => `kubernetes/${name}`)
        .sort(),
    ).toEqual(files.filter((name) => !name.endsWith('kustomization.yaml')))
  })

  it('gives the nodes settings that the server accepts', () => {
    const open = Object.entries(ofKind('Secret').stringData as Record<string, string>).map(
      ([name, value]) => [name, value || fillerOf(name)],
    )
    expectAccepted({ ...ofKind('ConfigMap').data, ...Object.fromEntries(open) })
    const names = container.envFrom.map((from: Document) => (from.configMapRef ?? from.secretRef).name)
    expect(names).toEqual([ofKind('ConfigMap').metadata.name, ofKind('Secret').metadata.name])
  })

  it('sends nobody to a node that drains, and lets it finish', () => {
    const pause = Number(container.lifecycle.preStop.exec.command[1])
    const { periodSeconds, failureThreshold } = container.readinessProbe
    expect(pause).toBeGreaterThan(periodSeconds * failureThreshold)
    expect(template.spec.terminationGracePeriodSeconds).toBeGreaterThan(pause + DRAIN_SECONDS)
  })

  it('probes what there is, at the port that there is', () => {
    const probes = [container.startupProbe, container.readinessProbe, container.livenessProbe]
    const source = readFileSync(join(FOLDER, '../packages/server/src/doors/system.ts'), 'utf8')
    for (const { httpGet } of probes) expect(source).toContain(`'${httpGet.path}'`)
    expect(container.ports[0].containerPort).toBe(Number(IMAGE.PORT))
    expect(ofKind('Service').spec.ports[0].targetPort).toBe(container.ports[0].name)
  })

  it('selects what it makes, and always leaves a node', () => {
    const { labels } = template.metadata
    for (const selector of [
      ofKind('Deployment').spec.selector.matchLabels,
      ofKind('Service').spec.selector,
      ofKind('PodDisruptionBudget').spec.selector.matchLabels,
    ])
      expect(selector).toEqual(labels)
    const { minReplicas, scaleTargetRef } = ofKind('HorizontalPodAutoscaler').spec
    expect(minReplicas).toBeGreaterThan(ofKind('PodDisruptionBudget').spec.maxUnavailable)
    expect(scaleTargetRef.name).toBe(ofKind('Deployment').metadata.name)
  })

  it('runs as nobody in particular', () => {
    expect(template.spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000 })
    expect(container.securityContext).toMatchObject({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
    })
  })
})
