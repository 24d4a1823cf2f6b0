import { openReceiver, outbox, type Receiver, TELLING, verify } from '../helpers/receiver'
import { World } from '../helpers/world'
import { DEFERRED } from '../routes/support'
import { createStage, enter, goTo, scrollsSideways, violationsOf } from './support'

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
    await page.getByRole('button', { name: `Send again wd_${paid.id}_1` }).click()
    const again = page.getByRole('dialog', { name: 'Send it again' })
    await again.getByLabel('Reason').fill('it is up again')
    await again.getByRole('button', { name: 'Send it again' }).click()
    await page.getByRole('button', { name: `Send again wd_${paid.id}_1` }).waitFor({ state: 'detached' })
    await outbox(world).run()
    expect(receiver.received.map(({ id }) => id)).toEqual([`wd_${paid.id}_1`])

    await page.setViewportSize({ width: 360, height: 780 })
    expect(await scrollsSideways(page)).toBe(false)
    expect(await violationsOf(page)).toEqual([])
    expect(complaints).toEqual([])
  })
})
