import type { Page } from 'playwright-core'

import { openReceiver, outbox, type Receiver, TELLING, verify } from '../helpers/receiver'
import { World } from '../helpers/world'
import { SEVERAL } from '../routes/admin/two-operators'
import { DEFERRED } from '../routes/support'
import { createStage, DESK, enter, goTo, scrollsSideways, violationsOf } from './support'

/** Goal: an operator lets a system of the exchange's hear, and sends again what it missed. Method: a real browser, a real receiver. */
const DAY_MS = 24 * 3_600_000
const stage = createStage()
let receiver: Receiver

beforeAll(async () => {
  receiver = await openReceiver()
}, 60_000)
afterAll(() => receiver.close())

describe('an operator who looks who is told', () => {
  it('makes an endpoint, tries it, reads its secret once, and sends again what was given up', async () => {
    const world = await World.create(stage.database, { config: TELLING })
    const { id: waiting } = await world.withdrawn(DEFERRED)
    await world.operate(`/admin/withdrawals/${waiting}/hold`, { reason: 'look' }).expect(200)
    await world.app.telling().sweep()
    const listener = await stage.serve(world)
    const here = await stage.visit()
    const { page, complaints } = here
    await enter(page, listener.url)
    await goTo(page, 'notices')
    await page.getByText('Withdrawals wait for a person: An operator holds it').waitFor()

    await page.getByRole('button', { name: 'New endpoint' }).click()
    const dialog = page.getByRole('dialog', { name: 'New endpoint' })
    await dialog.getByLabel('Name').fill('ledger')
    await dialog.getByLabel('Address', { exact: true }).fill('http://example.com/')
    await dialog.getByRole('button', { name: 'Try the address' }).click()
    await dialog.getByText('url must begin with https://.').waitFor()
    await dialog.getByLabel('Address', { exact: true }).fill(receiver.url)
    await dialog.getByRole('button', { name: 'Try the address' }).click()
    await dialog.getByText('It answered 200: messages arrive there.').waitFor()
    expect(await violationsOf(page)).toEqual([])
    await dialog.getByLabel('Reason').fill('the ledger wants to know')
    await dialog.getByRole('button', { name: 'Make it' }).click()
    const shown = page.getByRole('dialog', { name: 'Its secret' })
    const secret = await shown.locator('code').innerText()
    await shown.getByRole('button', { name: 'I have it' }).click()
    await page.getByRole('button', { name: 'Test ledger' }).click()
    await page.getByText('It answered 200: messages arrive there.').waitFor()
    const last = receiver.received.at(-1)
    expect(last && verify(world, secret, last)).toMatchObject({ type: 'endpoint.test' })
    expect(await page.content()).not.toContain(secret)

    receiver.answers = () => 500
    const paid = await world.withdrawn(10)
    for (let days = 0; days < 4; days++) {
      await outbox(world).run()
      await world.clock.advance(DAY_MS)
    }
    await outbox(world).run()
    receiver.answers = () => 200
    receiver.received.length = 0
    await page.reload()
    await page.getByText('it answered 500').first().waitFor()
    await page.getByRole('button', { name: `Send again wd_${paid.id}_1_` }).click()
    const again = page.getByRole('dialog', { name: 'Send it again' })
    await again.getByLabel('Reason').fill('it is up again')
    await again.getByRole('button', { name: 'Send it again' }).click()
    await page.getByRole('button', { name: `Send again wd_${paid.id}_1_` }).waitFor({ state: 'detached' })
    await outbox(world).run()
    expect(receiver.received.map(({ id }) => id)).toEqual([expect.stringContaining(`wd_${paid.id}_1_`)])

    await page.setViewportSize({ width: 360, height: 780 })
    expect(await scrollsSideways(page)).toBe(false)
    expect(await violationsOf(page)).toEqual([])
    expect(complaints).toEqual([])
  })

  it('proposes one that hears the alarm, reads its secret once, and another operator lets it count', async () => {
    const world = await World.create(stage.database, { config: { ...TELLING, ...SEVERAL } })
    const { url } = await stage.serve(world)
    const [anna, ben] = await Promise.all(
      [2, 3].map((id) => signedIn(`${url}${DESK}`, world.token(id, 'admin'))),
    )
    if (!anna || !ben) throw new Error('Nobody came.')
    const { page } = anna
    await goTo(page, 'notices')
    await page.getByRole('button', { name: 'New endpoint' }).click()
    const dialog = page.getByRole('dialog', { name: 'New endpoint' })
    await dialog.getByLabel('Who listens there').selectOption('operators')
    await dialog.getByLabel('Name').fill('night shift')
    await dialog.getByLabel('Address', { exact: true }).fill(receiver.url)
    await dialog.getByLabel('Reason').fill('somebody has to be woken')
    await dialog.getByRole('button', { name: 'Make it' }).click()
    const secret = await readOnce(page)
    await page.getByText('Nobody is told anything yet.').waitFor()

    await goTo(ben.page, 'control')
    await ben.page.getByRole('heading', { name: 'Tell somebody' }).waitFor()
    await ben.page.getByText(receiver.url).first().waitFor()
    expect(await ben.page.content()).not.toContain(secret)
    await confirm(ben.page)

    await page.reload()
    const test = page.getByRole('button', { name: 'Test night shift' })
    await test.click()
    await page.getByText('It answered 200: messages arrive there.').waitFor()
    const told = () => receiver.received.at(-1) ?? { id: '', type: '', data: {}, headers: {}, body: '' }
    expect(verify(world, secret, told())).toMatchObject({ type: 'endpoint.test' })
    for (const each of [page, ben.page]) expect(await each.content()).not.toContain(secret)

    await page.getByRole('button', { name: 'New secret night shift' }).click()
    await page.getByRole('dialog').getByLabel('Reason').fill('it was in a mail')
    await page.getByRole('dialog').getByRole('button', { name: 'New secret' }).click()
    const next = await readOnce(page)
    await test.click()
    await page.getByText('It answered 200: messages arrive there.').waitFor()
    expect(() => verify(world, next, told())).toThrow('No matching signature')
    await goTo(ben.page, '')
    await goTo(ben.page, 'control')
    await confirm(ben.page)
    await world.operate(`/admin/endpoints/${await idOf(world)}/test`, {}).expect(200)
    expect(verify(world, next, told())).toMatchObject({ type: 'endpoint.test' })
    expect([...anna.complaints, ...ben.complaints]).toEqual([])
  })

  it('is told where words of a reason named the payee, and reads it until it is read', async () => {
    const world = await World.create(stage.database, { config: TELLING })
    const payee = { iban: 'DE89370400440532013000', account_holder: 'Grace Hopper' }
    const { body } = await world.withdraw(DEFERRED, { bank_account: payee }).expect(200)
    const { url } = await stage.serve(world)
    const { page, complaints } = await signedIn(`${url}${DESK}`, world.token(2, 'admin'))
    const hold = async (verb: string, reason: string) => {
      await page.getByRole('button', { name: verb, exact: true }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('Reason').fill(reason)
      await dialog.getByRole('button', { name: verb }).click()
      await dialog.waitFor({ state: 'detached' })
    }
    await goTo(page, `withdrawals/${String(body.id)}`)
    await hold('Hold it', 'the bank asks for a paper')
    await page.getByText('the bank asks for a paper').first().waitFor()
    const said = page.getByText('Your words named the payee or their account')
    expect(await said.count()).toBe(0)
    await hold('Let it go on', 'Grace Hopper has sent it')
    await said.waitFor()
    await page.getByText('[payee] has sent it').first().waitFor()
    await page.setViewportSize({ width: 360, height: 780 })
    expect(await scrollsSideways(page)).toBe(false)
    expect(await violationsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'I have read it' }).click()
    await said.waitFor({ state: 'detached' })
    expect(complaints).toEqual([])
  })
})

