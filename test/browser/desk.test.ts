import fs from 'node:fs'

import type { Page } from 'playwright-core'

import { readDeskPage } from '../../src/app/desk-page'
import { createFloatStore } from '../../src/db/float'
import { sepaProvider } from '../../src/providers/sepa'
import { between } from '../helpers/between'
import { BASE, World, type WorldOptions } from '../helpers/world'
import { booking } from '../providers/sepa/bank-documents'
import { OPTIONS } from '../providers/sepa/rig'
import { SEVERAL } from '../routes/admin/two-operators'
import { DEFERRED } from '../routes/support'
import { createStage, DESK, enter, focused, goTo, scrollsSideways, violationsOf } from './support'

/**
 * Goal: a person can see what is asked of them and decide it, with a mouse, with a keyboard alone, on a phone and in the
 * dark, in a host of our own and in a kit's panel. Method: a real browser against the whole plugin.
 */
const HOUR_MS = 3_600_000
/** The sandbox's bank waits for its account to be filled; more than one operator may let go alone. */
const DEFERRED_ABOVE = '1000.04'
const EVIL = '<img src=x onerror=alert(1)>'
/** What a person pastes has no place to break at, and comes from a bank as well. */
const ENDLESS = `https://bank.example/${'x'.repeat(260)}`

const stage = createStage()

/** Two contradicting answers of the bank have frozen one, and one waits for its account to be filled. */
async function asking(): Promise<{ world: World; frozen: string; waiting: string }> {
  const world = await World.create(stage.database, {
    around: {
      provider: between({
        submit: (call, times) =>
          times === 1
            ? Promise.resolve({ kind: 'settled', reference: 'R1', transactionId: 'T1', amount: '9' })
            : call(),
      }),
    },
  })
  const { body } = await world.withdraw(10, {
    bank_account: { iban: 'DE89370400440532013000', account_holder: EVIL },
  })
  await world.runToRest(HOUR_MS)
  const { id: waiting } = await world.withdrawn(DEFERRED)
  await world.operate(`/admin/withdrawals/${waiting}/hold`, { reason: EVIL }).expect(200)
  return { world, frozen: String(body.id), waiting }
}

/** People write much where they are asked for a reason. */
async function verbose(world: World): Promise<void> {
  const reason = `${EVIL} ${ENDLESS}`
  const entered = { provider: 'sandbox', currency: 'eur', available: '123456789012.34', reason }
  await world.operate('/admin/float', entered).expect(200)
  await world.operate('/admin/providers/sandbox/pause', { reason, version: 0 }).expect(200)
  await world.operate('/admin/stop', { reason, message: ENDLESS, version: 0 }).expect(200)
}

/** What lies over its neighbours: nothing in a card is wider than the card, but where it is scrolled. */
const stickOut = (page: Page): Promise<string[]> =>
  page.evaluate(`[...document.querySelectorAll('.card :not(.table *)')]
    .filter((at) => at.getBoundingClientRect().right > at.closest('.card').getBoundingClientRect().right + 1)
    .map((at) => at.outerHTML.slice(0, 80))`)

/** Columns that one has to scroll to, where there is room for all. */
const hasHiddenColumns = (page: Page): Promise<boolean> =>
  page.evaluate(
    `[...document.querySelectorAll('.table')].some(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth)`,
  )

async function open(world: World, options: Parameters<typeof stage.visit>[0] = {}) {
  const listener = await stage.serve(world)
  const here = await stage.visit(options)
  await enter(here.page, listener.url)
  return { ...here, listener }
}

const PAGES = [
  '',
  'withdrawals',
  'batches',
  'float',
  'differences',
  'books',
  'files',
  'policy',
  'notices',
  'audit',
  'control',
  'settings',
]

