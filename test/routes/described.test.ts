import express, { type Express, Router } from 'express'

import { readApiPage } from '../../src/app/desk-page'
import { ERROR_CODES } from '../../src/errors'
import { createRouter } from '../../src/routes'
import { apiPageRoutes } from '../../src/routes/api-page'
import { pageRoutes } from '../../src/routes/desk'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { silentLogger } from '../helpers/loggers'
import { BASE, World } from '../helpers/world'
import { Answers, type Asked, described, operationOf, OPERATIONS } from './answers'
import { describeApprovals } from './described/approvals'
import { asker, taken, tokenOf, WHY, WISH } from './described/asker'
import { describeDecisions } from './described/decisions'
import { describeFiles } from './described/files'
import { describeMessages } from './described/messages'
import { describeQuestions } from './described/questions'
import { describeRules } from './described/rules'
import { describeUsers } from './described/users'
import { DEFERRED, failingDatabase } from './support'

/**
 * Goal: what the description says is answered, is answered, and nothing else. Method: every route is asked for every
 * outcome; each answer is held against its schema, which may leave nothing out, and what was not seen is named.
 */
let database: TestDatabase
const answers = new Answers()
let world: World
let host: Express

beforeAll(async () => {
  database = await openTestDatabase('PostgreSQL')
  world = await World.create(database)
  host = world.host()
})
afterAll(() => database.close())

const ask = (id: string, asked: Asked = {}) =>
  answers.ask(host, operationOf(id), { token: tokenOf(world, operationOf(id)), ...asked })
const good = WISH
const withToken = OPERATIONS.filter(({ who }) => who === 'user' || who === 'operator')
const withBody = OPERATIONS.filter(({ method, rawBody }) => method === 'post' && !rawBody)