async function signedIn(desk: string, token: string) {
  const here = await stage.visit()
  await here.page.goto(desk)
  await here.page.getByLabel('Operator’s token').fill(token)
  await here.page.keyboard.press('Enter')
  await here.page.getByRole('heading', { name: 'What needs you now' }).waitFor()
  return here
}

/** Takes the secret out of the dialog that shows it, which fits a telephone, and closes it. */
async function readOnce(page: Page): Promise<string> {
  const shown = page.getByRole('dialog', { name: 'Proposed: its secret' })
  await shown.getByText('It signs nothing yet.').waitFor()
  const secret = await shown.locator('code').innerText()
  expect(secret).toMatch(/^whsec_/)
  await page.setViewportSize({ width: 360, height: 780 })
  expect(await scrollsSideways(page)).toBe(false)
  expect(await violationsOf(page)).toEqual([])
  await page.setViewportSize({ width: 1280, height: 900 })
  await shown.getByRole('button', { name: 'I have it' }).click()
  await shown.waitFor({ state: 'detached' })
  return secret
}

async function confirm(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Confirm', exact: true }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByLabel('Reason').fill('asked the night shift')
  await dialog.getByRole('button', { name: /^Confirm: / }).click()
  await page.getByText('Nothing is proposed.').waitFor()
}

async function idOf(world: World): Promise<string> {
  const { body } = await world.see('/admin/endpoints').expect(200)
  return String((body as { data: { id: string }[] }).data[0]?.id)
}
