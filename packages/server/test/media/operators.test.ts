/** Files as those see them who run the site: rules of chats, back-ups, settings. */
import { cpSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { register, runToEnd, tempDir } from '@belfry/testkit'
import { afterAll, describe, expect, it } from 'vitest'
import { expectRefusedWith } from '../support/hostile.ts'
import { bytes, downloadAs, makeChat, PNG, postMedia, tryUpload, upload } from '../support/media.ts'
import { useServers } from '../support/use-server.ts'

const start = useServers()
const folder = tempDir()
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('rules of chats', () => {
  it('know of what kind and type a file is that is to be posted, and nothing of foreign ones', async () => {
    const file = join(folder, 'policy.mjs')
    writeFileSync(
      file,
      `const isFine = ({ kind, mime }) => kind === 'image' && mime === 'image/png'
       const deny = { effect: 'deny', code: 'media_rejected', message: 'Only pictures.' }
       const judge = ({ action, message }) =>
         action === 'postMessage' && !(message?.media ?? []).every(isFine) ? deny : undefined
       export const rules = [{ name: 'onlyPictures', judge }]`,
    )
    const server = await start({ env: { CHAT_POLICY: file } })
    const [ann, bob] = [await register(server), await register(server)]
    const chatId = await makeChat(ann, [bob])
    const post = (id: string) =>
      ann.http.post(`/api/chats/${chatId}/messages`, { media: [{ id, alt: 'a dot' }] })
    const pdf = await upload(ann, '%PDF-1.7', { type: 'application/pdf' })
    for (const { id } of [pdf, await upload(bob)]) {
      const reply = await post(id)
      expectRefusedWith(reply, 422)
      expect(reply.body.message).toBe('Only pictures.')
    }
    const picture = await upload(ann)
    const reply = await post(picture.id)
    expect(reply.body).toMatchObject({ message: { media: [{ ...picture, alt: 'a dot' }] } })
    expect(JSON.stringify(reply.body)).not.toContain('"facts"')
  })
})

describe('a back-up', () => {
  it('holds the messages and not the files, and says so; what is missing is not found', async () => {
    const server = await start()
    const [ann, bob] = [await register(server), await register(server)]
    const chatId = await makeChat(ann, [bob])
    const [saved, lost] = [await upload(ann), await upload(ann)]
    await postMedia(ann, chatId, saved)
    const files = join(server.dataDir, 'media/files')
    cpSync(files, join(folder, 'files'), { recursive: true })
    const database = join(folder, 'backup.db')
    const cli = (...args: string[]) => runToEnd({ dataDir: server.dataDir, env: {}, args }, 30_000)
    const outcome = await cli('backup', database)
    expect(outcome.output).toContain(`Uploaded files are not in it. Copy ${files} as well.`)
    await server.stop()
    rmSync(files, { recursive: true })
    expect((await cli('restore', database)).code).toBe(0)
    await server.start()
    const listed = await bob.http.get<{ messages: { media: unknown[] }[] }>(`/api/chats/${chatId}/messages`)
    expect(listed.body.messages.at(-1)?.media).toHaveLength(1)
    expect((await downloadAs(server, bob, saved)).status).toBe(404)
    cpSync(join(folder, 'files'), files, { recursive: true })
    expect((await downloadAs(server, bob, saved)).body.equals(PNG)).toBe(true)
    expect((await downloadAs(server, ann, lost)).status).toBe(200)
  })
})

describe('AUTH=open', () => {
  it('takes files from whoever the client says, and gives links', async () => {
    const server = await start({ env: { AUTH: 'open' } })
    const headers = { 'x-user-id': 'ann', 'content-type': 'image/png' }
    const reply = await fetch(`${server.url}/api/media`, { method: 'POST', headers, body: PNG })
    expect(reply.status).toBe(201)
    const { media } = (await reply.json()) as { media: { id: string } }
    const asked = await fetch(`${server.url}/api/media/${media.id}/link`, { headers: { 'x-user-id': 'ann' } })
    const { url } = (await asked.json()) as { url: string }
    expect((await fetch(`${server.url}${url}`)).status).toBe(200)
    const nobody = await fetch(`${server.url}/api/media`, {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: PNG,
    })
    expect(nobody.status).toBe(401)
  })
})

describe('a server that goes away', () => {
  it('refuses uploads, and what is under way ends with nothing kept or everything', async () => {
    const server = await start()
    const ann = await register(server)
    const slow = tryUpload(ann, bytes('\x89PNG\r\n\x1a\n', 5_000_000)).then(
      ({ status }) => status,
      () => 0,
    )
    await server.stop()
    expect([0, 201, 503]).toContain(await slow)
    await server.start()
    expect((await tryUpload(await register(server))).status).toBe(201)
  })
})
