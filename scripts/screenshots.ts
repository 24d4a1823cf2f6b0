/**
 * Takes pictures of the users' page and of each page of the desk, in the light and in the dark, against a server that runs, into docs/images.
 * Those that a page of the documentation shows are kept.
 *
 * npm run screenshots -- http://127.0.0.1:8080
 */
import fs from 'node:fs'
import path from 'node:path'

import type { Browser, Page } from 'playwright-core'

import { openBrowser } from '../test/browser/chromium'

const IMAGES = path.join(__dirname, '../docs/images')
const PLACES: readonly (readonly [name: string, place: string])[] = [
  ['now', ''],
  ['withdrawals', 'withdrawals'],
  ['batches', 'batches'],
  ['float', 'float'],
  ['differences', 'differences'],
  ['books', 'books'],
  ['files', 'files'],
  ['policy', 'policy'],
  ['settings', 'settings'],
  ['notices', 'notices'],
  ['audit', 'audit'],
  ['control', 'control'],
]

async function main(): Promise<void> {
  const address = process.argv[2] ?? 'http://127.0.0.1:8080'
  fs.mkdirSync(IMAGES, { recursive: true })
  const browser = await openBrowser()
  try {
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({ colorScheme, viewport: { width: 1180, height: 760 } })
      const page = await context.newPage()
      await page.goto(`${address}/plugins/bank/withdrawal/admin/?sandbox`)
      await shoot(page, `sign-in-${colorScheme}`)
      await page.getByRole('button', { name: 'Enter as the sandbox’s operator' }).click()
      for (const [name, place] of PLACES) {
        await go(page, place)
        await shoot(page, `${name}-${colorScheme}`)
      }
      await go(page, '')
      await page.locator('.question a').first().click()
      await page.locator('.timeline').waitFor()
      await shoot(page, `withdrawal-${colorScheme}`)
      await page.locator('.actions button').first().click()
      await shoot(page, `decision-${colorScheme}`)
      await context.close()
      await shootUser(browser, address, colorScheme)
    }
  } finally {
    await browser.close()
  }
}

/** Not asked by an operator yet, so that it waits. */
const WAITS = '10.04'

/** A withdrawal from the first click to the receipt, wide and on a phone. */
async function shootUser(browser: Browser, address: string, colorScheme: 'light' | 'dark'): Promise<void> {
  for (const [where, width] of [
    ['wide', 1180],
    ['phone', 360],
  ] as const) {
    const viewport = { width, height: 760 }
    const context = await browser.newContext({ colorScheme, viewport, locale: 'en-GB' })
    const page = await context.newPage()
    const shown = (name: string) => shoot(page, `user-${name}-${where}-${colorScheme}`, true)
    await page.goto(address)
    await page.getByRole('button', { name: /Ada Lovelace/ }).waitFor()
    await shown('sign-in')
    await page.getByRole('button', { name: /Ada Lovelace/ }).click()
    await page.getByLabel('Another bank account').check()
    await page.getByLabel('IBAN').fill('FR14 2004 1010 0505 0001 3M02 606')
    await page.getByLabel('Account holder').fill('Ada Lovelace')
    await page.getByLabel('Amount').fill(WAITS)
    await shown('form')
    await page.getByRole('button', { name: 'Review' }).click()
    await page.getByRole('heading', { name: 'Is this right?' }).waitFor()
    await shown('review')
    await page.getByRole('button', { name: /^Withdraw €/ }).click()
    await page.locator('.bw-steps li').nth(2).waitFor()
    await shown('followed')
    await page.getByRole('button', { name: 'Receipt' }).click()
    await shown('receipt')
    await context.close()
  }
}

async function go(page: Page, place: string): Promise<void> {
  await page.evaluate(`window.location.hash = ${JSON.stringify(`#/${place}`)}; undefined`)
  await page.locator('main h1').waitFor()
  await page.locator('.skeleton').first().waitFor({ state: 'detached' })
}

async function shoot(page: Page, name: string, fullPage = false): Promise<void> {
  await page.evaluate('document.fonts.ready.then(() => undefined)')
  await page.screenshot({ path: path.join(IMAGES, `${name}.png`), fullPage })
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
