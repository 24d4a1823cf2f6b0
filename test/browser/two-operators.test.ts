import fs from 'node:fs'

import type { Page } from 'playwright-core'

import { sandboxDefinition } from '../../src/providers/sandbox'
import { sepaDefinition } from '../../src/providers/sepa'
import { acmeBank } from '../helpers/acme-bank'
import { keyNamed } from '../helpers/keys'
import { World } from '../helpers/world'
import { booking } from '../providers/sepa/bank-documents'
import { OPTIONS } from '../providers/sepa/rig'
import { SEVERAL } from '../routes/admin/two-operators'
import { createStage, DESK, goTo } from './support'

/** Goal: what moves money or its rules takes two people, and both can do all of it in the desk. Method: two browsers, one journey. */
const stage = createStage()
const PAYEE = { account_holder: 'Jane Roe', iban: 'NL91ABNA0417164300' }

describe('two operators', () => {
  it('decide, exchange files with the bank, set the rules and the providers, and stop everything, each seeing what the other did', async () => {
    const world = await World.create(stage.database, {
      definitions: [sandboxDefinition, sepaDefinition, acmeBank()],
      defaults: {
        providers: 'sepa,sandbox',
        sepa_debtorName: OPTIONS.debtorName,
        sepa_debtorIban: OPTIONS.debtorIban,
        sepa_debtorBic: OPTIONS.debtorBic,
      },
      config: { ...SEVERAL, mode: 'batch', encryptionKeys: keyNamed('k') },
    })
    const { url } = await stage.serve(world)
    const [anna, ben] = await Promise.all([2, 3].map((id) => signedIn(url, world.token(id, 'admin'))))
    if (!anna || !ben) throw new Error('Nobody came.')

    const id = await aQuestion(world, anna, ben)
    await theBank(world, anna, ben, id)
    await thePolicy(world, anna, ben)
    await theProviders(world, anna, ben)
    await theStopSwitch(world, anna, ben)

    await goTo(anna.page, 'audit')
    for (const who of ['operator:2', 'operator:3'])
      await anna.page.getByText(who).locator('visible=true').first().waitFor()
    expect([...anna.complaints, ...ben.complaints]).toEqual([])
  })
})

type Operator = Awaited<ReturnType<typeof stage.visit>>

async function signedIn(url: string, token: string): Promise<Operator> {
  const here = await stage.visit()
  await here.page.goto(`${url}${DESK}`)
  await here.page.getByLabel('Operator’s token').fill(token)
  await here.page.keyboard.press('Enter')
  await here.page.getByRole('heading', { name: 'What needs you now' }).waitFor()
  return here
}

/** Says why in the dialog that is open, and does it. */
async function because(page: Page, verb: string | RegExp, reason: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Reason').fill(reason)
  await dialog.getByRole('button', { name: verb }).click()
  await dialog.waitFor({ state: 'detached' })
}

/** As before, where the dialog then says that another has to confirm it. */
async function proposes(page: Page, verb: string, reason: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Reason').fill(reason)
  await dialog.getByRole('button', { name: verb }).click()
  await dialog.getByText('Nothing has changed yet.').waitFor()
  await dialog.getByRole('button', { name: 'Close' }).click()
}

/** The second of two finds under Control what the first has proposed. */
async function confirms({ page }: Operator, proposed: string): Promise<void> {
  await goTo(page, '')
  await goTo(page, 'control')
  await page.getByRole('heading', { name: proposed }).waitFor()
  await page.getByRole('button', { name: 'Confirm', exact: true }).click()
  await because(page, /^Confirm: /, 'seen, too')
  await page.getByText('Nothing is proposed.').waitFor()
}

/** A withdrawal above the ceiling that one holds: both let it go on. @returns Its id. */
async function aQuestion(world: World, anna: Operator, ben: Operator): Promise<string> {
  const { body } = await world.withdraw(150, { bank_account: PAYEE }).expect(200)
  const id = String(body.id)
  await goTo(anna.page, `withdrawals/${id}`)
  await anna.page.getByRole('button', { name: 'Hold it', exact: true }).click()
  await because(anna.page, 'Hold it', 'the payee is new')
  await anna.page.getByRole('button', { name: 'Let it go on', exact: true }).click()
  await because(anna.page, 'Propose: Let it go on', 'the customer has sent the papers')
  await anna.page.getByText('Proposed by operator 2 at').waitFor()
  expect((await world.row(id)).state).toBe('in_review')
  await confirms(ben, 'Let it go on')
  expect((await world.row(id)).state).toBe('ready')
  return id
}