describe('a person at the desk', () => {
  it('sees a question, reads what each answer does to the money, and decides', async () => {
    const { world, frozen } = await asking()
    const { page, complaints } = await open(world)
    await page.getByRole('heading', { name: '2 questions' }).waitFor()
    await page.getByRole('link', { name: 'Another amount than ours' }).click()
    await page.getByText('The bank tells of another amount').waitFor()

    await page.getByRole('button', { name: 'It was paid', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'It was paid' })
    await dialog.getByText('Is made final: the user gives the money for the payout.').waitFor()
    await dialog.getByLabel('Reason').fill('on the statement of today')
    await dialog.getByLabel('The bank’s transaction id').fill('E2E-77')
    await dialog.getByRole('button', { name: 'It was paid' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByText('A person resolved the contradiction.').waitFor()

    expect(await world.row(frozen)).toMatchObject({ state: 'settling', providerTransactionId: 'E2E-77' })
    await world.runToRest()
    await page.getByRole('button', { name: 'Refresh' }).click()
    await page.getByText('The lock was made final').waitFor()
    expect(complaints).toEqual([])
  })

  it('is told when somebody else was first, and nothing happens', async () => {
    const { world, waiting } = await asking()
    const { page } = await open(world)
    await page.getByRole('link', { name: 'An operator holds it' }).click()
    await page.getByRole('button', { name: 'Give it back' }).click()
    await page.getByLabel('Reason').fill('too late')
    await world.operate(`/admin/withdrawals/${waiting}/resume`, { reason: 'was first' }).expect(200)
    await page.getByRole('dialog').getByRole('button', { name: 'Give it back' }).click()
    await page.getByText('This withdrawal has changed since you looked').waitFor()
    await page.getByRole('button', { name: 'Show it as it is now' }).click()
    await page.getByText('A person let go of it.').waitFor()
    expect((await world.row(waiting)).state).toBe('ready')
  })

  it('reconciles, sees both sides of what differs, takes it into the books, and takes the evidence along', async () => {
    const world = await World.create(stage.database)
    const { id } = await world.withdrawn(10)
    await world.clock.advance(HOUR_MS)
    await stage.database.transaction((tx) =>
      tx.script(`set local session_replication_role = replica;
        delete from bank_withdrawal.journal; delete from bank_withdrawal.withdrawals`),
    )
    const { page, complaints } = await open(world)
    await page.getByRole('link', { name: 'Books' }).click()
    await page.getByText('It has not run yet.').waitFor()
    await goTo(page, `books?day=${world.clock.now().toISOString().slice(0, 10)}`)
    await page.getByText('It may still change until it is.').waitFor()
    await page.getByRole('button', { name: 'Reconcile now' }).click()
    await page.getByLabel('Reason').fill('a failover at nine')
    await page.getByRole('dialog').getByRole('button', { name: 'Begin' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await world.app.reconciliation().work()
    await page.reload()
    await page.getByText('2 differences').waitFor()
    await page.getByText('What moved in the last 15 minutes is left to the next run.').waitFor()
    await page.getByRole('link', { name: '1 × Burn without row' }).click()
    await page.getByText('Has nothing of it.').first().waitFor()
    await page.getByRole('button', { name: 'Take it into the books' }).click()
    await page.getByLabel('Reason').fill('the row is gone')
    await page.getByRole('dialog').getByRole('button', { name: 'Take it in' }).click()
    await page.getByRole('heading', { name: 'Taken into the books from its burn' }).waitFor()
    expect(await world.row(id)).toMatchObject({ state: 'conflict', reasonCode: 'row_lost' })

    await page.getByRole('button', { name: 'Take it as a page to print' }).click()
    await page.getByLabel('Reason').fill('the auditor asks')
    const file = page.waitForEvent('download')
    await page.getByRole('dialog').getByRole('button', { name: 'Take it', exact: true }).click()
    expect((await file).suggestedFilename()).toBe(`evidence-${id}.html`)
    expect(complaints).toEqual([])
  })

  it('decides about several, once the sum is typed as it is', async () => {
    const world = await World.create(stage.database)
    const ids = [(await world.withdrawn(DEFERRED)).id, (await world.withdrawn(DEFERRED)).id]
    const { page } = await open(world)
    await page.getByRole('link', { name: 'Withdrawals' }).click()
    for (const id of ids) await page.getByLabel(`Choose ${id}`).check()
    await page.getByText('2 chosen').waitFor()
    await page.getByRole('button', { name: 'Give them back' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Type the sum in EUR').fill('20.07')
    await dialog.getByLabel('Reason').fill('asked the users')
    await dialog.getByRole('button', { name: 'Give them back' }).click()
    await dialog.getByText('The sum in eur is 20.08, not 20.07.').waitFor()
    expect((await world.row(String(ids[0]))).state).toBe('ready')

    await dialog.getByLabel('Type the sum in EUR').fill('20.08')
    await dialog.getByRole('button', { name: 'Give them back' }).click()
    await page.getByText('Done with 2 of 2.').waitFor()
    for (const id of ids) expect((await world.row(id)).state).toBe('releasing')
  })

  it('goes back to the batches before those that are shown first', async () => {
    const world = await World.create(stage.database)
    await stage.database.transaction((tx) =>
      tx.script(`insert into bank_withdrawal.batches
        (id, provider, currency, batch_key, state, item_count, total, payload_hash, created_at, sent_at, updated_at)
        select 'batch-' || lpad(n::text, 4, '0'), 'sandbox', 'eur', 'key-' || n, 'sent', 1, n, 'hash', at, at, at
        from generate_series(1, 51) n, lateral (select timestamptz '2026-01-01' + n * interval '1 minute' as at) t`),
    )
    const { page } = await open(world)
    await page.getByRole('link', { name: 'Batches' }).click()
    await page.getByText('51.00 EUR').waitFor()
    await page.getByRole('link', { name: 'Older' }).click()
    await page.getByText('1.00 EUR', { exact: true }).waitFor()
    expect(await page.getByRole('row').count()).toBe(2)
    await page.getByRole('link', { name: 'Newer' }).click()
    await page.getByText('51.00 EUR').waitFor()
  })

  it('finds a withdrawal by any of its ids, and takes the list along as CSV', async () => {
    const { world, frozen } = await asking()
    const { page } = await open(world)
    await page.getByRole('link', { name: 'Withdrawals' }).click()
    await page.getByLabel('Search').fill((await world.row(frozen)).endToEndId)
    await page.getByRole('button', { name: 'Show' }).click()
    await page.getByRole('heading', { name: '1 to 1, newest first' }).waitFor()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download as CSV' }).click(),
    ])
    const text = fs.readFileSync(await download.path(), 'utf8')
    expect(text.trim().split('\n')).toHaveLength(2)
    expect(text).toContain(frozen)
  })

  it('takes a file down, and hands in what the bank has answered', async () => {
    const world = await World.create(stage.database, { around: { provider: () => sepaProvider(OPTIONS) } })
    const bank_account = { account_holder: 'Jane Roe', iban: 'NL91ABNA0417164300' }
    const { body } = await world.withdraw('10.5', { bank_account }).expect(200)
    const row = await world.row(String(body.id))
    const { page } = await open(world)
    await page.getByRole('link', { name: 'Bank files' }).click()
    await page.getByRole('button', { name: /^Download / }).click()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('dialog').getByRole('button', { name: 'Download' }).click(),
    ])
    expect(fs.readFileSync(await download.path(), 'utf8')).toContain(row.endToEndId)
    await page.locator('dialog').waitFor({ state: 'detached' })
    const [read] = await world.engine.store.listOperatorActions({
      subject: 'sepa',
      action: 'file.read',
      limit: 1,
    })
    expect(read).toMatchObject({ actor: 'operator:2', reason: 'to be carried to the bank' })

    const handIn = async (name: string, content: string) => {
      const file = { name, mimeType: 'application/xml', buffer: Buffer.from(content) }
      await page.getByLabel('File of the bank’s').setInputFiles(file)
      await page.getByLabel('Where it is from').fill('from the portal of the bank')
      await page.getByRole('button', { name: 'Hand in' }).click()
    }
    await handIn('statement.xml', booking(row.endToEndId, '10.50'))
    await page.getByText('1 withdrawal is looked at because of it.').waitFor()
    await world.engine.watch.run()
    await world.runToRest(0)
    expect((await world.row(row.id)).state).toBe('processed')

    await handIn('holiday.txt', 'not a statement')
    await page.getByRole('status').getByText('could not be used').waitFor()
  })

  it('pauses a provider and resumes it, with the keyboard alone', async () => {
    const world = await World.create(stage.database)
    const listener = await stage.serve(world)
    const here = await stage.visit()
    const { page } = here
    const tabTo = async (name: RegExp) => {
      for (let presses = 0; presses < 40; presses++) {
        await page.keyboard.press('Tab')
        const at = await focused(page)
        if (!name.test(at.name)) continue
        expect(at.isSeen).toBe(true)
        return
      }
      throw new Error(`The keyboard does not reach ${name.source}.`)
    }
    await page.goto(`${listener.url}${DESK}`)
    await page.getByRole('button', { name: 'Enter as the sandbox’s operator' }).waitFor()
    await tabTo(/^Enter as/)
    await page.keyboard.press('Enter')
    await page.getByText('Working', { exact: true }).waitFor()

    await tabTo(/^Pause/)
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.locator('dialog').waitFor({ state: 'detached' })
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.type('the bank called')
    await page.keyboard.press('Enter')
    await page.getByText('the bank called').waitFor()
    expect((await world.engine.store.readProviderStates())[0]).toMatchObject({ isPaused: true })

    await tabTo(/^Resume/)
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.type('all is well')
    await page.keyboard.press('Enter')
    await page.getByText('Working', { exact: true }).waitFor()
    expect((await world.engine.store.readProviderStates())[0]).toMatchObject({ isPaused: false })
  })

  it('opens a dialog again that the browser has closed without asking the page', async () => {
    const world = await World.create(stage.database)
    const { page } = await open(world)
    const pause = page.getByRole('button', { name: /^Pause/ })
    const dialog = page.getByRole('dialog')
    await pause.click()
    await dialog.waitFor()
    await page.evaluate(`document.querySelector('dialog').close()`)
    await page.locator('dialog').waitFor({ state: 'detached' })
    expect((await focused(page)).name).toMatch(/^Pause/)
    await pause.click()
    await dialog.waitFor()
  })

  it.each([
    ['in the light', 1280, 'light'],
    ['in the dark', 1280, 'dark'],
    ['on a phone', 360, 'light'],
  ] as const)('can read every page %s', async (_where, width, colorScheme) => {
    const { world, frozen } = await asking()
    await verbose(world)
    const { page, complaints } = await open(world, { viewport: { width, height: 800 }, colorScheme })
    for (const place of [...PAGES, `withdrawals/${frozen}`]) {
      await goTo(page, place)
      await page.locator('main h1').waitFor()
      await page.locator('.skeleton').first().waitFor({ state: 'detached' })
      expect([place, await violationsOf(page)]).toEqual([place, []])
      expect([place, await scrollsSideways(page)]).toEqual([place, false])
      expect([place, await stickOut(page)]).toEqual([place, []])
      expect([place, width > 1_000 && (await hasHiddenColumns(page))]).toEqual([place, false])
    }
    expect(complaints).toEqual([])
  })

  it('proposes what is above the ceiling, and another confirms it', async () => {
    const world = await World.create(stage.database, { config: SEVERAL })
    const { id } = await world.withdrawn(DEFERRED_ABOVE)
    await world.operate(`/admin/withdrawals/${id}/hold`, { reason: 'the payee is new' }).expect(200)
    const { page, complaints, listener } = await open(world)
    await goTo(page, `withdrawals/${id}`)
    await page.getByRole('button', { name: 'Let it go on', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Let it go on' })
    await dialog.getByText('another operator has confirmed it').waitFor()
    await dialog.getByLabel('Reason').fill('the customer has sent the papers')
    await dialog.getByRole('button', { name: 'Propose: Let it go on' }).click()
    await page.getByText('Proposed by operator 2 at').waitFor()
    expect((await world.row(id)).state).toBe('in_review')

    const other = await stage.visit()
    await other.page.goto(`${listener.url}${DESK}`)
    await other.page.getByLabel('Operator’s token').fill(world.token(3, 'admin'))
    await other.page.keyboard.press('Enter')
    await other.page.getByRole('link', { name: 'Control' }).click()
    await other.page.getByRole('button', { name: 'Confirm' }).click()
    const confirming = other.page.getByRole('dialog', { name: 'Confirm: Let it go on' })
    await confirming.getByLabel('Reason').fill('seen, too')
    await confirming.getByRole('button', { name: 'Confirm: Let it go on' }).click()
    await other.page.getByText('Nothing is proposed.').waitFor()
    expect((await world.row(id)).state).not.toBe('in_review')
    expect([...complaints, ...other.complaints]).toEqual([])
  })

  it('changes the policy after it was tried on what has been, and undoes it', async () => {
    const world = await World.create(stage.database)
    await world.withdrawn(700)
    const { page, complaints } = await open(world)
    await goTo(page, 'policy')
    await page.getByRole('heading', { name: 'Policy', level: 1 }).waitFor()
    const save = page.getByRole('button', { name: 'Save the policy' })
    expect(await save.isDisabled()).toBe(true)

    await page.getByRole('button', { name: 'Add a rule: Approval' }).click()
    const rule = page.getByRole('group', { name: 'Approval, rule 1' })
    await rule.getByLabel('Currency').fill('eur')
    await rule.getByLabel('Above').fill('500')
    await page.getByText('then it can be saved').waitFor()
    expect(await save.isDisabled()).toBe(true)
    await page.getByRole('button', { name: 'Try it on the last 90 days' }).click()
    const run = page.getByRole('region', { name: 'What it would have done' })
    await run.getByText('refused 0 and held 1').waitFor()
    expect(await violationsOf(page)).toEqual([])

    await save.click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Reason').fill('after the audit')
    await dialog.getByRole('button', { name: 'Save it' }).click()
    const inForce = page.getByRole('region', { name: 'In force' })
    await inForce.getByText('Above 500 EUR it waits until an operator has approved it.').waitFor()
    const held = await world.withdrawn(600)
    expect(held).toMatchObject({ state: 'in_review', reasonCode: 'above_ceiling' })

    await page.getByRole('button', { name: 'Undo version 1' }).click()
    await dialog.getByLabel('Reason').fill('too strict')
    await dialog.getByRole('button', { name: 'Bring it back' }).click()
    await page.getByText('Version 2').first().waitFor()
    await inForce.getByText('Above 500 EUR').waitFor({ state: 'detached' })
    expect(complaints).toEqual([])
  })

  it('enters what an account holds, sees what does not fit, and is called for money', async () => {
    const world = await World.create(stage.database, { config: { mode: 'batch' } })
    await world.withdrawn(100)
    const { page, complaints } = await open(world)
    await goTo(page, 'float')
    await page.getByText('Nobody says', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Enter the float of sandbox in EUR' }).click()
    const dialog = page.getByRole('dialog', { name: 'Enter the float of sandbox, EUR' })
    await dialog.getByLabel('What the account can pay out now').fill('forty')
    await dialog.getByLabel('Reason').fill('the statement of this morning')
    await dialog.getByRole('button', { name: 'Enter it' }).click()
    await dialog.getByRole('alert').waitFor()
    await dialog.getByLabel('What the account can pay out now').fill('40')
    await dialog.getByRole('button', { name: 'Enter it' }).click()
    await page.getByText('More than is there').waitFor()
    expect(await violationsOf(page)).toEqual([])
    expect(await scrollsSideways(page)).toBe(false)
    await world.engine.batches.run()
    expect((await world.rows()).map(({ state }) => state)).toEqual(['ready'])

    await createFloatStore(stage.database).callForFunds({
      ...{ provider: 'sandbox', currency: 'eur', account: 'Main account', amount: '260' },
      ...{ neededBy: world.clock.now(), available: '40', queued: '100', expected: '200' },
    })
    await goTo(page, '')
    await page.getByRole('button', { name: 'Refresh' }).click()
    await page.getByText('into Main account of sandbox by').waitFor()
    // It was made on the test's clock, which is long before the browser's.
    await page.getByRole('row', { name: /100.00 EUR .* over 4 d/ }).waitFor()
    expect(await violationsOf(page)).toEqual([])
    expect(complaints).toEqual([])
  })

  it('stops everything, with a sentence for users, and lets it go on', async () => {
    const world = await World.create(stage.database)
    const { page, complaints } = await open(world)
    await page.getByRole('link', { name: 'Control' }).click()
    await page.getByRole('button', { name: 'Stop everything' }).click()
    const stopping = page.getByRole('dialog', { name: 'Stop everything' })
    await stopping.getByLabel('What users read').fill('Back at noon.')
    await stopping.getByLabel('Reason').fill('a payee called')
    await stopping.getByRole('button', { name: 'Stop everything' }).click()
    await page.getByText('Everything is stopped').waitFor()
    expect((await world.withdraw(10)).body).toMatchObject({ message: 'Back at noon.' })
    expect(await violationsOf(page)).toEqual([])

    await page.getByRole('button', { name: 'Let everything go on' }).click()
    const lifting = page.getByRole('dialog', { name: 'Let everything go on' })
    await lifting.getByLabel('Reason').fill('it was a mistake')
    await lifting.getByRole('button', { name: 'Let everything go on' }).click()
    await page.getByText('Everything goes on.').waitFor()
    await world.withdraw(10).expect(200)
    expect(complaints).toEqual([])
  })

  it('is told on every page that everything is stopped, and stops it where the page was old', async () => {
    const world = await World.create(stage.database)
    const { page, complaints } = await open(world)
    await goTo(page, 'control')
    await page.getByText('Everything goes on.').waitFor()
    // Somebody else was here meanwhile.
    await world.operate('/admin/stop', { reason: 'a drill', version: 0 }).expect(200)
    await world.operate('/admin/stop/lift', { reason: 'it is over', version: 1 }).expect(200)
    const stopping = page.getByRole('dialog', { name: 'Stop everything' })
    const stop = async (reason: string) => {
      await page.getByRole('button', { name: 'Stop everything' }).click()
      await stopping.getByLabel('Reason').fill(reason)
      await stopping.getByRole('button', { name: 'Stop everything' }).click()
    }
    await stop('a payee called')
    await stopping.getByText('Somebody else has decided meanwhile.').waitFor()
    await stopping.getByRole('button', { name: 'Show it as it is now' }).click()
    await stopping.waitFor({ state: 'detached' })
    await stop('a payee called')
    await page.getByRole('button', { name: 'Let everything go on' }).waitFor()

    await goTo(page, 'batches')
    const said = page.getByText('Everything is stopped since')
    await said.waitFor()
    expect(await violationsOf(page)).toEqual([])
    await goTo(page, '')
    await said.waitFor()
    expect(complaints).toEqual([])
  })

  it('decides about what was seen when the decision was begun, whatever is loaded behind it', async () => {
    const { world, waiting } = await asking()
    const { page } = await open(world)
    await goTo(page, `withdrawals/${waiting}`)
    const letGo = page.getByRole('button', { name: 'Let it go on', exact: true })
    await letGo.waitFor()
    let begin: () => void = () => undefined
    const isBegun = new Promise<void>((resolve) => (begin = resolve))
    let looks = 0
    await page.route(`**${BASE}/admin/withdrawals/${waiting}`, async (route) => {
      if (looks++ === 0)
        return route.fulfill({
          ...{ status: 503, headers: { 'Retry-After': '1' } },
          json: { code: 'not_ready', message: 'Not yet.', request_id: 'r1' },
        })
      // Somebody else lets it go on and holds it anew, for another reason.
      await isBegun
      for (const action of ['approve', 'hold'])
        await world.operate(`/admin/withdrawals/${waiting}/${action}`, { reason: 'the police called' })
      return route.continue()
    })
    await page.getByRole('button', { name: 'Refresh' }).click()
    await page.getByRole('alert').getByText('Not yet.').waitFor()
    await letGo.click()
    const dialog = page.getByRole('dialog', { name: 'Let it go on' })
    await dialog.getByLabel('Reason').fill('all is well')
    begin()
    await page.getByText('the police called').first().waitFor()
    await dialog.getByRole('button', { name: 'Let it go on' }).click()
    await dialog.getByText('This withdrawal has changed since you looked.').waitFor()
    expect((await world.row(waiting)).state).toBe('in_review')
  })

  it('sees what became of it where the answer to a decision was lost', async () => {
    const world = await World.create(stage.database)
    const { page } = await open(world)
    await goTo(page, 'control')
    await page.route(`**${BASE}/admin/stop`, async (route) => {
      if (route.request().method() !== 'POST') return route.continue()
      await route.fetch()
      return route.abort()
    })
    await page.getByRole('button', { name: 'Stop everything' }).click()
    const stopping = page.getByRole('dialog', { name: 'Stop everything' })
    await stopping.getByLabel('Reason').fill('a payee called')
    await stopping.getByRole('button', { name: 'Stop everything' }).click()
    await stopping.getByText('The server did not answer.').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Let everything go on' }).waitFor()
  })

  it('reads what a stranger wrote as text, wherever it stands', async () => {
    const { world, waiting } = await asking()
    const { page, complaints } = await open(world)
    await goTo(page, `withdrawals/${waiting}`)
    await page.getByText(EVIL).first().waitFor()
    expect(await page.locator('img').count()).toBe(0)
    expect(complaints).toEqual([])
  })

  it('is told what to do when the server does not answer, with what was known last', async () => {
    const { world } = await asking()
    const { page, listener } = await open(world)
    await page.getByRole('heading', { name: '2 questions' }).waitFor()
    listener.close()
    await page.getByRole('button', { name: 'Refresh' }).click()
    await page.getByRole('alert').getByText('The server did not answer.').waitFor()
    await page.getByRole('alert').getByText('What is shown was known last.').waitFor()
    await page.getByRole('heading', { name: '2 questions' }).waitFor()
    // Nothing was known of what was never asked.
    await page.getByRole('link', { name: 'Float' }).click()
    await page.getByRole('alert').getByText('The server did not answer.').waitFor()
    expect(await page.getByRole('alert').innerText()).not.toContain('known last')
  })
})

describe('the desk in a kit’s operator panel', () => {
  const PANEL = '/admin/plugin/adminView/bank-withdrawal'
  const KEPT_AS = 'sandbox_mainnet_TOKEN'
  const [REQUESTS_MAX, WITHIN_MS] = [8, 120_000]

  /** The panel shows it in a frame without an address; the kit lets each ask eight times in two minutes. */
  async function panel(options: WorldOptions = {}) {
    const world = await World.create(stage.database, options)
    const view = await readDeskPage()
    let nowMs = 0
    const asked = new Map<string, number[]>()
    const listener = await stage.serve(
      world,
      (req, res, next) => {
        if (req.path !== PANEL) return next()
        const token = JSON.stringify(world.token(2, 'admin'))
        const html = JSON.stringify(view).replaceAll('<', '\\u003c')
        res.type('html').send(`<!doctype html><title>Panel</title><body><script>
          localStorage.setItem('${KEPT_AS}', ${token})
          window.plugin_key = '${KEPT_AS}'
          window.plugin_url = window.location.origin
          const frame = document.createElement('iframe')
          frame.style = 'width: 100%; height: 800px'
          frame.srcdoc = ${html}
          document.body.append(frame)
        </script>`)
      },
      (req, res, next) => {
        if (!req.path.startsWith(BASE)) return next()
        const times = (asked.get(req.path) ?? []).filter((at) => nowMs - at < WITHIN_MS)
        asked.set(req.path, [...times, nowMs])
        if (times.length < REQUESTS_MAX) return next()
        return res.status(429).json({ message: 'Too many requests' })
      },
    )
    const here = await stage.visit()
    const { page } = here
    await page.clock.install()
    await page.goto(`${listener.url}${PANEL}`)
    const passes = async (ms: number) => {
      nowMs += ms
      await page.clock.runFor(ms)
    }
    return { world, page, desk: page.frameLocator('iframe'), passes, asked, complaints: here.complaints }
  }

  it('takes the token and the address from the panel, and stays within what the kit lets it ask', async () => {
    const { desk, passes, asked, complaints } = await panel()
    await desk.getByRole('heading', { name: 'What needs you now' }).waitFor()
    await desk.getByText('Working', { exact: true }).waitFor()
    await passes(WITHIN_MS - 1_000)
    await desk.getByRole('button', { name: 'Withdrawals' }).click()
    await desk.getByRole('heading', { name: 'Withdrawals', exact: true }).waitFor()
    await desk.getByText('No withdrawal is like this.').waitFor()
    expect(asked.get(`${BASE}/admin/overview`)?.length).toBeLessThanOrEqual(REQUESTS_MAX)
    expect(await desk.getByRole('alert').count()).toBe(0)
    expect(complaints).toEqual([])
  })

  it('says so when it has asked too often, keeps what is known, and goes on by itself', async () => {
    const { desk, passes } = await panel()
    await desk.getByText('Working', { exact: true }).waitFor()
    for (let clicks = 0; clicks < REQUESTS_MAX; clicks++)
      await desk.getByRole('button', { name: 'Refresh' }).click()
    await desk.getByText('lets this page ask only so often').waitFor()
    await desk.getByText('Working', { exact: true }).waitFor()
    await passes(WITHIN_MS)
    await desk.getByRole('alert').waitFor({ state: 'detached' })
  })
})