describe('The description', () => {
  it('is kept by what every route answers to nobody and to the wrong person', async () => {
    for (const operation of withToken) {
      await answers.ask(host, operation)
      await answers.ask(host, operation, { token: world.token(3, 'x').slice(0, -3) })
      const wrong = operation.who === 'user' ? world.kit.tokens.sign(1, ['other']) : world.token(1)
      await answers.ask(host, operation, { token: wrong, body: operation.method === 'post' ? {} : undefined })
    }
  })

  it('is kept by what every route answers to a broken request', async () => {
    for (const { id } of OPERATIONS)
      await ask(id, { headers: { 'content-type': ['application/json', 'application/json'] } })
    for (const operation of withBody)
      await answers.askSlowly(host, operation, world.clock, tokenOf(world, operation))
    for (const { id } of withBody) {
      await ask(id, { body: '{' })
      await ask(id, { body: `"${'x'.repeat(70_000)}"` })
      await ask(id, { body: 'a=b', headers: { 'Content-Type': 'text/plain' } })
    }
  })

  it('is kept by what every route answers to a stranger’s query, body and id', async () => {
    for (const { id, method } of OPERATIONS) {
      await ask(id, { query: '?limit=x&state=x&format=x&before=x&offset=x' })
      if (method === 'post') await ask(id, { body: { strange: 1 } })
      if (method === 'post') await ask(id, { body: WHY })
    }
  })

  it('is kept by what users are answered', async () => {
    const paid = await ask('createWithdrawal', { body: good, headers: { 'Idempotency-Key': 'k' } })
    const held = await ask('createWithdrawal', { body: { ...good, amount: DEFERRED } })
    await ask('createIotaapWithdrawal', { body: { ...good, currency: undefined } })
    for (const id of ['listWithdrawals', 'findWithdrawals', 'getOptions', 'listIotaapWithdrawals'])
      await ask(id)
    await ask('findWithdrawals', { query: '?format=csv' })
    for (const id of ['getWithdrawal', 'getIotaapWithdrawal']) await ask(id, { at: { id: String(paid.id) } })
    await ask('getWithdrawal', { at: { id: String(held.id) } })
    await ask('cancelWithdrawal', { at: { id: String(paid.id) } })
    await ask('cancelWithdrawal', { at: { id: String(held.id) } })
    for (const query of [
      'amount=10&currency=eur&method=BANK',
      'amount=x',
      'amount=1',
      'amount=1&currency=eur',
    ])
      await ask('getQuote', { query: `?${query}` })
    for (const amount of ['100001', '10001', '0.5'])
      await ask('getQuote', { query: `?amount=${amount}&currency=eur&method=BANK` })
  })

  it.each(['createWithdrawal', 'createIotaapWithdrawal'])('is kept by each refusal of %s', async (id) => {
    const key = { 'Idempotency-Key': `refused-${id}` }
    await ask(id, { body: good, headers: key })
    await ask(id, { body: { ...good, amount: 11 }, headers: key })
    await ask(id, { body: good, headers: { 'Idempotency-Key': 'ü' } })
    for (const change of [
      { amount: 'x' },
      { amount: 100_001 },
      { amount: 9_999.5 },
      { currency: 'xyz' },
      { bank_account: undefined },
      { bank_account: {} },
      { bank_account: undefined, method: 'PAYPAL' },
      { bank_account: 'nobody' },
      { strange: 1 },
      { otp_code: 'x' },
    ])
      await ask(id, { body: { ...good, ...change } })
    await ask(id, { body: good, token: world.kit.tokens.sign(99, ['user']) })
  })

  it('is kept by what operators are answered', async () => {
    const { id } = await ask('createWithdrawal', { body: { ...good, amount: DEFERRED } })
    const at = { id: String(id) }
    for (const { id: one, method, path } of OPERATIONS)
      if (method === 'get' && path.startsWith('/admin/') && !path.includes('{')) await ask(one)
    await ask('searchWithdrawals', { query: '?format=csv' })
    await ask('inspectWithdrawal', { at })
    await ask('holdWithdrawal', { at, body: WHY })
    await ask('inspectWithdrawal', { at })
    await ask('approveWithdrawal', { at, body: { ...WHY, version: 1 } })
    await ask('approveWithdrawal', { at, body: WHY })
    await ask('approveWithdrawal', { at, body: WHY })
    await ask('resolveWithdrawal', { at, body: { ...WHY, to: 'settling' } })
    await ask('stopEverything', { body: { ...WHY, version: 7 } })
    await ask('stopEverything', { body: WHY })
    await ask('createWithdrawal', { body: good })
    await ask('liftStop', { body: { ...WHY, version: 7 } })
    await ask('liftStop', { body: WHY })
    await ask('liftStop', { body: WHY })
    for (const one of ['pauseProvider', 'resumeProvider']) {
      await ask(one, { at: { name: 'sandbox' }, body: { ...WHY, version: 7 } })
      await ask(one, { at: { name: 'sandbox' }, body: WHY })
    }
    await ask('runBatches', { body: WHY })
    await ask('runBatches', { body: { ...WHY, provider: 'nobody' } })
    const version = Number((await ask('inspectWithdrawal', { at })).version)
    const several = { ...WHY, items: [{ id, version }], totals: { eur: DEFERRED } }
    await ask('decideSeveral', { at: { action: 'reject' }, body: several })
    await ask('decideSeveral', {
      at: { action: 'reject' },
      body: { ...several, items: [{ id: 'x', version }] },
    })
  })

  it('is kept by what those who set the rules are answered', async () => {
    const policy = { cooling_off_hours: 1 }
    await ask('tryPolicy', { body: { policy } })
    await ask('tryPolicy', { body: { policy: { strange: 1 } } })
    for (const body of [
      { ...WHY, policy },
      { ...WHY, policy },
      { ...WHY, policy, version: 7 },
    ])
      await ask('changePolicy', { body })
    await ask('changePolicy', { body: { ...WHY, policy: { strange: 1 } } })
    await ask('listPolicyVersions')
    for (const to of [0, 0, 9]) await ask('restorePolicy', { body: { ...WHY, to } })
    for (const id of ['trySettings', 'saveSettings', 'undoSettings']) {
      await ask(id, { body: { ...(id !== 'trySettings' && WHY), version: 0, ...valuesFor(id) } })
      await ask(id, { body: { ...(id !== 'trySettings' && WHY), version: 7, ...valuesFor(id) } })
    }
    await ask('listSettingsVersions')
    await ask('reconcile', { body: WHY })
    await ask('reconcile', { body: WHY })
    await ask('listReconciliations')
    await ask('getReconciliation', { at: { id: '1' } })
  })

  it('is kept by what looks after the server', async () => {
    for (const id of ['getHealth', 'getLiveness', 'getDescription', 'getDesk', 'getDocs'])
      await ask(id, { token: undefined })
    const [file] = (await readApiPage())?.files ?? []
    await ask('getDocsFile', { token: undefined, at: { name: String(file?.name) } })
    await ask('getUsersPage', { token: undefined, at: { name: 'withdraw.0123456789abcdef.js' } })
    await ask('getHealth')
    await ask('getMetrics')
    await ask('getMetrics', { token: undefined })
    await ask('receiveEvent', { token: undefined, at: { provider: 'sandbox' }, body: {} })
  })

  it('is kept where the database fails, where too much is asked and before it is started', async () => {
    let fails = false
    await world.start({ database: failingDatabase(/./, () => fails) })
    host = world.host()
    fails = true
    for (const operation of OPERATIONS) await ask(operation.id, taken(operation))
    fails = false
    const limited = await World.create(database, {
      config: { addressPerMinute: 1, addressHeader: 'x-real-ip' },
    })
    host = limited.host()
    // Each from an address of its own: who goes on being refused is told so later and later.
    for (const [place, { id }] of OPERATIONS.entries())
      for (let turn = 0; turn < 2; turn++) await ask(id, { headers: { 'x-real-ip': `8.8.${place}.8` } })
    await limited.app.stop()
    for (const { id, method } of OPERATIONS) await ask(id, method === 'post' ? { body: {} } : {})
  })

  it('is kept by the pages that a kit does not carry, for its own panel has one', async () => {
    const none = () => Promise.resolve(null)
    const kit = express().use(
      createRouter({
        ...{ logger: silentLogger, newId: () => 'id', basePath: BASE, raw: [], iotaap: null },
        ...{ readiness: { problems: () => Promise.resolve([]), degraded: () => [] } },
        ...{ withdrawals: Router(), admin: Router(), webView: Router() },
        ...{ desk: pageRoutes(none), apiPage: apiPageRoutes(none) },
      }),
    )
    for (const id of ['getDesk', 'getDocs', 'getDocsFile'])
      await answers.ask(kit, operationOf(id), { at: { name: 'x' } })
  })

  it('is kept by what providers send', async () => {
    let verdict: 'genuine' | 'unverifiable' = 'genuine'
    const webhook = { verify: () => Promise.resolve(verdict), parse: () => null }
    const hooked = await World.create(database, {
      around: { provider: (provider) => ({ ...provider, webhook }) },
    })
    const sent = { token: undefined, at: { provider: 'sandbox', secret: 's' }, body: {} }
    const askThere = asker(answers, hooked)
    for (const id of ['receiveEvent', 'receiveEventBySecret']) {
      verdict = 'genuine'
      await askThere(id, '200', sent)
      verdict = 'unverifiable'
      await askThere(id, 'unauthorized', sent)
      await askThere(id, 'body_too_large', { ...sent, body: `"${'x'.repeat(300_000)}"` })
      await answers.askSlowly(hooked.host(), operationOf(id), hooked.clock, '')
    }
  })

  for (const describeRoom of [
    ...[describeUsers, describeDecisions, describeApprovals, describeFiles, describeMessages],
    ...[describeRules, describeQuestions],
  ])
    describeRoom(answers, () => database)

  it('is kept where something fails that nobody has thought of', async () => {
    const broken = await World.create(database, { isStartedLater: true })
    let isOver = false
    broken.clock.monotonicMs = () => {
      if (isOver) throw new Error('no time left')
      return 0
    }
    await broken.start()
    isOver = true
    for (const { id, method } of OPERATIONS)
      await asker(answers, broken)(id, 'internal_error', method === 'post' ? { body: {} } : {})
  })

  it('has nothing that was not seen', () => {
    expect(described().filter((each) => !answers.seen.has(each))).toEqual([])
  })

  it('has no error code that no route has', () => {
    const named = new Set(described().map((each) => each.split(' ')[1]))
    expect(ERROR_CODES.filter((code) => !named.has(code))).toEqual([])
  })
})

const valuesFor = (id: string) => (id === 'undoSettings' ? { to: 0 } : { values: {} })
