import type { Page } from 'playwright-core'

import { World } from '../helpers/world'
import { DEFERRED } from '../routes/support'
import { createStage, scrollsSideways, violationsOf } from './support'

/**
 * Goal: who is handed the evidence of a withdrawal, an auditor or a court, reads it on whatever there is, and on paper.
 * Method: the page as it is taken from the desk, opened in Chromium: words without an end, and an entry that was rewritten.
 */
const [DARK, LIGHT] = ['rgb(23, 24, 28)', 'rgb(255, 255, 255)']
const stage = createStage()

async function rewritten(): Promise<string> {
  const world = await World.create(stage.database)
  const { id } = await world.withdrawn(DEFERRED)
  await world
    .operate(`/admin/withdrawals/${id}/hold`, { reason: `${'Donaudampfschifffahrt'.repeat(20)} <b>` })
    .expect(200)
  await stage.database.transaction((tx) =>
    tx.script(`set local session_replication_role = replica;
      update bank_withdrawal.journal set actor = 'user:9' where seq = 2`),
  )
  const query = `format=html&reason=${'W'.repeat(300)}`
  const { text } = await world.see(`/admin/withdrawals/${id}/evidence?${query}`).expect(200)
  return text
}

const groundOf = (page: Page): Promise<unknown> =>
  page.evaluate('getComputedStyle(document.body).backgroundColor')

it.each([
  { where: 'a phone in the dark', width: 360, colorScheme: 'dark' as const, ground: DARK },
  { where: 'a wide screen', width: 1280, colorScheme: 'light' as const, ground: LIGHT },
])('reads well on $where, is light on paper, and says that its journal is not whole', async (screen) => {
  const evidence = await rewritten()
  const { page, complaints } = await stage.visit({
    viewport: { width: screen.width, height: 800 },
    colorScheme: screen.colorScheme,
  })
  await page.setContent(evidence)
  await page.getByText('The journal is NOT whole').waitFor()
  await page.getByText('NOT INTACT').first().waitFor()
  expect(await scrollsSideways(page)).toBe(false)
  expect(await violationsOf(page)).toEqual([])
  expect(await groundOf(page)).toBe(screen.ground)
  await page.emulateMedia({ media: 'print' })
  expect(await groundOf(page)).toBe(LIGHT)
  expect(complaints).toEqual([])
})
