import fs from 'node:fs'
import path from 'node:path'

import type { RequestHandler } from 'express'
import request from 'supertest'

import { createTelling } from '../../src/app/outbox'
import { createPayoutPlans } from '../../src/app/plans'
import { createSurface } from '../../src/app/surface'
import { createBooksStore } from '../../src/db/books'
import { createFigureStore } from '../../src/db/figures'
import { createFloatStore } from '../../src/db/float'
import { createGateStore } from '../../src/db/gates'
import { createNoticeStore } from '../../src/db/notices'
import { createSettingsStore } from '../../src/db/settings-versions'
import { createStore } from '../../src/db/store'
import { createTrailStore } from '../../src/db/trail'
import { nameInCode } from '../../src/domain/setting-names'
import { ERROR_CODES, httpStatusOf } from '../../src/errors'
import { createKitAuthenticator } from '../../src/kit/authenticator'
import { createKitExchange } from '../../src/kit/exchange'
import { sandboxProvider } from '../../src/providers/sandbox'
import { partsOf } from '../../src/routes/described'
import { operationsOf } from '../../src/routes/openapi/document'
import { createMetrics } from '../../src/runtime/metrics'
import { createPayoutProofs } from '../../src/services/books/proofs'
import { createRequestLimits } from '../../src/services/limits/request-limits'
import { createProviderDirectory } from '../../src/services/payouts/directory'
import { createPolicyBook } from '../../src/services/policy/book'
import { createSettingSecrets } from '../../src/services/settings/secrets'
import { createVault } from '../../src/services/vault'
import { fixedBySettings, policyOfSettings } from '../../src/settings/exchange'
import { parseConfig } from '../../src/settings/plugin'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { silentLogger } from '../helpers/loggers'
import { mountedRoutes } from '../helpers/mounted-routes'
import { BASE, World } from '../helpers/world'
import { DEFERRED } from '../routes/support'

/** docs/api.md is what people write clients from, so its routes and examples are held against the program. */
const page = fs.readFileSync(path.join(__dirname, '../../docs/api.md'), 'utf8')

const IOTAAP = '/v1/withdrawal'