/** The batch's file goes down, the bank's statement goes up, and counts once both have seen it. */
async function theBank(world: World, anna: Operator, ben: Operator, id: string): Promise<void> {
  await world.engine.batches.run()
  await goTo(anna.page, 'files')
  await anna.page.getByRole('button', { name: /^Download / }).click()
  const [download] = await Promise.all([
    anna.page.waitForEvent('download'),
    anna.page.getByRole('dialog').getByRole('button', { name: 'Download' }).click(),
  ])
  const { endToEndId } = await world.row(id)
  expect(fs.readFileSync(await download.path(), 'utf8')).toContain(endToEndId)
  await anna.page.locator('dialog').waitFor({ state: 'detached' })

  const buffer = Buffer.from(booking(endToEndId, '150.00'))
  await anna.page
    .getByLabel('File of the bank’s')
    .setInputFiles({ name: 'statement.xml', mimeType: 'application/xml', buffer })
  await anna.page.getByLabel('Where it is from').fill('from the portal of the bank')
  await anna.page.getByRole('button', { name: 'Hand in' }).click()
  await anna.page.getByText('counts when another operator has confirmed it').waitFor()
  await world.runToRest(0)
  expect((await world.row(id)).state).toBe('submitted')
  await confirms(ben, 'Take in a file of the bank’s')
  await world.engine.watch.run()
  await world.runToRest(0)
  expect((await world.row(id)).state).toBe('processed')
}

/** Ben wants two approvers above 500; tried on the past, proposed, and confirmed by Anna. */
async function thePolicy(world: World, anna: Operator, ben: Operator): Promise<void> {
  const { page } = ben
  await goTo(page, 'policy')
  await page.getByRole('button', { name: 'Add a rule: Approval' }).click()
  const rule = page.getByRole('group', { name: 'Approval, rule 1' })
  await rule.getByLabel('Currency').fill('eur')
  await rule.getByLabel('Above').fill('120')
  await page.getByRole('button', { name: 'Try it on the last 90 days' }).click()
  await page.getByText('refused 0 and held 1').waitFor()
  await page.getByRole('button', { name: 'Propose the change' }).click()
  await proposes(page, 'Propose it', 'after the audit')
  const held = async () => (await world.withdrawn(130)).state === 'in_review'
  expect(await held()).toBe(false)
  await confirms(anna, 'Change the policy')
  expect(await held()).toBe(true)
}

/** One is switched on, tried and saved; another paused by one, and resumed by two. */
async function theProviders(world: World, anna: Operator, ben: Operator): Promise<void> {
  const { page } = anna
  await goTo(page, 'settings')
  await page.getByLabel('Providers', { exact: true }).fill('acme, sandbox')
  const acme = page.getByRole('region', { name: 'Acme Bank' })
  await acme.getByText('How it is reached').click()
  await acme.getByLabel('Account', { exact: true }).fill('A1')
  await acme.getByLabel('Secret', { exact: true }).fill('right-secret')
  await page.getByRole('button', { name: 'Try them' }).click()
  await page.getByText('It answers, and takes these settings.').waitFor()
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await proposes(page, 'Save the settings', 'our first bank with an API')
  await confirms(ben, 'Change the settings')
  expect((await world.withdrawn(10)).provider).toBe('acme')

  await goTo(ben.page, '')
  await ben.page.getByRole('button', { name: 'Refresh' }).click()
  await ben.page.getByRole('button', { name: 'Pause acme' }).click()
  await because(ben.page, 'Pause', 'its status page is red')
  await ben.page.getByRole('button', { name: 'Resume acme' }).click()
  await proposes(ben.page, 'Resume', 'it is green again')
  const isPaused = async () =>
    (await world.engine.store.readProviderStates()).some(
      ({ provider, isPaused }) => provider === 'acme' && isPaused,
    )
  expect(await isPaused()).toBe(true)
  await confirms(anna, 'Resume the provider')
  expect(await isPaused()).toBe(false)
}

/** One stops everything, alone; going on takes both. */
async function theStopSwitch(world: World, anna: Operator, ben: Operator): Promise<void> {
  await goTo(anna.page, 'control')
  await anna.page.getByRole('button', { name: 'Stop everything' }).click()
  await anna.page.getByLabel('What users read').fill('Back at noon.')
  await because(anna.page, 'Stop everything', 'a payee called')
  expect((await world.withdraw(10)).body).toMatchObject({ message: 'Back at noon.' })
  await anna.page.getByRole('button', { name: 'Let everything go on' }).click()
  await proposes(anna.page, 'Let everything go on', 'it was a mistake')
  expect((await world.withdraw(10)).body).toMatchObject({ message: 'Back at noon.' })
  await confirms(ben, 'Let everything go on')
  await world.withdraw(10).expect(200)
}
