import fs from 'node:fs'

import type { Page, Route } from 'playwright-core'

import { totp } from '../../src/sandbox/totp'
import { BASE, IBAN, World, type WorldOptions } from '../helpers/world'
import { DEFERRED, insertRows } from '../routes/support'
import { createStage, focused, scrollsSideways, violationsOf } from './support'

/**
 * Goal: a user withdraws once, knows before what it costs and after where the money is, whatever becomes of the answer.
 * Method: a real browser against the whole plugin, as the standalone server serves the page.
 */
const stage = createStage()

type VisitOptions = Parameters<typeof stage.visit>[0]

async function open(options: VisitOptions = {}, given: WorldOptions | World = {}) {
  const world = given instanceof World ? given : await World.create(stage.database, given)
  const listener = await stage.serve(world)
  const here = await stage.visit({ locale: 'en-GB', ...options })
  const { page, complaints } = here
  await page.goto(listener.url)
  return { world, page, complaints }
}

async function enter(options: VisitOptions = {}, given: WorldOptions | World = {}) {
  const opened = await open(options, given)
  await opened.page.getByRole('button', { name: /Ada Lovelace/ }).click()
  await opened.page.locator('form.bw-form').waitFor()
  return opened
}

/** To the account that is chosen already, up to the last click. */
async function review(page: Page, amount: number | string): Promise<void> {
  await page.getByLabel('Amount').fill(String(amount))
  await page.getByRole('button', { name: 'Review' }).click()
  await page.getByRole('heading', { name: 'Is this right?' }).waitFor()
}

const confirm = (page: Page) => page.getByRole('button', { name: /^Withdraw €/ })
const isCreate = (route: Route): boolean => route.request().method() === 'POST'
const paid = (page: Page) => page.getByText('The bank has paid.').waitFor()

