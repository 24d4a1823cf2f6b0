import type { ItemAnswer } from '../../../src/providers/paypal/answers'
import { listingOf } from '../../../src/providers/paypal/listing'
import { outcomesIn } from '../../../src/providers/paypal/outcomes'

/** Goal: a full batch is judged in one pass, and not in one breath. Method: reads and turns are counted, no clock. */
const FULL = 15_000

function listing(reads: { key: number }) {
  const items = Array.from({ length: FULL }, (_, n): ItemAnswer => {
    const key = `BW-${n}`
    return {
      itemId: `I${n}`,
      get key() {
        reads.key++
        return key
      },
      ...{ status: n % 3 === 0 ? 'SUCCESS' : 'PENDING', transactionId: `T${n}` },
      ...{ money: { currency: 'eur', amount: '1.5' }, receiver: null, error: null },
    }
  })
  const header = { batchId: 'B', key: 'B-1', status: 'PROCESSING', amount: null }
  return listingOf({ header, items, totalItems: FULL, totalPages: 15 }, items)
}

describe('a batch of 15,000 at PayPal', () => {
  it('is judged with a few looks at each payout, not at all of them for each', async () => {
    const reads = { key: 0 }
    const outcomes = await outcomesIn(listing(reads), 'eur')
    expect(Object.keys(outcomes)).toHaveLength(FULL)
    expect(outcomes['BW-0']).toMatchObject({ kind: 'settled', reference: 'I0', amount: '1.5' })
    expect(outcomes['BW-14999']).toMatchObject({ kind: 'accepted', reference: 'I14999' })
    expect(reads.key).toBeLessThanOrEqual(5 * FULL)
  })

  it('lets everybody else have a turn while it is judged', async () => {
    let turns = 0
    let isDone = false
    const others = (async () => {
      while (!isDone) {
        await new Promise(setImmediate)
        turns++
      }
    })()
    await outcomesIn(listing({ key: 0 }), 'eur')
    isDone = true
    await others
    expect(turns).toBeGreaterThanOrEqual(FULL / 500)
  })

  it('is in doubt about a payout that is listed twice', async () => {
    const twice = listing({ key: 0 })
    const items = [...twice.items, { ...twice.items[0]!, itemId: 'J0', key: 'BW-0' }]
    const again = listingOf({ header: twice.header, items, totalItems: items.length, totalPages: 16 }, items)
    expect((await outcomesIn(again, 'eur'))['BW-0']).toMatchObject({ kind: 'unknown' })
  })
})
