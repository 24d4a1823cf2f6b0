import { createHash } from 'node:crypto'

import express from 'express'
import request from 'supertest'

import { readApiPage } from '../../src/app/desk-page'
import { apiPageRoutes } from '../../src/routes/api-page'
import { errorHandler } from '../../src/routes/http'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { silentLogger } from '../helpers/loggers'
import { BASE, World } from '../helpers/world'

const FOR_EVER = 'public, max-age=31536000, immutable'

describe('The page of the API’s description', () => {
  let database: TestDatabase
  let world: World
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
    world = await World.create(database)
  })
  afterAll(() => database.close())
  const served = (path: string) => request(world.host()).get(`${BASE}${path}`)
  const filesOf = (html: string) => [...html.matchAll(/(?:src|href)="(?!data:)([^"]+)"/g)].map(([, at]) => at)

  it('names its files by their text, from where it is asked for, and they are kept for ever', async () => {
    const names = ((await readApiPage())?.files ?? []).map(({ name }) => name)
    const [script = '', style = '', licences = ''] = names
    expect(filesOf((await served('/docs?x=/').expect(200)).text)).toEqual([`docs/${style}`, `docs/${script}`])
    expect(filesOf((await served('/docs/?x').expect(200)).text)).toEqual([style, script])
    for (const name of names) {
      const { text, headers } = await served(`/docs/${name}`).expect(200)
      const hash = createHash('sha256').update(text, 'utf8').digest('hex').slice(0, 16)
      expect(name.split('.')[1]).toBe(hash)
      expect(headers).toMatchObject({ 'cache-control': FOR_EVER, 'x-content-type-options': 'nosniff' })
    }
    expect((await served(`/docs/${licences}`)).text).toContain('SmartBear')
    await served('/docs/docs.0123456789abcdef.js').expect(404)
  })

  it('may load nothing but what lies beside it, and is framed by nobody', async () => {
    const { text, headers } = await served('/docs').expect(200)
    expect(String(headers['content-security-policy']).split('; ')).toEqual([
      "default-src 'none'",
      ...["script-src 'self'", "style-src 'self'", 'img-src data:', "connect-src 'self'"],
      ...["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
    ])
    expect(headers).toMatchObject({ 'cache-control': 'no-cache', 'referrer-policy': 'no-referrer' })
    expect(text.match(/<script/g)).toHaveLength(1)
  })

  it('is not there where a build has left it out', async () => {
    const host = express()
      .use(apiPageRoutes(() => Promise.resolve(null)))
      .use(errorHandler(silentLogger))
    for (const path of ['/', '/docs.js'])
      expect((await request(host).get(path).expect(404)).body).toMatchObject({ code: 'route_not_found' })
  })
})
