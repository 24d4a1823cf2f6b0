import { sandboxDefinition } from '../../../src/providers/sandbox'
import { acmeBank, type AcmeSeen } from '../../helpers/acme-bank'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'
import { keyNamed } from '../../helpers/keys'
import { recordingLogger } from '../../helpers/loggers'
import { World, type WorldOptions } from '../../helpers/world'
import { expectError } from '../support'
import { as } from './two-operators'

/**
 * Goal: what operators set counts from the moment it is saved, and nobody sets what cannot work, what is fixed, or what
 * they have not seen. Method: a sandbox and a bank whose health is a matter of its secret.
 */
const SECRET = 'right-secret'
interface Shown {
  readonly groups: readonly {
    readonly key: string
    readonly settings: readonly { readonly name: string }[]
  }[]
}
const messagesOf = ({ body }: { body: unknown }): readonly string[] =>
  (body as { errors: { msg: string }[] }).errors.map(({ msg }) => msg)
const ON = { providers: 'acme', acme_account: 'A1', acme_secret: SECRET }

describe.each(DATABASE_KINDS)('Settings in the desk, on %s,', (kind) => {
  let database: TestDatabase
  let seen: AcmeSeen
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  afterAll(() => database.close())

  const started = async (options: WorldOptions = {}): Promise<World> => {
    seen = { events: [] }
    return World.create(database, {
      definitions: [sandboxDefinition, acmeBank(seen)],
      ...options,
      config: { encryptionKeys: keyNamed('k'), ...options.config },
    })
  }
  const save = (world: World, values: object, more: object = {}, userId = 2) =>
    as(world, userId)('/admin/settings', { version: 0, values, ...more })
  const look = async (world: World) => (await world.see('/admin/settings').expect(200)).body as Shown
  const settingIn = async (world: World, name: string) =>
    (await look(world)).groups.flatMap(({ settings }) => settings).find((setting) => setting.name === name)

  it('are shown in groups, with what each means, its default, its unit and where it comes from', async () => {
    const world = await started()
    const shown = await look(world)
    expect(shown).toMatchObject({
      version: 0,
      effective: 0,
      problems: [],
      needs_second: false,
      can_seal: true,
    })
    expect(shown.groups.map(({ key }) => key)).toEqual([
      ...['first', 'money', 'provider:sandbox', 'provider:acme', 'privacy', 'timing', 'rare'],
    ])
    expect(shown.groups[2]).toMatchObject({ title: 'Sandbox (pays nobody)', provider: 'sandbox', on: true })
    expect(shown.groups[4]).toMatchObject({ key: 'privacy', expert: false })
    expect(shown.groups[5]).toMatchObject({ key: 'timing', expert: true })
    expect(await settingIn(world, 'quietSeconds')).toEqual({
      name: 'quietSeconds',
      doc: expect.stringMatching(/unsafe/),
      shape: { kind: 'integer', min: 1, max: 3_600 },
      unit: 'seconds',
      value: '',
      default: '120',
      set: false,
      source: 'default',
    })
    expect(await settingIn(world, 'waitMs')).toMatchObject({
      value: '0',
      source: 'fixed',
      fixed_as: 'waitMs',
    })
    expect(await settingIn(world, 'providers')).toMatchObject({ default: 'sandbox', source: 'default' })
    expect(await settingIn(world, 'encryptionKeys')).toBeUndefined()
    expect(shown).toHaveProperty('plans', [
      {
        ...{ provider: 'sandbox', mode: 'immediate', schedule: '*/5 * * * *', timezone: 'UTC' },
        next_runs: ['05', '10', '15', '20', '25'].map((minute) => `2026-01-05T09:${minute}:00.000Z`),
      },
    ])
  })

  it('are in effect as soon as they are saved: the next withdrawal goes to the new provider', async () => {
    const world = await started()
    const before = await world.withdrawn(10)
    const saved = await save(world, ON, { reason: 'we have a bank' }).expect(200)
    expect(saved.body).toMatchObject({ version: 1, by: 'operator:2', reason: 'we have a bank' })
    const after = await world.withdrawn(10)

    expect([before.provider, after.provider]).toEqual(['sandbox', 'acme'])
    expect((await world.row(after.id)).state).toBe('processed')
    expect(await look(world)).toMatchObject({ version: 1, effective: 1, by: 'operator:2' })
    expect(seen.events).toEqual(['open A1', 'close A1', 'open A1'])
  })

  it('say how long what names people is kept, which is for good or for a month at least', async () => {
    const world = await started()
    expect(await settingIn(world, 'detailsKeptDays')).toMatchObject({ default: '0', unit: 'days' })
    expectError(await save(world, { detailsKeptDays: 29 }), 'invalid_request')
    await save(world, { detailsKeptDays: 400 }).expect(200)
    expect(await settingIn(world, 'detailsKeptDays')).toMatchObject({ value: '400', source: 'desk' })
  })

  it('leave what is in flight with its provider, for as long as that is off', async () => {
    const world = await started()
    const { id } = await world.withdrawn('10.02')
    expect(await world.row(id)).toMatchObject({ state: 'submitted', provider: 'sandbox' })
    await save(world, ON).expect(200)
    await world.runToRest(60_000)
    expect(await world.row(id)).toMatchObject({ state: 'submitted', provider: 'sandbox' })

    await save(world, { providers: 'acme, sandbox' }, { version: 1 }).expect(200)
    await world.runToRest(120_000)
    expect(await world.row(id)).toMatchObject({ provider: 'sandbox', state: 'processed' })
  })

  it('keep the account that pays while a withdrawal may be with its provider: through another one it would not be found', async () => {
    const world = await started()
    await save(world, ON).expect(200)
    const { id } = await world.withdrawn('10.02')
    expect(await world.row(id)).toMatchObject({ state: 'submitted', provider: 'acme' })
    const other = { acme_account: 'A2' }
    const refused = await save(world, other, { version: 1 })
    expectError(refused, 'invalid_request')
    expect(messagesOf(refused)).toEqual([
      expect.stringMatching(
        /^acme_account cannot be another while 1 withdrawal may be with acme.*a second time/,
      ),
    ])
    const tried = await world.operate('/admin/settings/try', { version: 1, values: other })
    expect(tried.body).toMatchObject({ ok: false, problems: [{ name: 'acme_account' }] })
    const undone = { version: 1, to: 0, reason: 'the other bank' }
    expectError(await as(world, 2)('/admin/settings/undo', undone), 'invalid_request')
    await save(world, { acme_timeoutMs: '4000', acme_account: ' A1 ' }, { version: 1 }).expect(200)

    await world.runToRest(120_000)
    expect(await world.row(id)).toMatchObject({ state: 'processed' })
    await save(world, other, { version: 2 }).expect(200)
    expect((await world.withdrawn(10)).provider).toBe('acme')
  })

  it('keep a secret to themselves: not in an answer, a log, a proposal, or the database in clear', async () => {
    const logger = recordingLogger()
    const world = await started({ logger })
    await save(world, ON).expect(200)
    await save(world, { acme_secret: 'wrong-secret' }, { version: 1, untried: true }).expect(200)
    const setting = await settingIn(world, 'acme_secret')
    const versions = (await world.see('/admin/settings/versions').expect(200)).body
    const stored = await database.query(
      `select (select jsonb_agg(s) from bank_withdrawal.settings s) as a,
              (select jsonb_agg(s) from bank_withdrawal.setting_secrets s) as b,
              (select jsonb_agg(s) from bank_withdrawal.operator_actions s) as c`,
    )

    expect(setting).toEqual(expect.objectContaining({ secret: true, set: true, source: 'desk' }))
    expect(setting).not.toHaveProperty('value')
    expect(versions.data[0].changes).toEqual([
      { name: 'acme_secret', from: '(set)', to: '(set)', secret: true },
    ])
    for (const shown of [setting, versions, stored, logger.lines])
      expect(JSON.stringify(shown)).not.toMatch(/right-secret|wrong-secret/)
  })

  it('do not take a secret that could not be sealed', async () => {
    const world = await started({ config: { encryptionKeys: '' } })
    const refused = await save(world, ON)
    expectError(refused, 'invalid_request')
    expect(refused.body.message).toMatch(/acme_secret is a secret.*encryptionKeys/)
    expect(refused.body.message).not.toContain(SECRET)
    expect(await look(world)).toMatchObject({ can_seal: false })
  })

  it('are tried before they are saved, and a provider that says no is saved only by who insists', async () => {
    const world = await started()
    const wrong = { ...ON, acme_secret: 'wrong-secret' }
    const tried = await world.operate('/admin/settings/try', { version: 0, values: wrong }).expect(200)
    expect(tried.body).toMatchObject({
      ok: false,
      problems: [],
      trials: [{ provider: 'acme', ok: false, message: 'Acme does not know this secret.' }],
      plans: [{ provider: 'acme' }],
    })
    expectError(await save(world, wrong), 'settings_not_working', 'acme: Acme does not know this secret.')
    expect(await look(world)).toMatchObject({ version: 0 })
    expect(await database.query('select 1 from bank_withdrawal.setting_secrets')).toEqual([])

    await save(world, wrong, { untried: true }).expect(200)
    expect(await look(world)).toMatchObject({ version: 1, effective: 1 })
  })

  it('name everything that is wrong with them at once, and change nothing', async () => {
    const world = await started()
    const values = {
      ...{ quietSeconds: 'soon', feeMode: 'free', waitMs: 5, encryptionKeys: 'x', nonsense: 1 },
      ...{ providers: 'acme', mode: { a: 1 } },
    }
    const refused = await save(world, values)
    expectError(refused, 'invalid_request')
    expect(messagesOf(refused)).toEqual([
      'quietSeconds must be a whole number from 1 to 3600',
      'feeMode must be one of on_top, deducted',
      'waitMs is fixed where the program is started, as waitMs',
      'encryptionKeys is not a setting of the desk',
      'nonsense is not a setting of the desk',
      'mode must be a text, a number, true or false',
      'acme: the account of provider acme is required',
      'acme: the secret of provider acme is required',
    ])
    expectError(await save(world, { leaseSeconds: 10 }), 'invalid_request')
    expectError(await save(world, {}), 'invalid_request', 'Nothing is another than before.')
    expectError(await save(world, { mode: 'batch' }, { reason: '' }), 'invalid_request')
    expectError(await save(world, { mode: 'batch' }, { version: 'x' }), 'invalid_request')
    expectError(await save(world, { mode: 'batch' }, { why: 1 }), 'invalid_request')
    expectError(await as(world, 2)('/admin/settings', { version: 0, values: [] }), 'invalid_request')
    expect(await database.query('select 1 from bank_withdrawal.settings')).toEqual([])
  })

  it('are saved from what was seen: of two at once one is told to look again', async () => {
    const world = await started()
    const answers = await Promise.all([
      save(world, { statementText: 'one' }, {}, 2),
      save(world, { statementText: 'two' }, {}, 3),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
    const refused = answers.find(({ status }) => status === 409)
    if (refused) expectError(refused, 'changed_meanwhile')
    expect(await look(world)).toMatchObject({ version: 1 })
  })

  it('do not let anybody lock themselves out', async () => {
    const world = await started()
    const refused = await save(world, { operatorRoles: 'treasurer' })
    expectError(refused, 'invalid_request')
    expect(refused.body.message).toMatch(/keep you yourself out/)
  })

  it('are undone by one word, secrets too, and every version stays', async () => {
    const world = await started()
    await save(world, ON).expect(200)
    await save(
      world,
      { acme_account: 'B2', acme_secret: 'other-secret' },
      { version: 1, untried: true },
    ).expect(200)
    const undo = (body: object) => as(world, 2)('/admin/settings/undo', body as Record<string, unknown>)
    expectError(await undo({ version: 1, to: 0 }), 'changed_meanwhile')
    expectError(await undo({ version: 2, to: 2 }), 'invalid_request')
    await undo({ version: 2, to: 1, reason: 'the old account after all' }).expect(200)

    expect(await settingIn(world, 'acme_account')).toMatchObject({ value: 'A1' })
    expect((await world.withdrawn(10)).state).toBe('processed')
    const { body } = await world.see('/admin/settings/versions?limit=2').expect(200)
    expect(body.data).toMatchObject([
      {
        ...{ version: 3, undone_to: 1, reason: 'the old account after all', by: 'operator:2' },
        changes: [
          { name: 'acme_account', from: 'B2', to: 'A1' },
          { name: 'acme_secret', secret: true },
        ],
      },
      { version: 2 },
    ])
    await undo({ version: 3, to: 0 }).expect(200)
    expect(await settingIn(world, 'providers')).toMatchObject({ source: 'default', set: false })
    expect((await world.withdrawn(10)).provider).toBe('sandbox')
    await expect(database.query('delete from bank_withdrawal.settings')).rejects.toThrow(/stay as they were/)
  })

  it('wait for another operator where there are several, and then are what the first has typed', async () => {
    const world = await started({ config: { operators: 'several' } })
    const proposed = await save(world, ON, { reason: 'a bank' }).expect(202)
    expect(proposed.body.approval).toMatchObject({
      ...{ action: 'settings.change', subject: 'settings', asked_by: 'operator:2' },
      content: {
        changes: [
          { name: 'acme_account', to: 'A1' },
          { name: 'acme_secret', to: '(set)', secret: true },
          { name: 'providers', to: 'acme' },
        ],
      },
    })
    expect(JSON.stringify(proposed.body)).not.toContain(SECRET)
    expect(await look(world)).toMatchObject({ version: 0, needs_second: true })
    const confirm = (userId: number, id: string) => as(world, userId)(`/admin/approvals/${id}/confirm`)
    const { id } = proposed.body.approval
    expectError(await confirm(2, id), 'own_proposal')
    await confirm(3, id).expect(200)

    expect(await look(world)).toMatchObject({ version: 1, by: 'operator:3' })
    expect((await world.withdrawn(10)).provider).toBe('acme')
    const [one, other] = [
      await save(world, { statementText: 'one' }, { version: 1 }).expect(202),
      await as(world, 3)('/admin/settings/undo', { version: 1, to: 0 }).expect(202),
    ]
    await confirm(2, other.body.approval.id).expect(200)
    expectError(await confirm(3, one.body.approval.id), 'changed_meanwhile')
    expect(await look(world)).toMatchObject({ version: 2 })
  })

  it('are for operators: who may only look sees them, and users do not', async () => {
    const world = await started({ config: { viewerRoles: 'support' } })
    await world.get('/admin/settings').expect(403)
    await world.post({ version: 0, values: {}, reason: 'x' }, { path: '/admin/settings' }).expect(403)
  })

  it('that were saved and cannot work any more keep nobody from starting: the last good ones count, loudly', async () => {
    const world = await started()
    await save(world, ON).expect(200)
    await database.query(
      `insert into bank_withdrawal.settings (version, given, actor, reason, at)
       values (2, '{"providers": "gone-bank", "leaseSeconds": "soon"}', 'operator:9', 'by hand', now())`,
    )
    await world.settled()

    expect(await look(world)).toMatchObject({
      ...{ version: 2, effective: 1 },
      problems: [
        expect.stringMatching(/^version 2 of the settings is not in effect: leaseSeconds must be/),
        expect.stringMatching(/providers must be/),
      ],
    })
    expect((await world.see('/health').expect(200)).body.details).toEqual(
      expect.arrayContaining([expect.stringMatching(/^version 2 of the settings is not in effect/)]),
    )
    expect((await world.withdrawn(10)).provider).toBe('acme')
    await save(
      world,
      { providers: 'sandbox', leaseSeconds: null, acme_account: null },
      { version: 2 },
    ).expect(200)
    expect(await look(world)).toMatchObject({ version: 3, effective: 3, problems: [] })
  })

  it('never fall back to a provider that pays nobody, where the latest pay through another one', async () => {
    const logger = recordingLogger()
    const world = await started({ defaults: { providers: '' }, logger })
    await save(world, { providers: 'sandbox' }).expect(200)
    expect((await world.withdrawn(10)).state).toBe('processed')
    await save(world, { ...ON }, { version: 1 }).expect(200)
    // As where the key it was sealed with is not there any more.
    await database.query(`update bank_withdrawal.setting_secrets set sealed = 'lost:x'`)
    await world.settled()

    expect(world.app.providers()).toEqual([])
    expectError(await world.withdraw(10), 'unsupported_currency')
    expect(await world.balance()).toEqual({ available: 9_990, locked: 0 })
    expect((await look(world)) as object).toMatchObject({
      ...{ version: 2, effective: 0 },
      problems: expect.arrayContaining([expect.stringMatching(/acme_secret cannot be opened/)]),
    })
    expect(logger.lines).toContainEqual(
      expect.objectContaining({
        event: 'settings.not_fallen_back',
        fields: expect.objectContaining({ to: 1 }),
      }),
    )
  })

  it('fall back to it where the latest pay nobody either', async () => {
    const world = await started({ defaults: { providers: '' } })
    await save(world, { providers: 'sandbox' }).expect(200)
    await database.query(
      `insert into bank_withdrawal.settings (version, given, actor, reason, at)
       values (2, '{"providers": "sandbox", "leaseSeconds": "soon"}', 'operator:9', 'by hand', now())`,
    )
    await world.settled()
    expect(await look(world)).toMatchObject({ version: 2, effective: 1 })
    expect((await world.withdrawn(10)).provider).toBe('sandbox')
  })

  it('with no provider on let nobody withdraw, and say so to operators', async () => {
    const world = await started({ defaults: { providers: '' } })
    const { body } = await world.see('/health').expect(200)
    expect(body.details).toEqual(
      expect.arrayContaining([expect.stringMatching(/^no provider is switched on: nobody can withdraw/)]),
    )
    expectError(await world.withdraw(10), 'unsupported_currency')
    expect(await world.rows()).toEqual([])
    await save(world, { providers: 'sandbox' }).expect(200)
    expect((await world.withdrawn(10)).state).toBe('processed')
  })

  it('whose provider pays nobody tell operators so, for as long as it is on', async () => {
    const world = await started()
    const concerns = async () => String((await world.see('/health').expect(200)).body.details)
    expect(await concerns()).toContain('sandbox pays nobody: withdrawals are settled')
    await save(world, { ...ON }).expect(200)
    expect(await concerns()).not.toContain('pays nobody')
  })
})
