import { createSecretKey } from 'node:crypto'

import express from 'express'
import request from 'supertest'

import { errorHandler } from '../../src/routes/http'
import { frontDoor } from '../../src/sandbox/front-door'
import { createSandboxTokens } from '../../src/sandbox/tokens'
import { silentLogger } from '../helpers/loggers'

const tokens = createSandboxTokens(createSecretKey(Buffer.alloc(32, 7)))

const server = (isPlayMoney = true) =>
  express()
    .use(frontDoor({ basePath: '/base', tokens, isPlayMoney: () => isPlayMoney }))
    .use(errorHandler(silentLogger))

describe('the front door of the standalone server', () => {
  it('leads to the desk', async () => {
    const { headers } = await request(server()).get('/').expect(302)
    expect(headers.location).toBe('/base/admin/?sandbox')
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
