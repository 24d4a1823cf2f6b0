import { sandboxDefinition } from '../../src/providers/sandbox'
import { acmeBank } from '../helpers/acme-bank'
import { keyNamed } from '../helpers/keys'
import { World } from '../helpers/world'
import { createStage, enter, goTo, scrollsSideways, violationsOf } from './support'

/** Goal: an operator sets the plugin up without a restart, a form of raw names or a secret on the screen. */
const stage = createStage()

describe('an operator in the settings', () => {
  it('switches a provider on, tries it, saves it, and undoes it', async () => {
    const world = await World.create(stage.database, {
      definitions: [sandboxDefinition, acmeBank()],
      config: { encryptionKeys: keyNamed('k') },
    })
    const listener = await stage.serve(world)
    const here = await stage.visit()
    const { page, complaints } = here
    await enter(page, listener.url)
    await page.getByRole('heading', { name: 'First steps' }).waitFor()
    await goTo(page, 'settings')
    await page.getByRole('heading', { name: 'Settings', exact: true }).waitFor()
    expect(await violationsOf(page)).toEqual([])

    await page.getByLabel('Providers', { exact: true }).fill('acme, gone')
    await page.getByText('A list of sandbox, acme.').waitFor()
    await page.getByLabel('Providers', { exact: true }).fill('acme')
    const acme = page.getByRole('region', { name: 'Acme Bank' })
    await acme.getByText('How it is reached').click()
    await acme.getByLabel('Account', { exact: true }).fill('A1')
    await acme.getByLabel('Secret', { exact: true }).fill('wrong-secret')
    await page.getByRole('button', { name: 'Try them' }).click()
    await page.getByText('Acme does not know this secret.').waitFor()
    await page.getByRole('button', { name: 'Save all the same' }).waitFor()

    await acme.getByLabel('Secret', { exact: true }).fill('right-secret')
    await page.getByLabel('Schedule', { exact: true }).fill('30 15 * * 1-5')
    await page.getByRole('button', { name: 'Try them' }).click()
    await page.getByText('It answers, and takes these settings.').waitFor()
    const would = page.getByRole('region', { name: 'When payouts would leave' })
    await would.getByText('30 15 * * 1-5').waitFor()
    expect(await would.getByRole('time').count()).toBe(5)
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Save the settings' })
    await dialog.getByLabel('Reason').fill('our first bank')
    await dialog.getByRole('button', { name: 'Save the settings' }).click()
    await page.getByText('our first bank').first().waitFor()
    expect((await world.withdrawn(10)).provider).toBe('acme')
    expect(await page.content()).not.toContain('right-secret')

    await page.getByRole('button', { name: 'Undo version 1' }).click()
    const undo = page.getByRole('dialog', { name: 'Set nothing any more' })
    await undo.getByLabel('Reason').fill('not yet')
    await undo.getByRole('button', { name: 'Set nothing any more' }).click()
    await page.getByText('Version 2', { exact: true }).waitFor()
    expect((await world.withdrawn(10)).provider).toBe('sandbox')
    await page.setViewportSize({ width: 360, height: 780 })
    expect(await scrollsSideways(page)).toBe(false)
    expect(complaints).toEqual([])
  })
})
