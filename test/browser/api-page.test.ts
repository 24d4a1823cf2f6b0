import { BASE, World } from '../helpers/world'
import { createStage, focused, scrollsSideways, violationsOf } from './support'

/**
 * Goal: developers read the API's description, and try what only looks, on a page of ours that asks nobody else for
 * anything. Method: a real browser under the page's own policy; what is refused by it is a complaint.
 */
const stage = createStage()
const PAGE = `${BASE}/docs`

async function opened(options: Parameters<typeof stage.visit>[0], path = PAGE) {
  const world = await World.create(stage.database)
  const { url } = await stage.serve(world)
  const visit = await stage.visit(options)
  const others: string[] = []
  visit.page.on('request', (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith('data:')) others.push(request.url())
  })
  await visit.page.goto(`${url}${path}`)
  await visit.page.getByRole('heading', { name: 'Bank withdrawals' }).waitFor()
  return { ...visit, world, others }
}

describe('The page of the API’s description', () => {
  it('shows every route, and asks our server alone, for what only looks alone', async () => {
    const { page, world, complaints, others } = await opened(
      { colorScheme: 'light' },
      `${PAGE}/#/Users/getOptions`,
    )
    expect(await page.locator('.opblock').count()).toBeGreaterThan(80)
    await page.getByRole('button', { name: 'Authorize' }).click()
    await page.locator('#auth-bearer-value').fill(world.token(1))
    await page.getByRole('button', { name: 'Apply credentials' }).click()
    await page.getByRole('button', { name: 'Close', exact: true }).click()
    await page.getByRole('button', { name: 'Try it out' }).click()
    await page.getByRole('button', { name: 'Execute' }).click()
    await page.locator('.live-responses-table').getByText('"eur"').first().waitFor()

    await page.goto(page.url().replace(/#.*/, '#/Users/createWithdrawal'))
    await page.reload()
    await page.getByText('insufficient_balance').first().waitFor()
    expect(await page.getByRole('button', { name: 'Try it out' }).count()).toBe(0)
    expect(await violationsOf(page)).toEqual([])
    expect({ complaints, others }).toEqual({ complaints: [], others: [] })
  })

  it('is read in the dark, on a phone and with a keyboard', async () => {
    const { page, complaints } = await opened({
      ...{ colorScheme: 'dark', viewport: { width: 360, height: 780 } },
    })
    const route = page.getByRole('button', { name: 'Create a withdrawal' }).first()
    await route.focus()
    await page.keyboard.press('Enter')
    await page.getByText('insufficient_balance').first().waitFor()
    expect((await focused(page)).name).toContain('Create a withdrawal')
    expect(await scrollsSideways(page)).toBe(false)
    expect(await violationsOf(page)).toEqual([])
    expect(await page.evaluate('getComputedStyle(document.documentElement).colorScheme')).toBe('dark')
    expect(complaints).toEqual([])
  })
})
