import vm from 'node:vm'

import request from 'supertest'
import { minify } from 'uglify-js'

import { type PluginJson, pluginJson, webView } from '../../../scripts/build/plugin'
import { openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { FakeNetwork } from '../fake-network'
import { type KitProcess, startKit } from './kit-process'
import { BASE, bearer, untilReady } from './rig'

/**
 * Goal: what an operator installs runs in a kit. Method: the built JSON is taken through the kit's rules and its
 * minifier, evaluated in a worker thread as the kit evaluates it, old and new, and asked over HTTP.
 */
const MINUTE_MS = 60_000

let json: PluginJson
/** What a kit stores: at an installation, at an upgrade, and in its development mode. */
const stored: Record<string, string> = {}
beforeAll(async () => {
  json = await pluginJson()
  stored['as it was built'] = json.script
  stored['after an installation'] = minified(json.script, { module: true, output: { quote_style: 1 } })
  stored['after an upgrade'] = minified(json.script)
}, 3 * MINUTE_MS)

function minified(...input: Parameters<typeof minify>): string {
  const { code, error } = minify(...input)
  if (error) throw error
  return code
}

/** The texts that a script hands to the evaluator. */
function evaluatedBy(script: string): readonly string[] {
  const given: string[] = []
  vm.runInNewContext(script, { require, eval: (text: string) => given.push(text) })
  return given
}

describe('the JSON', () => {
  it('is small enough for a kit and the proxy before it', () => {
    expect(Buffer.byteLength(JSON.stringify(json))).toBeLessThan(700_000)
  })

  it('names the users’ page where the exchange’s API is, and nothing where nobody said where that is', async () => {
    expect(json.web_view).toBeNull()
    const { web_view: views } = await pluginJson('https://exchange.example/api/')
    expect(views).toEqual([
      {
        src: expect.stringMatching(
          /^https:\/\/exchange\.example\/api\/plugins\/bank\/withdrawal\/web\/withdraw\.[0-9a-f]{16}\.js$/,
        ),
        target: 'REMOTE_COMPONENT__FIAT_WALLET_WITHDRAW',
      },
    ])
    for (const given of ['exchange.example', 'javascript:alert(1)', 'https://exchange.example/api?x', ''])
      await expect(pluginJson(given)).rejects.toThrow('--public-url must be')
  })

  it('passes the kit’s rules', () => {
    const texts = ['bio', 'documentation', 'icon', 'url', 'logo'].map((field) => json[field])

    expect(json).toMatchObject({
      name: expect.stringMatching(/^[a-z-]{1,255}$/),
      version: expect.any(Number),
      author: expect.stringMatching(/^.{1,255}$/),
      type: expect.stringMatching(/^(?!bank$)[a-z-]{1,255}$/),
      enabled: true,
      prescript: { install: [], run: null },
      postscript: { run: null },
    })
    expect(Number.isInteger(json.version) && json.version >= 1).toBe(true)
    for (const text of texts) expect(text === null || (text as string).length <= 255).toBe(true)
    for (const settings of [json.meta, json.public_meta])
      for (const entry of Object.values(settings as object))
        expect(entry).toEqual({
          type: expect.stringMatching(/^(string|boolean|password)$/),
          required: expect.any(Boolean),
          description: expect.stringMatching(/\S/),
          value: expect.anything(),
        })
  })

  it('keeps every secret out of what everybody can read, and masks it in the form', () => {
    const secret = Object.entries(json.meta as Record<string, { type: string }>)
      .filter(([, { type }]) => type === 'password')
      .map(([key]) => key)

    expect(secret).toContain('encryption_keys')
    for (const entry of Object.values(json.public_meta as Record<string, { type: string }>))
      expect(entry.type).not.toBe('password')
  })

  it('leaves a kit’s minifier nothing to change: what runs is what was built', () => {
    const evaluated = Object.values(stored).map(evaluatedBy)
    expect(evaluated[0]?.[0]).toMatch(/^"use strict";/)
    expect(evaluated).toEqual(evaluated.map(() => evaluated[0]))
  })

  it('is one byte a sign, and loads no language at a start: each would be a good part of the time that takes', () => {
    expect(evaluatedBy(json.script)).toEqual([expect.not.stringMatching(/[^\x00-\xff]/)])
    const logged: string[] = []
    const log = (...parts: unknown[]) => logged.push(parts.map(String).join(' '))
    const scope = vm.createContext({
      ...{ require, process, setTimeout, clearTimeout, app: { use: () => {} }, toolsLib: {} },
      ...{ loggerPlugin: { error: log, warn: log, info: log, debug: log }, meta: {}, publicMeta: {} },
    })
    vm.runInContext(
      `delete globalThis.Intl
      for (const { prototype } of [Number, BigInt, Date, Array])
        prototype.toLocaleString = () => { throw new Error('A language was loaded.') }`,
      scope,
    )
    vm.runInContext(json.script, scope)
    expect(logged).toEqual([expect.stringMatching(/plugin\.not_configured/)])
  })

  it('needs nothing that only a module or a newer parser has', () => {
    expect(evaluatedBy(json.script)).toEqual([expect.not.stringMatching(/\bimport\.meta\b|\bimport\(/)])
  })
})

describe.each(['as it was built', 'after an installation', 'after an upgrade'])('the script %s', (how) => {
  describe.each(['kit-eval', 'kit-eval-old'] as const)('evaluated by %s', (evaluator) => {
    let database: TestDatabase
    let network: FakeNetwork
    let kit: KitProcess
    const running = async (meta: unknown) => {
      kit = await startKit({
        script: String(stored[how]),
        evaluator,
        networkUrl: network.url,
        databaseUrl: String(database.url),
        meta,
      })
      return kit
    }
    beforeEach(async () => {
      database = await openTestDatabase('PostgreSQL')
      network = await FakeNetwork.listen()
      network.books.fund(1001, 'eur', '1000')
    })
    afterEach(async () => {
      await kit.terminate()
      await network.close()
      await database.close()
      expect(kit.crashes).toEqual([])
    })

    it('pays a withdrawal', async () => {
      const { url, logs } = await running({ providers: 'sandbox' })
      await untilReady(url)
      // As the panel names it: whoever reads the warning has to find the field.
      expect(logs.map(({ text }) => text).join()).toMatch(/vault\.no_keys .*encryption_keys is not set/)
      const { body } = await request(url)
        .post(BASE)
        .set('Authorization', bearer())
        .send({ amount: 10, bank_id: 'a1b2c3d4e5f60718', currency: 'eur' })
        .expect(200)

      expect(body).toMatchObject({ status: 'processed', amount: 10, bank: 'Musterbank' })
      expect(network.books.balanceOf(1001, 'eur')).toEqual({ available: 990, locked: 0 })

      const { body: list } = await request(url).get(`${BASE}/list`).set('Authorization', bearer()).expect(200)
      expect(list.withdrawals).toMatchObject([{ id: body.id }])
      await request(url).get(`${BASE}/options`).set('Authorization', bearer()).expect(200)
      const { name, text: program } = await webView()
      const view = await request(url).get(`${BASE}/web/${name}`).expect(200)
      expect(view.text).toBe(program)
      expect(view.headers['cache-control']).toBe('public, max-age=31536000, immutable')
      const { text } = await request(url).get(`${BASE}?format=csv`).set('Authorization', bearer()).expect(200)
      expect(text).toContain(body.id)
    })

    it('runs with nothing set, and is set up in the desk', async () => {
      const { url } = await running({})
      await untilReady(url)
      const operator = bearer(['user', 'admin'], 2)
      const admin = `${BASE}/admin/settings`
      const { body: health } = await request(url).get(`${BASE}/health`).set('Authorization', operator)
      expect(health.details).toContainEqual(expect.stringMatching(/^no provider is switched on/))
      expect(health.details).toContainEqual(expect.stringMatching(/^encryption_keys is not set/))

      await request(url)
        .post(admin)
        .set('Authorization', operator)
        .send({ version: 0, values: { providers: 'sandbox' }, reason: 'to try it out' })
        .expect(200)
      const { body } = await request(url)
        .post(BASE)
        .set('Authorization', bearer())
        .send({ amount: 10, bank_id: 'a1b2c3d4e5f60718', currency: 'eur' })
        .expect(200)
      expect(body).toMatchObject({ status: 'processed', provider: 'sandbox' })
    })

    it('takes over once what an earlier version had in its form', async () => {
      const { url, logs } = await running({
        providers: 'sandbox',
        statement_text: { type: 'string', value: 'From the form' },
        flagged_users: 'refuse',
      })
      await untilReady(url)
      const { body } = await request(url)
        .get(`${BASE}/admin/settings/versions`)
        .set('Authorization', bearer(['user', 'admin'], 2))
        .expect(200)
      expect(body.data).toMatchObject([
        {
          ...{ version: 1, by: 'kit', reason: expect.stringMatching(/^Taken over/) },
          changes: [
            { name: 'flaggedUsers', to: 'refuse' },
            { name: 'providers', to: 'sandbox' },
            { name: 'statementText', to: 'From the form' },
          ],
        },
      ])
      expect(logs.map(({ text }) => text).join()).toMatch(/settings\.taken_over/)
      const { body: policy } = await request(url)
        .get(`${BASE}/admin/policy`)
        .set('Authorization', bearer(['user', 'admin'], 2))
        .expect(200)
      expect(policy).toMatchObject({ version: 0, fixed: [], policy: { users: { flagged: 'refuse' } } })
    })

    it('refuses in its own shape whoever is not let in, and what is not JSON', async () => {
      const { url } = await running({ providers: 'sandbox' })
      await untilReady(url)

      const { body } = await request(url).get(`${BASE}/list`).expect(401)
      expect(body).toMatchObject({ code: 'unauthorized', request_id: expect.any(String) })
      await request(url).post(BASE).set('Authorization', bearer()).type('text').send('x').expect(415)
      await request(url).get(`${BASE}/x/y/z`).set('Authorization', bearer()).expect(404)
    })

    it('loads with settings that cannot work, and says which to whoever can mend it', async () => {
      const { url, evaluationFailure, logs } = await running({
        encryption_keys: { type: 'password', value: 'too-short' },
        operator_roles: { type: 'string', value: 'user' },
      })
      const { body } = await request(url).post(BASE).set('Authorization', bearer()).send({}).expect(503)
      await request(url).get(`${BASE}/list`).expect(503)
      const health = async (token?: string) => {
        const asked = request(url).get(`${BASE}/health`)
        return (await (token === undefined ? asked : asked.set('Authorization', token)).expect(503)).body
      }
      const everybody = { live: true, ready: false, problems: ['the settings are not complete'] }
      const details = [
        expect.stringMatching(/^encryption_keys must be/),
        expect.stringMatching(/^operator_roles must be/),
      ]

      expect(evaluationFailure).toBeNull()
      expect(body).toMatchObject({ code: 'not_ready' })
      expect(body.message).toMatch(/^Withdrawals are not available yet/)
      expect(JSON.stringify(body)).not.toMatch(/encryption_keys|operator_roles/)
      expect(await health()).toEqual(everybody)
      expect(await health(bearer())).toEqual(everybody)
      expect(await health('Bearer forged')).toEqual(everybody)
      expect(await health(bearer(['user', 'admin']))).toEqual({ ...everybody, details })
      expect(logs.filter(({ level }) => level === 'error')).toHaveLength(1)
      expect(logs.find(({ level }) => level === 'error')?.text).toMatch(/encryption_keys must be/)
    })
  })
})