/** `GET /list`, as the page's headings say it. */
const routesOfPage = [...page.matchAll(/^### .*$/gm)].flatMap(([heading]) =>
  [...heading.matchAll(/`([A-Z]+ \/[^`]*)`/g)].map(([, route]) => String(route)),
)

/** The examples of one kind, from fences such as ```json record. */
const examples = (kind: string): Record<string, unknown>[] =>
  [...page.matchAll(new RegExp(`^\`\`\`json ${kind}\n([^]*?)^\`\`\``, 'gm'))].map(
    ([, json]) => JSON.parse(String(json)) as Record<string, unknown>,
  )

const only = (kind: string): Record<string, unknown> => {
  const [example, ...more] = examples(kind)
  if (!example || more.length > 0) throw new Error(`There should be one example of ${kind}.`)
  return example
}

let database: TestDatabase
let world: World
beforeAll(async () => {
  database = await openTestDatabase('PostgreSQL')
})
afterAll(() => database.close())
beforeEach(async () => {
  world = await World.create(database)
})

describe('docs/api.md', () => {
  it('has every route that is served, and no other', () => {
    const { clock, random, kit, engine } = world
    const config = parseConfig({ dialects: ['iotaap'] })
    const providers = createProviderDirectory([sandboxProvider()], config.leaseSeconds)
    const kitSide = { toolsLib: kit.toolsLib, clock, timeoutMs: config.exchangeTimeoutMs }
    const gates = createGateStore(database)
    const store = createSettingsStore(database)
    const plans = createPayoutPlans(config, providers)
    const sources = { fixed: {}, defaults: () => ({}), providers: [], definitions: [], refusals: () => [] }
    const parts = { config, providers, plans, made: [], pays: {} }
    const settings = {
      ...{ store, sources, table: [], fixedIn: 'code' as const, nameOf: nameInCode },
      secrets: createSettingSecrets({ store, keys: [], random }),
      applied: () => ({ version: 0, problems: [], parts }),
      apply: () => Promise.resolve(),
    }
    const wired = {
      gates,
      trail: createTrailStore(database),
      figures: createFigureStore(database),
      floats: createFloatStore(database),
      metrics: createMetrics(),
      books: createBooksStore(database),
      reconciliation: world.app.reconciliation(),
      proofs: createPayoutProofs({
        books: createBooksStore(database),
        notices: createNoticeStore(database),
        signer: null,
        logger: silentLogger,
      }),
      book: createPolicyBook({
        ...{ store: engine.store, clock, settings: policyOfSettings(config), fixed: fixedBySettings({}) },
      }),
      limits: createRequestLimits({ gates, clock, logger: silentLogger }),
      ...{ clock, random, logger: silentLogger, config, providers, engine, store: engine.store },
      vault: createVault([], random),
      plans,
      authenticator: createKitAuthenticator(kitSide),
      exchange: createKitExchange({
        ...{ ...kitSide, logger: silentLogger, uniqueTransactionIds: true, mails: false, accountFields: {} },
      }),
    }
    const surface = createSurface(wired, settings, createTelling({ database }, wired, settings))

    const served = mountedRoutes(surface, BASE)
    expect([...routesOfPage].sort()).toEqual(served.map(({ route }) => route).sort())

    // And the description has them, with the very validators that they run.
    const described = operationsOf({ path: IOTAAP, defaultCurrency: config.defaultCurrency })
    const written = (method: string, at: string) =>
      `${method.toUpperCase()} ${at.replace(/\{(\w+)\}/g, ':$1')}`
    const partsByRoute = (routes: (readonly [string, readonly RequestHandler[]])[]) =>
      Object.fromEntries(routes.map(([route, handlers]) => [route, partsOf(handlers)]))
    expect(
      partsByRoute(
        described.map(({ method, path: at, validators = [] }) => [written(method, at), validators]),
      ),
    ).toEqual(partsByRoute(served.map(({ route, handlers }) => [route, handlers])))
  })

  it('names every error code with the status it is answered with', () => {
    const lists = page
      .replace(/\n/g, ' ')
      .matchAll(/(\d{3}) ((?:`[a-z_]+`(?:, (?:and )?)?)+)|`([a-z_]+)` \((\d{3})/g)
    const named = [...lists].flatMap(([, status, codes, code, ownStatus]) =>
      [...(codes ?? `\`${code}\``).matchAll(/`([a-z_]+)`/g)].map(
        ([, each]) => `${each} ${status ?? ownStatus}`,
      ),
    )
    expect([...new Set(named)].sort()).toEqual(
      ERROR_CODES.map((code) => `${code} ${httpStatusOf(code)}`).sort(),
    )
  })

  it.each(examples('destination').map((destination) => [JSON.stringify(destination), destination]))(
    'shows a destination that is paid to: %s',
    async (_shown, destination) => {
      const { body } = await world.post({ currency: 'eur', amount: 10, ...destination }).expect(200)
      expect(body).toMatchObject({ status: 'processed', completed: true })
    },
  )

  it('shows a record, and that of the IoTaaP dialect, with the fields that are answered', async () => {
    const [destination] = examples('destination')
    const { body } = await world.post({ currency: 'eur', amount: 10, ...destination }).expect(200)
    expect(Object.keys(only('record'))).toEqual(Object.keys(body as object))

    const dialect = await request(world.host())
      .get(`${IOTAAP}/${body.id}`)
      .set('Authorization', `Bearer ${world.token()}`)
      .expect(200)
    expect(Object.keys(only('iotaap'))).toEqual(Object.keys(dialect.body as object))
  })

  it('shows the options and the provider of the sandbox as they are answered', async () => {
    const options = await world.get('/options').expect(200)
    const [shown] = examples('options') as unknown as [{ methods: object[]; accounts: object[] }[]]
    const isoTime = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as unknown
    const methods = shown[0]?.methods.map((method) => ({ ...method, arrives_by: isoTime })) ?? []
    expect(options.body).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          ...{ ...shown[0], methods: expect.arrayContaining(methods) },
          accounts: expect.arrayContaining(shown[0]?.accounts ?? []),
        }),
      ]),
    )
    const quote = await world.get('/quote?currency=eur&amount=10&method=BANK').expect(200)
    expect(quote.body).toEqual({ ...only('quote'), arrives_by: isoTime })

    const providers = await world.see('/admin/providers').expect(200)
    expect(providers.body).toEqual({ data: [only('provider')] })
  })

  it('shows what an operator sees with the fields that are answered', async () => {
    await world.withdraw(DEFERRED).expect(200)
    const { body } = await world.see('/admin/withdrawals').expect(200)
    const { data } = body as { data: object[] }
    expect(Object.keys(only('operator-record'))).toEqual(Object.keys(data[0] ?? {}))
  })

  it('shows the stop and a proposal with the fields that are answered', async () => {
    const stopped = await world.operate('/admin/stop', { reason: 'r' }).expect(200)
    expect(Object.keys(only('stop'))).toEqual(Object.keys(stopped.body as object))

    await createStore(database).proposeApproval({
      ...{ action: 'withdrawal.approve', subjectKind: 'provider', subject: 'sandbox', subjectVersion: 0 },
      ...{ content: {}, needed: 1, actor: 'operator:3', reason: 'r' },
    })
    const { body } = await world.see('/admin/approvals').expect(200)
    const { data } = body as { data: object[] }
    expect(Object.keys(only('approval'))).toEqual(Object.keys(data[0] ?? {}))
  })
})
