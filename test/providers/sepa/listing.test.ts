import type { ListedPayout, PayoutPage } from '../../../src/ports/payment-provider'
import { anItem, anOrder, createRig, fixture, ITEMS, type Rig } from './rig'

/**
 * Goal: the reconciliation is told of every payment in the files, once, with what the bank has said of it. Method: the
 * story of the fixtures, then files that are larger than a page.
 */
const DAY = { since: new Date('2026-11-20T00:00:00Z'), until: new Date('2026-11-21T00:00:00Z') }
const PAGES_MAX = 20

async function listed({ provider }: Rig, range = DAY): Promise<readonly ListedPayout[]> {
  const found: ListedPayout[] = []
  let cursor: string | null = null
  for (let pages = 0; pages < PAGES_MAX; pages++) {
    const page: PayoutPage | undefined = await provider.listPayouts?.({ ...range, cursor })
    if (!page) throw new Error('The provider lists nothing.')
    found.push(...page.payouts)
    if (page.next === null) return found
    cursor = page.next
  }
  throw new Error('The list has no end.')
}

describe('what is in the files for the bank', () => {
  it('is listed with what the bank’s reports have said so far', async () => {
    const rig = await createRig()
    await rig.provider.submit(anOrder())
    const states = async () => (await listed(rig)).map(({ state }) => state)
    expect(await states()).toEqual(['open', 'open', 'open'])

    for (const name of ['2-pain.002.001.10-partial.xml', '3-camt.054.001.08-return.xml'])
      await rig.ingest(fixture(name))
    await rig.ingest(fixture('4-camt.053.001.08-statement.xml'))
    expect(await listed(rig)).toEqual(
      ITEMS.map(({ key, endToEndId, amount }, place) => ({
        ...{ key, amount, reference: endToEndId, currency: 'eur', at: '2026-11-20T10:00:00.000Z' },
        state: ['returned', 'failed', 'paid'][place],
      })),
    )
  })

  it('is listed by the time at which its file was made, and each payment once, however many there are', async () => {
    const rig = await createRig()
    const many = Array.from({ length: 4_100 }, (_, index) => anItem(1_000 + index, '1'))
    const few = [anItem(1, '2'), anItem(2, '3')]
    await rig.provider.submit(anOrder(many, 'BW-many'))
    await rig.provider.submit(anOrder(few, 'BW-few'))

    const keys = (await listed(rig)).map(({ key }) => key)
    expect(keys).toHaveLength(many.length + few.length)
    expect([...keys].sort()).toEqual([...many, ...few].map(({ key }) => key).sort())
    expect(await listed(rig, { since: DAY.until, until: new Date('2026-11-22T00:00:00Z') })).toEqual([])
  })

  it('is failed where its file never got to the bank', async () => {
    const rig = await createRig()
    await rig.provider.submit(anOrder())
    const [file] = (await rig.provider.outbox?.list()) ?? []
    await rig.provider.outbox?.void?.(String(file?.name))
    expect((await listed(rig)).map(({ state }) => state)).toEqual(['failed', 'failed', 'failed'])
  })
})
