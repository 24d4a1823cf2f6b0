import { createHash } from 'node:crypto'

import request from 'supertest'

import { readDeskPage, readWebView } from '../../src/app/desk-page'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { BASE, World } from '../helpers/world'

const SIZE_MAX = 300_000

describe('the users’ page for a kit’s web app', () => {
  let database: TestDatabase
  let world: World
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
    world = await World.create(database)
  })
  afterAll(() => database.close())
  const asked = (name: string) => request(world.host()).get(`${BASE}/web/${name}`)

  it('is kept for ever under a name that changes with it, and may be loaded by a site at another origin', async () => {
    const { name, text } = await readWebView()
    const hash = createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 16)
    expect(name).toBe(`withdraw.${hash}.js`)
    const answer = await asked(name).expect(200)
    expect(answer.text).toBe(text)
    expect(answer.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=31536000, immutable',
      ...{ 'access-control-allow-origin': '*', 'x-content-type-options': 'nosniff' },
    })
  })

  it('is there under the name of an earlier version too, and then kept by nobody', async () => {
    const answer = await asked('withdraw.0123456789abcdef.js').expect(200)
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(answer.text).toBe((await readWebView()).text)
  })

  it('is a CommonJS module that asks for React alone, and nothing that a browser of five years ago cannot read', async () => {
    const { text } = await readWebView()
    expect([...new Set(text.match(/\brequire\("[^"]+"\)/g))]).toEqual(['require("react")'])
    expect(text).not.toMatch(/jsx-runtime|react-dom|\bimport\(/)
    expect(Buffer.byteLength(text)).toBeLessThan(130_000)
  })
})

describe('the operators’ page', () => {
  let database: TestDatabase
  let world: World
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
    world = await World.create(database)
  })
  afterAll(() => database.close())

  const served = (path = '/admin/') => request(world.host()).get(`${BASE}${path}`)
  const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`

  it('is served to whoever has no token yet, and holds nothing', async () => {
    const { text, headers } = await served().expect(200)
    expect(headers['content-type']).toBe('text/html; charset=utf-8')
    expect(text).toBe(await readDeskPage())
    await served('/admin').expect(200)
    await served('/admin/overview').expect(401)
  })

  it('is one file under 300 kB that needs nothing from anywhere', async () => {
    const { text } = await served()
    expect(Buffer.byteLength(text)).toBeLessThan(SIZE_MAX)
    expect(text).not.toMatch(/<(?:script|link|img|iframe)[^>]*(?:src|href)="(?!data:)/)
    expect(text).not.toMatch(/url\((?!["']?data:)/)
    expect(text).not.toContain('\r')
  })

  it('runs nothing but its own script and style, speaks to nobody but its server, and is framed by nobody', async () => {
    const { text, headers } = await served()
    const policy = String(headers['content-security-policy']).split('; ')
    const [, script = ''] = /<script>([^]*?)<\/script>/.exec(text) ?? []
    const [, style = ''] = /<style>([^]*?)<\/style>/.exec(text) ?? []
    expect(policy).toEqual([
      "default-src 'none'",
      `script-src ${hashOf(script)}`,
      `style-src ${hashOf(style)}`,
      'img-src data:',
      'font-src data:',
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ])
    expect(text.match(/<script/g)).toHaveLength(1)
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-cache' })
  })
})