describe('a user of the standalone server’s page', () => {
  it('sees what comes, by when and what it costs, confirms it, and has it on paper', async () => {
    const { world, page, complaints } = await enter()
    await page.getByText('Your balance: €10,000.00').waitFor()
    await page.getByLabel('Another bank account').check()
    await page.getByLabel('IBAN').fill('FR14 2004 1010 0505 0001 3M02 60')
    await page.getByText('France: 1 characters to go.').waitFor()
    await page.getByLabel('IBAN').fill('FR14 2004 1010 0505 0001 3M02 607')
    await page.getByText('the check digits do not fit').waitFor()
    await page.getByLabel('Amount').fill('10.001')
    await page.getByRole('button', { name: 'Review' }).click()
    await page.getByText('EUR has at most 2 decimals.').waitFor()
    expect(await violationsOf(page)).toEqual([])
    await page.getByLabel('IBAN').fill('FR14 2004 1010 0505 0001 3M02 606')
    await page.getByLabel('Account holder').fill('Ada Lovelace')
    await page.getByText('France: this is a valid account number.').waitFor()

    await review(page, '10.50')
    const shown = await page.locator('.bw-main .bw-lines').innerText()
    for (const figure of ['€10.50', 'Ada Lovelace, France, ending in 2606', 'None', '€9,989.50'])
      expect(shown).toContain(figure)
    expect(shown).toContain('By when')
    expect(await violationsOf(page)).toEqual([])
    await confirm(page).click()
    await paid(page)
    await page.locator('.bw-steps').getByText('Being sent').waitFor()
    expect(await page.locator('.bw-steps').innerText()).toMatch(/Accepted[^]*Being sent[^]*Paid/)
    expect(await violationsOf(page)).toEqual([])
    expect(await world.rows()).toEqual([expect.objectContaining({ state: 'processed' })])

    await page.getByRole('button', { name: 'Receipt' }).click()
    await page.emulateMedia({ media: 'print' })
    expect(await page.getByText('Confirmation of withdrawal').isVisible()).toBe(true)
    expect(await page.getByText('Your withdrawals').isVisible()).toBe(false)
    expect(await page.getByRole('button', { name: 'Print it' }).isVisible()).toBe(false)
    expect(await page.locator('.bw-receipt').innerText()).toMatch(/FR14 2004[^]*Ada Lovelace\nFrance\n/)
    expect(complaints).toEqual([])
  })

  it('is one withdrawal for two clicks and a page that is loaded anew before its answer', async () => {
    const { world, page } = await enter()
    const keys = new Set<string>()
    let answers = 0
    let heard: () => void = () => undefined
    const isStored = new Promise<void>((resolve) => (heard = resolve))
    await page.route(`**${BASE}/`, async (route) => {
      if (!isCreate(route)) return route.continue()
      keys.add(String(route.request().headers()['idempotency-key']))
      const answer = await route.fetch()
      // The first answer never comes.
      if (answers++ > 0) await route.fulfill({ response: answer })
      heard()
    })
    await review(page, 10)
    await confirm(page).dblclick()
    await page.getByText('Your request is on its way.').waitFor()
    await isStored
    await page.reload()
    await paid(page)
    expect(keys.size).toBe(1)
    expect(await world.rows()).toHaveLength(1)
    await page.reload()
    await page.getByRole('button', { name: 'Review' }).waitFor()
    expect(answers).toBe(2)
  })

  it('is told that an answer was lost, is asked for nothing twice, and gets it', async () => {
    const { world, page } = await enter()
    let tries = 0
    await page.route(`**${BASE}/`, async (route) => {
      if (!isCreate(route) || tries++ > 0) return route.continue()
      await route.fetch()
      return route.abort()
    })
    await review(page, 10)
    await confirm(page).click()
    await page.getByText('may have been accepted, or not').waitFor()
    expect(await violationsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Ask again now' }).click()
    await paid(page)
    expect(await world.rows()).toHaveLength(1)
  })

  it.each([
    [
      'a session that has ended',
      401,
      {},
      'Your session has ended. Sign in again and come back',
      'unauthorized',
    ],
    [
      'being asked to wait',
      429,
      { 'Retry-After': '60' },
      'lets this page ask only so often',
      'too_many_requests',
    ],
  ])('keeps what was asked for over %s', async (_what, status, headers, text, code) => {
    const { world, page } = await enter()
    let isRefusing = true
    await page.route(`**${BASE}/`, (route) =>
      isCreate(route) && isRefusing
        ? route.fulfill({
            status,
            headers,
            json: { message: 'no', code, request_id: 'r1' },
          })
        : route.continue(),
    )
    await review(page, 10)
    await confirm(page).click()
    await page.getByText(text).waitFor()
    // Nothing was taken by it, and no answer was lost.
    await page.getByRole('heading', { name: 'Not accepted yet' }).waitFor()
    expect(await world.rows()).toEqual([])
    isRefusing = false
    await page.reload()
    await paid(page)
    expect(await world.rows()).toHaveLength(1)
  })

  it('is told that the phone is offline, and goes on when it is connected again', async () => {
    const { world, page } = await enter()
    await review(page, 10)
    await page.context().setOffline(true)
    await confirm(page).click()
    await page.getByText('Your device is offline.').waitFor()
    await page.getByText('You are offline. What is shown was known last.').waitFor()
    await page.context().setOffline(false)
    await paid(page)
    expect(await world.rows()).toHaveLength(1)
  })

  it('is refused in words, and nothing is left behind that would be sent again', async () => {
    const { world, page } = await enter()
    await page.getByLabel('Amount').fill('20000')
    await page.getByRole('button', { name: 'Review' }).click()
    await page.getByText('You have €10,000.00, the fee included.').waitFor()
    await review(page, 10)
    await world.operate('/admin/stop', { reason: 'r', message: 'Back at noon.' }).expect(200)
    await confirm(page).click()
    await page.getByRole('alert').getByText('Withdrawals are stopped for now.').waitFor()
    // In whatever language the exchange has said it.
    expect(await page.locator('q[lang=""]').textContent()).toBe('Back at noon.')
    await page.reload()
    await page.getByText('Withdrawals are stopped for now').waitFor()
    expect(await world.rows()).toEqual([])
  })

  it('gives a one-time code, and another one after a wrong one', async () => {
    const otpSecret = 'a secret'
    const world = await World.create(stage.database)
    await world.kit.addUser({ id: 7, fullName: 'Otto', balances: { eur: '50' }, otpSecret })
    const { page } = await open({}, world)
    await page.getByLabel('Your token').fill(world.token(7))
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByLabel('Another bank account').check()
    await page.getByLabel('IBAN').fill(IBAN)
    await review(page, 10)
    await confirm(page).click()
    await page.getByText('A code has six to eight digits.').waitFor()
    await page.getByLabel('One-time code').fill('000000')
    await confirm(page).click()
    await page.getByText('This code is wrong').waitFor()
    await page.getByLabel('One-time code').fill(totp(otpSecret, world.clock.now().getTime()))
    await confirm(page).click()
    await paid(page)
    expect(await page.evaluate('JSON.stringify(sessionStorage)')).not.toContain('otp')
  })

  it('is one withdrawal where what was sent first arrives after the page was told that it had not', async () => {
    const otpSecret = 'a secret'
    const world = await World.create(stage.database)
    await world.kit.addUser({ id: 7, fullName: 'Otto', balances: { eur: '50' }, otpSecret })
    const { page } = await open({}, world)
    await page.getByLabel('Your token').fill(world.token(7))
    await page.getByRole('button', { name: 'Sign in' }).click()
    const ask = async () => {
      await page.getByLabel('Another bank account').check()
      await page.getByLabel('IBAN').fill(IBAN)
      await review(page, 10)
      await page.getByLabel('One-time code').fill(totp(otpSecret, world.clock.now().getTime()))
      await confirm(page).click()
    }
    const sent: { key: string; body: object }[] = []
    await page.route(`**${BASE}/`, async (route) => {
      if (!isCreate(route)) return route.continue()
      const key = String(route.request().headers()['idempotency-key'])
      sent.push({ key, body: route.request().postDataJSON() as object })
      // The first is slow, and there before the last.
      if (sent.length === 1) return
      const [first] = sent
      if (sent.length === 3 && first) await world.post(first.body, { userId: 7, key: first.key }).expect(200)
      return route.continue()
    })
    await ask()
    await page.getByText('Your request is on its way.').waitFor()
    await page.reload()
    await page.getByText('Your withdrawal had not been accepted').waitFor()
    await ask()
    await paid(page)
    expect(new Set(sent.map(({ key }) => key)).size).toBe(1)
    expect(await world.rows()).toHaveLength(1)
  })

  it('is shown what it costs once more, and charged nothing, where the fee changed after it was shown', async () => {
    let fee = '0'
    const { world, page } = await enter(
      {},
      {
        around: {
          exchange: (exchange) => ({ ...exchange, quote: () => Promise.resolve({ kind: 'ok', fee }) }),
        },
      },
    )
    await review(page, 10)
    fee = '2.5'
    await confirm(page).click()
    await page.getByText('The fee has changed since it was shown to you.').waitFor()
    expect(await world.rows()).toEqual([])
    await page.getByRole('button', { name: 'Review' }).click()
    await page.getByRole('heading', { name: 'Is this right?' }).waitFor()
    await page.getByText('€2.50').first().waitFor()
    await confirm(page).click()
    await paid(page)
    const { body } = await world.get('/list').expect(200)
    expect(body).toMatchObject({ withdrawals: [{ amount: 10, fee: 2.5 }] })
  })

  it('is told that it was refused, wherever one has gone meanwhile', async () => {
    const { page } = await enter()
    let refuse: () => Promise<void> = () => Promise.resolve()
    await page.route(`**${BASE}/`, (route) => {
      if (!isCreate(route)) return route.continue()
      const json = { code: 'limit_reached', message: 'Too much.', request_id: 'r1' }
      refuse = () => route.fulfill({ status: 400, json })
      return undefined
    })
    await review(page, 10)
    await confirm(page).click()
    await page.getByText('Your request is on its way.').waitFor()
    await page.goBack()
    await refuse()
    await page.getByText('Your withdrawal had not been accepted').waitFor()
    expect(await page.getByLabel('Amount').inputValue()).toBe('10')
  })

  it('is told on a record that the session has ended, and not that it goes on by itself', async () => {
    const { page } = await enter()
    await review(page, DEFERRED)
    await confirm(page).click()
    const goesOn = page.getByText('This page follows it by itself.')
    await goesOn.waitFor()
    await page.route(new RegExp(`${BASE}/[\\w-]+$`), (route) =>
      route.fulfill({ status: 401, json: { code: 'unauthorized', message: 'no', request_id: 'r1' } }),
    )
    await page.evaluate(`window.dispatchEvent(new Event('online'))`)
    await page.getByText('Your session has ended. Sign in again.').waitFor()
    await page.getByText('What is shown was known at').waitFor()
    expect(await goesOn.count()).toBe(0)
  })

  it('cancels while nothing has been sent, and reads where the money is', async () => {
    const { world, page } = await enter()
    await review(page, DEFERRED)
    await confirm(page).click()
    await page.getByText('It waits until the exchange has filled its payout account.').waitFor()
    // When that will be, nobody knows.
    expect(await page.getByText('Expected').count()).toBe(0)
    await page.getByRole('button', { name: 'Cancel it' }).click()
    const dialog = page.getByRole('dialog', { name: 'Cancel this withdrawal?' })
    await dialog.getByText('€10.04 goes back to your balance').waitFor()
    await dialog.getByRole('button', { name: 'Yes, cancel it' }).click()
    await page.getByText('Nothing was paid, and the amount is in your balance again.').waitFor()
    await page.getByText('You canceled it.').waitFor()
    expect((await world.balance()).available).toBe(10_000)
    // Nobody is to read in it that he was paid, or what that cost.
    await page.getByRole('button', { name: 'Receipt' }).click()
    await page.getByRole('heading', { name: 'What became of a withdrawal' }).waitFor()
    const receipt = await page.locator('.bw-receipt').innerText()
    expect(receipt).toMatch(/You canceled it\.[^]*You would have got/)
    expect(receipt).not.toMatch(/You get|Fee/)
    await page.getByRole('button', { name: 'Back' }).click()
    await page.getByRole('button', { name: 'Another withdrawal' }).click()
    await page.getByText('Your balance: €10,000.00').waitFor()
  })

  it('follows by itself what happens meanwhile', async () => {
    const { world, page } = await open()
    await page.clock.install()
    await page.reload()
    await page.getByRole('button', { name: /Ada Lovelace/ }).click()
    await review(page, DEFERRED)
    await confirm(page).click()
    await page.getByText('This page follows it by itself.').waitFor()
    const [row] = await world.rows()
    await world.operate(`/admin/withdrawals/${row?.id}/hold`, { reason: 'a question' }).expect(200)
    await page.clock.runFor(5_000)
    await page.getByText('A person at the exchange looks at it').waitFor()
  })

  it('finds an earlier one by what is known of it, and takes all of them along', async () => {
    const world = await World.create(stage.database)
    await world.withdrawn(10)
    await world.withdrawn(DEFERRED)
    const { page } = await enter({}, world)
    await page.getByText('2 of 2').waitFor()
    await page.getByLabel('Search').fill('under way 10.04')
    await page.getByText('1 of 2').waitFor()
    await page.getByRole('button', { name: /€10.04/ }).click()
    await page.getByRole('heading', { name: 'Withdrawal of €10.04' }).waitFor()
    await page.getByLabel('Search').fill('nothing like it')
    await page.getByText('No withdrawal is like this').waitFor()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download as CSV' }).click(),
    ])
    expect(
      fs
        .readFileSync(await download.path(), 'utf8')
        .trim()
        .split('\n'),
    ).toHaveLength(3)
  })

  it('finds one of years ago that the page has not loaded, and is told where there is none', async () => {
    const world = await World.create(stage.database)
    const rows = Array.from({ length: 130 }, (_, n) => ({
      ...{
        id: `w-${String(n).padStart(8, '0')}`,
        amount: String(500 + n),
        holder: n === 3 ? 'Long Ago' : 'Ada',
      },
      createdAt: new Date(Date.UTC(2020, 0, 1 + n)).toISOString(),
    }))
    await insertRows(stage.database, rows)
    const { page } = await enter({}, world)
    await page.getByText('100 of 130').waitFor()
    await page.getByLabel('Search').fill('503')
    await page.getByRole('button', { name: 'Search all 130' }).click()
    await page.getByText('Long Ago').waitFor()
    await page.getByText('1 of 130').waitFor()
    await page.getByLabel('Search').fill('nobody')
    await page.keyboard.press('Enter')
    await page.getByText('Among all of them it is found by a number').waitFor()
    expect(await violationsOf(page)).toEqual([])
    // Whoever sees one twice takes it for money that left twice.
    await page.getByLabel('Search').fill('')
    await page.getByRole('button', { name: 'Show older ones' }).dblclick()
    await page.getByText('130 of 130').waitFor()
    expect(await page.locator('.bw-row').count()).toBe(130)
  })

  it('withdraws with the keyboard alone', async () => {
    const { page } = await open()
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
    await page.getByRole('button', { name: /Ada/ }).waitFor()
    await tabTo(/Ada Lovelace/)
    await page.keyboard.press('Enter')
    await page.getByLabel('Amount').waitFor()
    await tabTo(/All of it/)
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.type('10')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Is this right?' }).waitFor()
    await tabTo(/^Withdraw €10/)
    await page.keyboard.press('Enter')
    await paid(page)
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Withdrawal of €10.00')
  })

  it('reads German on a phone in the dark, with limits, and nothing runs out of the page, from right to left either', async () => {
    const world = await World.create(stage.database)
    const limit = { of: 'user', per: 'day', currency: 'eur', amount: '1000', count: 3, then: 'refuse' }
    await world
      .operate('/admin/policy', { reason: 'r', policy: { limits: [limit], cooling_off_hours: 24 } })
      .expect(200)
    const options = { viewport: { width: 360, height: 800 }, colorScheme: 'dark', locale: 'de-DE' } as const
    const { page, complaints } = await enter(options, world)
    const isWell = async (place: string) => {
      expect([place, await violationsOf(page)]).toEqual([place, []])
      expect([place, await scrollsSideways(page)]).toEqual([place, false])
      await page.evaluate(`document.documentElement.dir = 'rtl'`)
      expect([place, 'rtl', await scrollsSideways(page)]).toEqual([place, 'rtl', false])
      const figures = await page.evaluate(
        `[...document.querySelectorAll('time, dd, .bw-number')].map((each) => getComputedStyle(each).direction)`,
      )
      expect([place, ...new Set(figures as string[])]).toEqual([place, 'ltr'])
      await page.evaluate(`document.documentElement.dir = 'ltr'`)
    }
    await page.getByText('noch 1.000,00 € von 1.000,00 €').waitFor()
    await page.getByLabel('Ein anderes Bankkonto').check()
    await page.getByLabel('IBAN').fill(IBAN)
    await page.getByLabel('Kontoinhaber').fill('Wolfeschlegelsteinhausenbergerdorff '.repeat(3).trim())
    await page.getByLabel('Betrag').fill('100,50')
    await isWell('form')
    await page.getByRole('button', { name: 'Prüfen' }).click()
    await page.getByText('wartet es zu Ihrer Sicherheit erst 24 Stunden').waitFor()
    await isWell('review')
    await page.getByRole('button', { name: '100,50 € auszahlen' }).click()
    await page.getByText('Dieses Konto ist neu für Sie.').waitFor()
    await page.getByText('noch 899,50 € von 1.000,00 €').waitFor()
    await isWell('record')
    await page.getByRole('button', { name: 'Beleg' }).click()
    await isWell('receipt')
    expect(complaints).toEqual([])
  })

  it('reads what a stranger wrote as text', async () => {
    const evil = '<img src=x onerror=alert(1)>'
    const world = await World.create(stage.database)
    await world.withdraw(10, { bank_account: { iban: IBAN, account_holder: evil } }).expect(200)
    const { page, complaints } = await enter({}, world)
    await page.getByText(evil).waitFor()
    expect(await page.locator('img').count()).toBe(0)
    expect(complaints).toEqual([])
  })

  it('says so when nothing answers, and shows the page when something does', async () => {
    const { page } = await open()
    await page.route(`**${BASE}/options*`, (route) => route.abort())
    await page.getByRole('button', { name: /Ada Lovelace/ }).click()
    await page.getByRole('alert').getByText('The server did not answer.').waitFor()
    expect(await violationsOf(page)).toEqual([])
    await page.unroute(`**${BASE}/options*`)
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('button', { name: 'Review' }).waitFor()
  })

  it('goes back as the browser does, from what is to be confirmed, a record and a receipt, and asks for nothing twice', async () => {
    const { world, page } = await enter()
    await review(page, 10)
    await page.goBack()
    expect(await page.getByLabel('Amount').inputValue()).toBe('10')
    await page.getByRole('button', { name: 'Review' }).click()
    await confirm(page).click()
    await paid(page)
    await page.getByRole('button', { name: 'Receipt' }).click()
    await page.getByRole('heading', { name: 'Confirmation of withdrawal' }).waitFor()
    await page.goBack()
    await paid(page)
    await page.goBack()
    await page.getByLabel('Amount').waitFor()
    await page.goForward()
    expect(await page.getByLabel('Amount').isVisible()).toBe(true)
    await page.getByRole('button', { name: /€10.00/ }).click()
    await page.getByRole('button', { name: 'Another withdrawal' }).click()
    await page.getByLabel('Amount').waitFor()
    expect(await world.rows()).toHaveLength(1)
  })

  it('comes back by itself when the phone is connected again', async () => {
    const { page } = await open()
    await page.route(`**${BASE}/options*`, (route) => route.abort())
    await page.getByRole('button', { name: /Ada Lovelace/ }).click()
    await page.getByRole('alert').getByText('The server did not answer.').waitFor()
    await page.unroute(`**${BASE}/options*`)
    await page.context().setOffline(true)
    await page.context().setOffline(false)
    await page.getByRole('button', { name: 'Review' }).waitFor()
  })
})
