import type { ProviderDocuments } from '../../../src/ports/payment-provider'
import { createPace, DOCUMENTS_A_TURN, STEPS_A_TURN } from '../../../src/providers/sepa/pace'
import { readReport } from '../../../src/providers/sepa/reader/read-report'
import { PARSED_AT_ONCE } from '../../../src/providers/sepa/reader/xml-tree'
import { batch, camt, entry, pain002, part } from './bank-documents'
import { anItem, anOrder, createRig, queryOf } from './rig'

/**
 * Goal: a long report never holds the event loop, which is a whole exchange's. Method: count what is done between the
 * ends of two turns, on documents that answer at once, so that nothing but the turns lets others in. Times are in
 * docs/providers/sepa.md; here is no clock.
 */
const ITEMS = Array.from({ length: 1_500 }, (_, at) => anItem(at + 1, '1'))
const ORDER = anOrder(ITEMS)

/** Documents that never wait, and how many of them were read or written in the longest turn. */
function countedDocuments() {
  const documents = new Map<string, { value: unknown; version: number }>()
  const count = { turns: 0, now: 0, most: 0, all: 0 }
  const counted = <Result>(result: Result): Promise<Result> => {
    count.all++
    count.most = Math.max(count.most, ++count.now)
    return Promise.resolve(result)
  }
  const store: ProviderDocuments = {
    read: (id) => counted(documents.get(id) ?? null),
    create(id, value) {
      if (documents.has(id)) return counted(false)
      documents.set(id, { value, version: 1 })
      return counted(true)
    },
    replace(id, value, version) {
      if (documents.get(id)?.version !== version) return counted(false)
      documents.set(id, { value, version: version + 1 })
      return counted(true)
    },
    list: () => counted([]),
  }
  const endOfTurn = () => {
    count.turns++
    count.now = 0
    return Promise.resolve()
  }
  return { store, count, endOfTurn }
}

async function ordered() {
  const { store, count, endOfTurn } = countedDocuments()
  const rig = await createRig({}, { documents: store, endOfTurn })
  await rig.provider.submit(ORDER)
  const during = async (work: () => Promise<unknown>) => {
    Object.assign(count, { turns: 0, now: 0, most: 0, all: 0 })
    await work()
    return { ...count }
  }
  return { rig, during }
}

const details = ITEMS.map(({ endToEndId }) => part(endToEndId, '1.00'))
const oneByOne = camt(
  '053',
  details.map((each) => entry({ amount: '1.00', details: each })),
)
const inOneBooking = camt('053', [entry({ amount: '1500.00', details: details.join('') })])
const withoutParts = camt('053', [entry({ amount: '1500.00', details: batch() })])
const statuses = pain002({ payments: [[0, 'RJCT', 'AC01']] }).replace(
  /<TxInfAndSts>.*<\/TxInfAndSts>/s,
  ITEMS.map(
    ({ endToEndId }) =>
      `<TxInfAndSts><OrgnlEndToEndId>${endToEndId}</OrgnlEndToEndId><TxSts>RJCT</TxSts></TxInfAndSts>`,
  ).join(''),
)
/** A payment's document is read and written, and an odd one beside it. */
const DOCUMENTS_MAX = 2 * DOCUMENTS_A_TURN + 8

