import { takeOver } from '../../src/app/take-over'
import { createSettingsStore } from '../../src/db/settings-versions'
import { type KitPluginSettings, readPluginSettings } from '../../src/kit/plugin/plugin-settings'
import { PROVIDERS } from '../../src/providers/registry'
import { createSettingSecrets } from '../../src/services/settings/secrets'
import { layered } from '../../src/settings/desk'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { keyNamed, keyOf } from '../helpers/keys'
import { recordingLogger } from '../helpers/loggers'
import { testRandomness } from '../helpers/test-clock'

/**
 * Goal: an upgrade from a version with all its settings in a kit's form changes nothing that was set, whenever keys come.
 * Method: one start after the other on the same table of versions, and what counts after each.
 */
const ENVIRONMENT = { DB_HOST: 'db', DB_NAME: 'kit', DB_USERNAME: 'admin' }
const PAYPAL = { paypal_client_id: 'id-1', paypal_client_secret: 'canary-secret', paypal_webhook_id: 'WH1' }
const FORM = {
  ...PAYPAL,
  providers: 'paypal',
  fee_mode: 'deducted',
  flagged_users: 'refuse',
  wait_ms: '1000',
}
const WITH_KEY = { ...FORM, encryption_keys: keyNamed('k') }

let database: TestDatabase
const random = testRandomness()
let logger = recordingLogger()
beforeAll(async () => {
  database = await openTestDatabase('PGlite')
})
afterAll(() => database.close())
beforeEach(async () => {
  await database.reset()
  logger = recordingLogger()
})

const partsOf = (settings: KitPluginSettings) => {
  const store = createSettingsStore(database)
  const keys = settings.config.encryptionKeys === undefined ? [] : [keyOf('k')]
  return { store, secrets: createSettingSecrets({ store, keys, random }) }
}

/** As a thread begins with this form. @returns What counts then, secrets in clear. */
async function started(meta: Readonly<Record<string, unknown>>): Promise<Readonly<Record<string, unknown>>> {
  const settings = readPluginSettings(meta, {}, ENVIRONMENT)
  const { earlier, defaults } = settings
  const { store, secrets } = partsOf(settings)
  const sources = { ...{ fixed: {}, defaults: () => defaults, providers: null }, definitions: PROVIDERS }
  await takeOver(
    { ...earlier, actor: 'kit', reason: 'taken over' },
    { store, secrets, sources: { ...sources, refusals: () => [] }, logger },
  )
  const [latest] = await store.list({ limit: 1 })
  const { values, lost } = await secrets.open(latest?.given ?? {})
  expect(lost).toEqual([])
  return layered({ fixed: {}, stored: values, defaults })
}

/** As an operator saves it in the desk. */
async function saved(changes: Record<string, string>): Promise<void> {
  const store = createSettingsStore(database)
  const [latest] = await store.list({ limit: 1 })
  const given = { ...latest?.given, ...changes }
  const version = { madeFrom: latest?.version ?? 0, given, undoneTo: null, changed: Object.keys(changes) }
  expect(await store.save({ ...version, actor: 'operator:2', reason: 'r' })).not.toBeNull()
}
const versions = async () =>
  (await createSettingsStore(database).list({ limit: 50 })).map(({ actor }) => actor)

const OLD = {
  ...{ providers: 'paypal', paypal_clientId: 'id-1', paypal_clientSecret: 'canary-secret' },
  ...{ paypal_webhookId: 'WH1', feeMode: 'deducted', flaggedUsers: 'refuse', waitMs: '1000' },
}

it('with a key all of it is the first version, and what stands in the form counts for nothing afterwards', async () => {
  expect(await started(WITH_KEY)).toMatchObject(OLD)
  expect(await started({ ...WITH_KEY, fee_mode: 'on_top' })).toMatchObject(OLD)
  expect(await versions()).toEqual(['kit'])
})

it('without a key it counts on, and what the desk says counts before it', async () => {
  expect(await started(FORM)).toMatchObject(OLD)
  await saved({ waitMs: '500' })
  expect(await started(FORM)).toMatchObject({ ...OLD, waitMs: '500' })
})

it('what had to wait for a key still counts when there is one, though the desk was used meanwhile', async () => {
  await started(FORM)
  await saved({ waitMs: '500' })
  expect(await started(WITH_KEY)).toMatchObject({ ...OLD, waitMs: '500' })
  expect(await started({ encryption_keys: keyNamed('k') })).toMatchObject({ ...OLD, waitMs: '500' })
})

it('a version that the desk made while all of it was still left in the form has it below', async () => {
  await saved({ waitMs: '500' })
  expect(await started(FORM)).toMatchObject({ ...OLD, waitMs: '500' })
  expect(await started(WITH_KEY)).toMatchObject({ ...OLD, waitMs: '500' })
  expect(await versions()).toEqual(['kit', 'kit', 'operator:2'])
})

it('what an operator took away is not brought back from the form', async () => {
  await started(FORM)
  const store = createSettingsStore(database)
  const [latest] = await store.list({ limit: 1 })
  const { feeMode: _feeMode, ...given } = latest?.given ?? {}
  const version = {
    madeFrom: 1,
    given,
    undoneTo: null,
    changed: ['feeMode'],
    actor: 'operator:2',
    reason: 'r',
  }
  await store.save(version)
  expect(await started(WITH_KEY)).not.toHaveProperty('feeMode')
  await store.save({ ...version, madeFrom: 3, given: {} })
  expect(await started(WITH_KEY)).not.toHaveProperty('paypal_clientSecret')
})

it('where nobody can tell whether it ever counted it stays out, and the log names what does', async () => {
  await saved({ waitMs: '500', providers: '' })
  expect(await started(WITH_KEY)).not.toHaveProperty('feeMode')
  expect(await versions()).toEqual(['operator:2'])
  const [line] = logger.lines.filter(({ event }) => event === 'settings.left_in_form')
  expect(line?.fields.settings).toEqual(expect.arrayContaining(['feeMode', 'paypal_clientSecret']))
  expect(JSON.stringify(logger.lines)).not.toContain('canary')
})
