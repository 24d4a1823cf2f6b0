import { createHash, createSecretKey } from 'node:crypto'

import express from 'express'
import request from 'supertest'

import { readUserPage } from '../../src/app/desk-page'
import { pageRoutes } from '../../src/routes/desk'
import { errorHandler } from '../../src/routes/http'
import { frontDoor } from '../../src/sandbox/front-door'
import { createSandboxTokens } from '../../src/sandbox/tokens'
import { silentLogger } from '../helpers/loggers'

const tokens = createSandboxTokens(createSecretKey(Buffer.alloc(32, 7)))

const server = (isPlayMoney = true) =>
  express()
    .use(frontDoor({ tokens, isPlayMoney: () => isPlayMoney, page: pageRoutes(readUserPage, '/base') }))
    .use(errorHandler(silentLogger))

describe('the front door of the standalone server', () => {
  it('is the page for users, which knows where its API is and runs nothing but its own script', async () => {
    const { text, headers } = await request(server()).get('/').expect(200)
    expect(text).toContain('<meta name="base-path" content="/base">')
    expect(String(headers['content-security-policy'])).toContain("connect-src 'self'")
    const [, script = ''] = /<script>([^]*?)<\/script>/.exec(text) ?? []
    const hash = createHash('sha256').update(script, 'utf8').digest('base64')
    expect(headers['content-security-policy']).toContain(`script-src 'sha256-${hash}'`)
    expect(Buffer.byteLength(text)).toBeLessThan(300_000)
  })

  it('gives whoever sits at this machine the token of a user by one click, and of nobody else', async () => {
    const { body } = await request(server()).post('/sandbox/user-token/1').expect(200)
    expect(tokens.verify(String(body.token))).toMatchObject({ sub: { id: 1 }, scopes: ['user'] })
    await request(server()).post('/sandbox/user-token/3').expect(404)
    await request(server(false)).post('/sandbox/user-token/1').expect(403)
    await request(server()).post('/sandbox/user-token/1').set('Host', 'evil.example:8080').expect(403)
  })

  it('gives whoever sits at this machine the operator’s token by one click', async () => {
    const { body } = await request(server()).post('/sandbox/operator-token').expect(200)
    expect(tokens.verify(String(body.token))).toMatchObject({ sub: { id: 2 }, scopes: ['user', 'admin'] })
  })

  it('gives none where real money could leave', async () => {
    const { body } = await request(server(false)).post('/sandbox/operator-token').expect(403)
    expect(body).toMatchObject({ code: 'forbidden', message: expect.stringContaining('paste') })
  })

  it('gives none to a page of another site whose name points here', async () => {
    await request(server()).post('/sandbox/operator-token').set('Host', 'evil.example:8080').expect(403)
  })
})
