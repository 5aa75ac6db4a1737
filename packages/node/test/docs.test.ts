/** What the pages say is true: examples compile or run, tables are as the code has them, links lead somewhere. */
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { admin, eventually, freePort, http, ROOT, startServer, tempDir } from '@belfry/testkit'
import { describe, expect, it } from 'vitest'
import { blocksOf, examplesIn, pages, readPage } from './docs/blocks.ts'
import { columns, describedColumns } from './docs/columns.ts'
import { runProgram } from './docs/program.ts'
import { differences, runShell } from './docs/shell.ts'
import { tablesIn, withTables } from './docs/tables.ts'
import { typeCheck } from './docs/type-check.ts'

const sources = ['packages/node/src', 'packages/client/src', 'packages/react/src']
const ACCOUNT = { ADMIN_EMAIL: 'admin@example.com', ADMIN_PASSWORD: 'correct horse battery' }

describe('examples', () => {
  it('compile', () => {
    const blocks = [...pages.flatMap(blocksOf), ...sources.flatMap(examplesIn)]
    const programs = blocks.filter(({ language }) => /^tsx?$/.test(language))
    expect(programs.length).toBeGreaterThan(25)
    expect(typeCheck(programs)).toEqual([])
  }, 180_000)

  it('that do not compile are found', () => {
    const bad = { place: 'here:1', language: 'ts', text: "import { nothing } from '@belfry/node'" }
    expect(typeCheck([bad])).toEqual([expect.stringMatching(/^here:1: .*no exported member/)])
  }, 60_000)

  it('of the first page runs as it stands', async () => {
    const [port, dataDir] = [await freePort(), tempDir()]
    const text = blocksOf('README.md').find(({ language }) => language === 'ts')?.text ?? ''
    const placed = text.replace('3000', String(port)).replace('./data', dataDir)
    const program = runProgram(placed, { LOG_LEVEL: 'silent' })
    try {
      const app = http({ url: `http://127.0.0.1:${port}` })
      const isUp = async () => (await app.get('/api/health')).status === 200
      // Patience for a machine that is busy with other tests; a program that fails ends at once.
      await Promise.race([program.ended, eventually('the app answers', isUp, 90_000)])
      const ada = { email: 'ada@example.com', password: 'a good password' }
      const { user } = (await app.post('/api/auth/register', ada)).body
      expect((await app.post('/orders', { customer: user?.id })).status).toBe(201)
      const { token = '' } = (await app.post('/api/auth/login', ada)).body
      const list = await http({ url: `http://127.0.0.1:${port}` }, token).get('/api/notifications')
      expect(list.body.notifications?.map(({ message }) => message)).toEqual(['Order A-17 was placed.'])
    } finally {
      await program.stop()
      rmSync(dataDir, { recursive: true, force: true })
    }
  }, 120_000)

  it('with curl answer what the page shows', async () => {
    const server = await startServer({ env: ACCOUNT })
    try {
      const blocks = blocksOf('docs/api.md').filter(
        ({ language, text }) => language === 'json' || (language === 'sh' && !text.includes('npm ')),
      )
      const shown = runShell(blocks, (text) => text.replaceAll('http://127.0.0.1:4000', server.url))
      expect(shown.length).toBeGreaterThan(3)
      expect(
        shown.flatMap(({ place, expected, actual }) =>
          differences(expected, actual).map((one) => `${place} ${one}`),
        ),
      ).toEqual([])
    } finally {
      await server.close()
    }
  }, 90_000)

  it('that answer otherwise are found', () => {
    const expected = { id: '…', list: [{ a: 1 }], more: null }
    expect(differences(expected, { id: 'x', list: [{ a: 1, b: 2 }], more: null })).toEqual([])
    expect(differences(expected, { id: 1, list: [], more: 0 })).toHaveLength(3)
  })
})

describe('tables', () => {
  it.each(['docs/operations.md', 'docs/api.md'])(
    'of %s are as the code has them (UPDATE_DOCS=1 writes them)',
    (page) => {
      const text = readPage(page)
      expect(tablesIn(text).length).toBeGreaterThan(0)
      if (process.env.UPDATE_DOCS) writeFileSync(join(ROOT, page), withTables(text))
      else expect(text).toBe(withTables(text))
    },
  )

  it('of the data model name every table and column there is, and no other', async () => {
    expect(describedColumns(readPage('docs/data-model.md'))).toEqual(await columns())
  }, 60_000)

  it('of the metrics name every one of ours', async () => {
    const server = await startServer()
    try {
      const metrics = await http(server, (await admin(server)).token).get('/metrics')
      const known = [...metrics.text.matchAll(/^# HELP (belfry_\w+)/gm)].map((match) => match[1])
      const described = [...readPage('docs/operations.md').matchAll(/`(belfry_\w+)`/g)].map(
        (match) => match[1],
      )
      expect(known.length).toBeGreaterThan(5)
      expect([...new Set(described)].sort()).toEqual(known.sort())
    } finally {
      await server.close()
    }
  }, 60_000)
})

describe('what a page points to is there:', () => {
  it.each(pages)('the links of %s', (page) => {
    const links = [...readPage(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)].map((match) => match[1] ?? '')
    const local = links.filter((link) => !/^https?:/.test(link))
    expect(local.filter((link) => !existsSync(join(ROOT, dirname(page), link)))).toEqual([])
  })

  it.each(pages)('the sources of %s', (page) => {
    const named = [...readPage(page).matchAll(/(?:[\w-]+\/)+[\w-]+\.ts\b/g)].map(([file]) => file)
    const folders = ['', 'packages/server/src']
    expect(named.filter((file) => !folders.some((folder) => existsSync(join(ROOT, folder, file))))).toEqual(
      [],
    )
  })
})
