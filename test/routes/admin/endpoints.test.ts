import fs from 'node:fs'
import path from 'node:path'

import { NOTICE_KINDS } from '../../../src/domain/notices'
import { NOTICE_EVENTS, WITHDRAWAL_EVENTS } from '../../../src/domain/outgoing'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { keyNamed } from '../../helpers/keys'
import {
  endpointAt,
  openReceiver,
  outbox,
  type Received,
  type Receiver,
  TELLING,
  verify,
} from '../../helpers/receiver'
import { World } from '../../helpers/world'
import { expectError } from '../support'
import { as, SEVERAL } from './two-operators'

/** Goal: who is told is data that operators change, and an address is no way into the network. Method: the routes, a real receiver. */
describe.each(DATABASE_KINDS)('an operator who says who is told, on %s', (kind) => {
  let database: TestDatabase
  let receiver: Receiver
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  beforeEach(async () => {
    receiver = await openReceiver()
  })
  afterEach(() => receiver.close())
  afterAll(() => database.close())

  const WISH = { audience: 'systems', name: 'ledger', url: 'https://example.com/hooks', reason: 'they asked' }

  it.each([
    ['http://example.com/hooks', 'url must begin with https://.'],
    ['https://127.0.0.1/hooks', 'url must not be this machine.'],
    ['http://localhost:8080/hooks', 'url must not be this machine.'],
    ['https://169.254.169.254/latest', 'url must name a host, not an address.'],
    ['https://[::1]/hooks', 'url must not be this machine.'],
    ['https://2130706433/hooks', 'url must not be this machine.'],
    ['https://user:word@example.com/', 'url must not hold a user name or password.'],
    ['https://example.com/?token=1', 'url must not hold a query or a fragment.'],
    ['ftp://example.com/', 'url must begin with https://.'],
    ['hooks', 'url is not a URL.'],
    ...['https://example.com//hooks', 'https://example.com/a|b', 'https://example.com/50%'].map(
      (url): [string, string] => [
        url,
        "url must have a path that begins with one / and holds letters, digits and -._~!$&'()*+,;=:@/, all else escaped.",
      ],
    ),
  ])('is refused %s, and nothing is saved', async (url, message) => {
    const world = await World.create(database, { config: { encryptionKeys: keyNamed('k1') } })
    expectError(await world.operate('/admin/endpoints', { ...WISH, url }), 'endpoint_refused', message)
    expectError(await world.operate('/admin/endpoints/try', { url }), 'endpoint_refused', message)
    expect((await world.see('/admin/endpoints')).body).toMatchObject({ data: [] })
  })

  it('reaches no private address by a name that stands for one', async () => {
    const world = await World.create(database, { config: { encryptionKeys: keyNamed('k1') } })
    const { port } = new URL(receiver.url)
    // Every resolver knows this one as the machine itself.
    const tried = await world.operate('/admin/endpoints/try', {
      url: `https://localhost.localdomain:${port}/`,
    })
    expect([tried.status, tried.body]).toEqual([
      200,
      { ok: false, message: expect.stringMatching(/^Nothing arrived: .*ENOTFOUND/) },
    ])
    expect(receiver.received).toEqual([])
  })

  it('is told what is wrong with a request, and nothing is saved', async () => {
    const world = await World.create(database, { config: TELLING })
    const wrong: [Record<string, unknown>, number][] = [
      [{ ...WISH, audience: 'everybody' }, 400],
      [{ ...WISH, name: '' }, 400],
      [{ ...WISH, url: 7 }, 400],
      [{ ...WISH, kinds: 'all' }, 400],
      [{ ...WISH, kinds: ['withdrawal.paid', 'withdrawal.paid'] }, 400],
      [{ ...WISH, kinds: ['withdrawal.eaten'] }, 422],
      [{ ...WISH, on: 'yes' }, 400],
      [{ ...WISH, reason: '' }, 400],
      [{ ...WISH, secret: 'mine' }, 400],
    ]
    for (const [body, status] of wrong)
      expect([body, (await world.operate('/admin/endpoints', body)).status]).toEqual([body, status])
    await world.operate('/admin/endpoints/no-such-one', { version: 1, on: false, reason: 'x' }).expect(404)
    await world.operate('/admin/endpoints/no-such-one/test', {}).expect(404)
    expect((await world.see('/admin/endpoints')).body).toMatchObject({ can_seal: true, data: [] })
    await world.see('/admin/deliveries?state=lost').expect(400)
    expectError(await world.see('/admin/deliveries/7'), 'delivery_not_found')
    const keyless = await World.create(database, { config: { privateEndpoints: true } })
    expectError(await keyless.operate('/admin/endpoints', WISH), 'endpoint_refused')
    await world.get('/admin/endpoints', 1).expect(403)
  })

  it('tries an address before and after it is saved, and hears of a redirect that it is not followed', async () => {
    const world = await World.create(database, { config: TELLING })
    const tried = await world.operate('/admin/endpoints/try', { url: receiver.url }).expect(200)
    expect(tried.body).toEqual({ ok: true, message: 'It answered 200: messages arrive there.' })
    const { id } = await endpointAt(world, receiver.url)
    receiver.answers = () => 307
    const test = await world.operate(`/admin/endpoints/${id}/test`, {}).expect(200)
    expect(test.body).toEqual({
      ok: false,
      message: 'Nothing arrived: it answered 307, and redirects are not followed.',
    })
    receiver.answers = () => null
    expect((await world.operate(`/admin/endpoints/${id}/test`, {}).expect(200)).body).toMatchObject({
      ok: false,
    })
    expect(receiver.received.map(({ type }) => type)).toEqual(Array(3).fill('endpoint.test'))
  })

  it('changes, switches off and removes one, each with a reason, and never reads a secret again', async () => {
    const world = await World.create(database, { config: TELLING })
    const { id, secret } = await endpointAt(world, receiver.url, { kinds: ['withdrawal.paid'] })
    await world.withdrawn(10)
    await outbox(world).run()
    expect(receiver.received.map(({ type }) => type)).toEqual(['withdrawal.paid'])

    const off = { version: 1, on: false, reason: 'they move' }
    await world.operate(`/admin/endpoints/${id}`, off).expect(200)
    expectError(await world.operate(`/admin/endpoints/${id}`, off), 'changed_meanwhile')
    await world.withdrawn(10)
    await outbox(world).run()
    await world.operate(`/admin/endpoints/${id}`, { version: 2, on: true, reason: 'moved' }).expect(200)
    const later = await world.withdrawn(12)
    await outbox(world).run()
    expect(receiver.received.slice(1).map(({ data }) => data.id)).toEqual([later.id])

    const listed = await world.see('/admin/endpoints').expect(200)
    expect(listed.text).not.toContain(secret)
    const rows = await database.query<{ row: string }>(
      `select t::text as row from bank_withdrawal.setting_secrets t union all
       select t::text from bank_withdrawal.endpoints t union all
       select t::text from bank_withdrawal.operator_actions t`,
    )
    expect(rows.map(({ row }) => row).join()).not.toContain(secret.slice('whsec_'.length))
    await world.operate(`/admin/endpoints/${id}/remove`, { version: 3, reason: 'gone' }).expect(200)
    expect((await world.see('/admin/endpoints')).body).toMatchObject({ data: [] })
    const { body } = await world.see(`/admin/endpoints/${id}/versions`).expect(200)
    expect((body as { data: { reason: string }[] }).data.map(({ reason }) => reason)).toEqual([
      'gone',
      'moved',
      'they move',
      'they asked',
    ])
    await world.operate(`/admin/endpoints/${id}/test`, {}).expect(404)
  })

  describe('where there are several operators', () => {
    const proposed = async (sent: ReturnType<ReturnType<typeof as>>) =>
      (await sent.expect(202)).body as { approval: Record<string, unknown> & { id: string }; secret?: string }
    /** One that two have made. */
    async function told(world: World): Promise<string> {
      const wish = { ...WISH, audience: 'operators', url: receiver.url }
      const { approval } = await proposed(as(world, 3)('/admin/endpoints', wish))
      await as(world, 4)(`/admin/approvals/${approval.id}/confirm`).expect(200)
      return String(approval.subject)
    }
    const several = () => World.create(database, { config: { ...TELLING, ...SEVERAL } })
    const listed = async (world: World) =>
      ((await world.see('/admin/endpoints').expect(200)).body as { data: Record<string, unknown>[] }).data

    it('nobody is told by the word of one, and the secret is the proposer’s before it counts', async () => {
      const world = await several()
      const wish = { ...WISH, audience: 'operators', url: receiver.url }
      const { approval, secret } = await proposed(as(world, 3)('/admin/endpoints', wish))
      expect(secret).toMatch(/^whsec_/)
      expect(approval).toMatchObject({
        ...{ action: 'endpoint.created', title: 'Tell somebody', subject_kind: 'endpoint', state: 'open' },
        content: { audience: 'operators', name: 'ledger', url: receiver.url, hears: 'everything', on: true },
      })
      expect(JSON.stringify(approval)).not.toContain(String(secret))
      expect(await listed(world)).toEqual([])
      expectError(await as(world, 3)(`/admin/approvals/${approval.id}/confirm`), 'own_proposal')
      await as(world, 4)(`/admin/approvals/${approval.id}/confirm`).expect(200)
      expect(await listed(world)).toMatchObject([
        { name: 'ledger', by: 'operator:4', reason: 'they asked (proposed by operator:3)' },
      ])
      await world.operate(`/admin/endpoints/${String(approval.subject)}/test`, {}).expect(200)
      expect(verify(world, String(secret), receiver.received[0] as Received)).toMatchObject({
        type: 'endpoint.test',
      })
    })

    it.each([
      ['swapped', '', { url: 'https://elsewhere.example/hooks' }, 'endpoint.changed'],
      ['switched off', '', { on: false }, 'endpoint.changed'],
      ['made to hear of something else', '', { kinds: ['float'] }, 'endpoint.changed'],
      ['given a secret that one knows', '/rotate', { keep_hours: 0 }, 'endpoint.secret_changed'],
      ['removed', '/remove', {}, 'endpoint.removed'],
    ])('one that hears the alarm is %s by two only', async (_what, path, change, action) => {
      const world = await several()
      const id = await told(world)
      const before = await listed(world)
      const ask = () => as(world, 3)(`/admin/endpoints/${id}${path}`, { version: 1, ...change })
      const { approval } = await proposed(ask())
      expect(approval).toMatchObject({ action, subject: id, state: 'open' })
      expectError(await ask(), 'already_proposed')
      expect(await listed(world)).toEqual(before)
      await as(world, 4)(`/admin/approvals/${approval.id}/confirm`).expect(200)
      const [after] = await listed(world)
      expect(after?.version).toBe(action === 'endpoint.removed' ? undefined : 2)
    })

    it('keeps the old secret signing until another has confirmed the new one, and as long as was said after it', async () => {
      const world = await several()
      const wish = { ...WISH, audience: 'operators', url: receiver.url }
      const made = await proposed(as(world, 3)('/admin/endpoints', wish))
      await as(world, 4)(`/admin/approvals/${made.approval.id}/confirm`).expect(200)
      const id = String(made.approval.subject)
      const next = await proposed(
        as(world, 3)(`/admin/endpoints/${id}/rotate`, { version: 1, keep_hours: 2 }),
      )
      const [old, fresh] = [String(made.secret), String(next.secret)]
      const believes = async () => {
        receiver.received.length = 0
        await world.operate(`/admin/endpoints/${id}/test`, {}).expect(200)
        const [message] = receiver.received as [Received]
        return [old, fresh].map((secret) => {
          try {
            return verify(world, secret, message) !== undefined
          } catch {
            return false
          }
        })
      }
      expect(await believes()).toEqual([true, false])
      await as(world, 4)(`/admin/approvals/${next.approval.id}/confirm`).expect(200)
      expect(await believes()).toEqual([true, true])
      await world.clock.advance(3 * 3_600_000)
      expect(await believes()).toEqual([false, true])
    })

    it('is proposed anew when it has changed meanwhile, refused where the address may not be, and nothing when refused', async () => {
      const world = await several()
      const id = await told(world)
      const first = await proposed(as(world, 3)(`/admin/endpoints/${id}`, { version: 1, on: false }))
      const other = await proposed(as(world, 3)(`/admin/endpoints/${id}/remove`, { version: 1 }))
      await as(world, 4)(`/admin/approvals/${other.approval.id}/refuse`).expect(200)
      expect(await listed(world)).toHaveLength(1)
      await as(world, 4)(`/admin/approvals/${first.approval.id}/confirm`).expect(200)
      const late = await proposed(as(world, 3)(`/admin/endpoints/${id}/remove`, { version: 2 }))
      const again = await proposed(as(world, 3)(`/admin/endpoints/${id}`, { version: 2, on: true }))
      await as(world, 4)(`/admin/approvals/${again.approval.id}/confirm`).expect(200)
      expectError(await as(world, 4)(`/admin/approvals/${late.approval.id}/confirm`), 'changed_meanwhile')
      expectError(
        await as(world, 3)(`/admin/endpoints/${id}`, { version: 3, url: 'ftp://x' }),
        'endpoint_refused',
      )
      expectError(await as(world, 3)(`/admin/endpoints/${id}`, { version: 1, on: true }), 'changed_meanwhile')
    })
  })
})

it('docs/webhooks.md has every event, every kind of notice, and what they mean', () => {
  const page = fs.readFileSync(path.join(__dirname, '../../../docs/webhooks.md'), 'utf8')
  for (const [name, meaning] of Object.entries(WITHDRAWAL_EVENTS))
    expect(page).toContain(`| \`${name}\` | ${meaning} |`)
  for (const name of [...Object.keys(NOTICE_EVENTS), ...NOTICE_KINDS])
    expect(page).toContain(`| \`${name}\` |`)
})