describe('a long report', () => {
  it.each([
    ['with a booking for each payment', oneByOne, 'settled'],
    ['with one booking of them all', inOneBooking, 'settled'],
    ['with one booking that does not name them', withoutParts, 'settled'],
    ['with a status of each payment', statuses, 'declined'],
  ])('%s is taken in by turns, each with few documents and few steps', async (_what, report, kind) => {
    const { rig, during } = await ordered()
    const { turns, most, all } = await during(() => rig.ingest(report))
    expect(all).toBeGreaterThanOrEqual(ITEMS.length)
    expect(most).toBeLessThanOrEqual(DOCUMENTS_MAX)
    // Pieces of the text, documents, and one step at least of reckoning about each payment.
    expect(turns).toBeGreaterThanOrEqual(
      Math.floor(report.length / PARSED_AT_ONCE) +
        Math.floor(ITEMS.length / DOCUMENTS_A_TURN) +
        Math.floor(ITEMS.length / STEPS_A_TURN),
    )
    for (const at of [0, ITEMS.length - 1])
      expect(await rig.provider.lookup(queryOf(ITEMS[at]!))).toMatchObject({ kind })
  })

  it('is looked up by turns too', async () => {
    const { rig, during } = await ordered()
    await rig.ingest(statuses)
    const { most, all } = await during(() =>
      Promise.resolve(
        rig.provider.lookupOrder?.({ orderKey: ORDER.key, orderReference: null, currency: 'eur' }),
      ),
    )
    expect(all).toBeGreaterThanOrEqual(ITEMS.length)
    expect(most).toBeLessThanOrEqual(DOCUMENTS_MAX)
  })

  it('costs twice as many documents when it is twice as long, and no more', async () => {
    const costOf = async (count: number) => {
      const { rig, during } = await ordered()
      const half = camt(
        '053',
        details.slice(0, count).map((each) => entry({ amount: '1.00', details: each })),
      )
      return (await during(() => rig.ingest(half))).all
    }
    const [short, long] = [await costOf(700), await costOf(1_400)]
    expect(long).toBeLessThan(2 * short)
  })

  it('is judged without going through all rejections again for each payment', async () => {
    const { store, endOfTurn } = countedDocuments()
    let enumerated = 0
    const watched = (value: unknown): unknown => {
      const { rejected, ...said } = value as { rejected: Record<string, string> }
      const ownKeys = (target: object) => {
        enumerated++
        return Reflect.ownKeys(target)
      }
      return { ...said, rejected: new Proxy(rejected, { ownKeys }) }
    }
    const documents: ProviderDocuments = {
      ...store,
      async read(id) {
        const found = await store.read(id)
        return found && id.startsWith('said/') ? { ...found, value: watched(found.value) } : found
      },
    }
    const rig = await createRig({}, { documents, endOfTurn })
    await rig.provider.submit(ORDER)
    await rig.ingest(
      pain002({ payments: [[0, 'RJCT', 'AC01']] }).replaceAll(ITEMS[0]!.endToEndId, ITEMS[9]!.endToEndId),
    )
    enumerated = 0
    await rig.ingest(camt('053', [entry({ amount: '1499.00', details: batch() })]))
    await rig.provider.lookupOrder?.({ orderKey: ORDER.key, orderReference: null, currency: 'eur' })
    expect(enumerated).toBeLessThan(10)
    expect(await rig.provider.lookup(queryOf(ITEMS[9]!))).toMatchObject({ kind: 'declined' })
    expect(await rig.provider.lookup(queryOf(ITEMS[8]!))).toMatchObject({ kind: 'settled' })
  })

  it.each([
    ['entries', oneByOne],
    ['parts of one entry', inOneBooking],
    ['one text without end', `<Document><a>${'x'.repeat(1_000_000)}</a></Document>`],
    ['a comment without end', `<!--${'x'.repeat(1_000_000)}--><Document/>`],
  ])('is parsed in pieces, be it of %s', async (_what, text) => {
    const pieces: number[] = []
    const content = Buffer.from(text)
    let from = 0
    const watched = new Proxy(content, {
      get(target, name) {
        if (name === 'subarray')
          return (start: number, end: number) => {
            from += Math.min(end, target.length) - start
            return target.subarray(start, end)
          }
        return Reflect.get(target, name, target) as unknown
      },
    })
    const pace = createPace(() => {
      pieces.push(from)
      from = 0
      return Promise.resolve()
    })
    await readReport(watched, 10_000_000, pace).catch(() => {})
    expect(Math.max(...pieces)).toBeLessThanOrEqual(PARSED_AT_ONCE + 200)
    expect(pieces.length).toBeGreaterThanOrEqual(Math.floor(content.length / PARSED_AT_ONCE))
  })
})
