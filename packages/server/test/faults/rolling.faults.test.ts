/** reliability.md X27: three nodes that are exchanged one by one, under load. */
import {
  type BelfryServer,
  delay,
  eventually,
  History,
  http,
  openPerson,
  type Person,
  seeded,
} from '@belfry/testkit'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Cluster, Follower, mostPerSecond, startCluster } from '../support/cluster.ts'
import { findProblems, startLoad } from '../support/load.ts'

const CLIENTS = Number(process.env.CLUSTER_CLIENTS ?? 2000)
const PER_SECOND = Number(process.env.CLUSTER_PER_SECOND ?? 500)
const DEVICES = 2
/** As clients that were started by people, and not all in one moment. */
const CONNECTS_PER_SECOND = 200
/** Longer than the jitter with which clients come back. */
const SETTLE_MS = 8000

let cluster: Cluster
beforeAll(async () => {
  cluster = await startCluster(3, { env: { AUTH: 'open' } })
}, 120_000)
afterAll(() => cluster.close())

it('are exchanged one by one: nothing is lost or doubled, and nobody is without service for 5 s', async () => {
  const node = () => cluster.nodes[0] as BelfryServer
  const people = Array.from({ length: CLIENTS / DEVICES }, (_, at) => openPerson(node(), `person-${at}`))
  const followers = await follow(people)
  const history = new History()
  const load = startLoad({
    ...{ history, recipients: people, random: seeded('rolling restart') },
    client: http({ ...node(), url: cluster.url }, { userId: 'sender' }),
    ...{ parallel: 200, perSecond: PER_SECOND },
  })
  const loaded = performance.now()
  await delay(SETTLE_MS)
  const begun = performance.now()
  for (const old of [...cluster.nodes]) {
    await cluster.add()
    cluster.take(old)
    expect(await old.stop('SIGTERM')).toEqual({ code: 0, signal: null })
  }
  const tookS = (performance.now() - begun) / 1000
  await delay(SETTLE_MS)
  await load.stop()
  const loadS = (performance.now() - loaded) / 1000
  await delay(SETTLE_MS)
  const worst = report(followers, { history, begun, tookS, loadS })
  const again = people.map((one) => ({ ...one, http: http(node(), { userId: one.id }) }))
  expect(await findProblems(history, again), 'in the lists').toEqual([])
  expect(wrongAt(followers, people, history), 'applied by clients').toEqual([])
  expect(worst).toBeLessThan(5000)
  for (const one of followers) one.close()
}, 600_000)

async function follow(people: readonly Person[]): Promise<Follower[]> {
  const followers: Follower[] = []
  for (const person of people.flatMap((one) => Array.from({ length: DEVICES }, () => one))) {
    followers.push(new Follower(cluster.nodes[0] as BelfryServer, cluster.url, person))
    await delay(1000 / CONNECTS_PER_SECOND)
  }
  await eventually('all follow', () => followers.every((one) => one.isFollowing), 120_000)
  return followers
}

interface Course {
  history: History
  begun: number
  loadS: number
  tookS: number
}

/** Prints what was measured, and gives the longest time without service, in ms. */
function report(followers: readonly Follower[], { history, begun, tookS, loadS }: Course): number {
  const outages = followers.flatMap((one) => one.outagesMs).sort((a, b) => a - b)
  const returns = followers.flatMap((one) => one.connectedAt.filter((at) => at > begun))
  const at = (share: number) => Math.round(outages[Math.floor(outages.length * share)] ?? 0)
  const worst = Math.round(outages.at(-1) ?? 0)
  const [ok, refused, unknown] = (['ok', 'fail', 'unknown'] as const).map(
    (one) => history.withOutcome(one).length,
  )
  process.stdout.write(
    `${CLIENTS} clients, three nodes exchanged in ${tookS.toFixed(1)} s; sends: ${Math.round((ok ?? 0) / loadS)} a second, ${ok} kept, ${refused} refused, ` +
      `${unknown} unknown; ${returns.length} returns, at most ${mostPerSecond(returns)} a second; ` +
      `without service: median ${at(0.5)} ms, p99 ${at(0.99)} ms, longest ${worst} ms\n`,
  )
  return worst
}

function wrongAt(followers: readonly Follower[], people: readonly Person[], history: History): string[] {
  const sent = new Map<string, string[]>()
  for (const { recipients, message } of history.withOutcome('ok'))
    sent.set(recipients[0] ?? '', [...(sent.get(recipients[0] ?? '') ?? []), message])
  return followers.flatMap((one, at) =>
    (sent.get(people[Math.floor(at / DEVICES)]?.id ?? '') ?? [])
      .filter((message) => one.messages.get(message) !== 1)
      .map((message) => `${one.messages.get(message) ?? 0} times at client ${at}: ${message}`),
  )
}
