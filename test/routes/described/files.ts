import type { PaymentProvider, Voided } from '../../../src/ports/payment-provider'
import type { TestDatabase } from '../../helpers/databases'
import { World } from '../../helpers/world'
import { SEVERAL } from '../admin/two-operators'
import type { Answers } from '../answers'
import { asker, lookAround, WHY } from './asker'

const PLACE = { provider: 'sandbox' }
const HERE = { at: PLACE, query: '?reason=r&name=camt.xml' }
const bytes = (text: string) => ({ ...HERE, headers: { 'Content-Type': 'application/xml' }, body: text })

function file(name: string, total: string) {
  return { name, orderKey: 'B', currency: 'eur', total, itemCount: 1, createdAt: '2026-01-05T09:00:00.000Z' }
}
const SMALL = file('small.xml', '10')
const LARGE = file('large.xml', '500')

/** A bank that is written files and writes some, as the test wants; the large one needs two operators. */
async function fileWorld(database: TestDatabase) {
  const bank = { files: [SMALL, LARGE], voided: { kind: 'voided', payouts: [] } as Voided, isKnown: true }
  const provider = (real: PaymentProvider): PaymentProvider => ({
    ...real,
    ingestBytesMax: 10,
    preview: () => Promise.resolve({ documentId: 'D', payouts: [] }),
    ingest: () =>
      Promise.resolve({
        documentId: 'D',
        isRepeated: false,
        payouts: [],
        problems: ['One is none of ours.'],
      }),
    outbox: {
      list: () => Promise.resolve(bank.files),
      read: (name) =>
        Promise.resolve(
          name === SMALL.name ? { content: Buffer.from('<x/>'), mediaType: 'application/xml' } : null,
        ),
      void: () => Promise.resolve(bank.voided),
    },
  })
  const world = await World.create(database, { config: SEVERAL, around: { provider } })
  return { world, bank, provider }
}

/** Files between a provider and its bank. */
export function describeFiles(answers: Answers, database: () => TestDatabase): void {
  it('is kept by files for a bank and from it', async () => {
    const { world } = await fileWorld(database())
    const ask = asker(answers, world)
    await ask('handInReport', '200', bytes('<x/>'))
    await ask('handInReport', 'body_too_large', bytes('<x>too much of it</x>'))
    const { data } = (await ask('listReports', '200', HERE)) as { data: { document_id: string }[] }
    expect(data).toHaveLength(1)
    const [report] = await world.database.query<{ document: string }>(
      'select document_id as document from bank_withdrawal.bank_reports',
    )
    await ask('getReport', '200', { ...HERE, at: { ...PLACE, document: String(report?.document) } })
    await ask('getReport', 'file_not_found', { ...HERE, at: { ...PLACE, document: 'nothing' } })

    await ask('listFiles', '200', HERE)
    const small = { ...HERE, at: { ...PLACE, name: SMALL.name } }
    await ask('getFile', '200', small)
    await ask('getFile', 'file_not_found', { ...HERE, at: { ...PLACE, name: 'nothing' } })
    await ask('getFile', 'provider_not_found', { ...HERE, at: { provider: 'nobody', name: 'x' } })
    await ask('stopEverything', '200', { body: WHY })
    await ask('getFile', 'action_not_possible', small)
    await lookAround(answers, world)
  })

  it('is kept by files that never reached the bank', async () => {
    const { world, bank } = await fileWorld(database())
    const ask = asker(answers, world)
    const of = (name: string) => ({ at: { ...PLACE, name }, body: WHY })
    const { payoutKey } = await world.withdrawn(10)
    bank.files = [{ ...SMALL, orderKey: payoutKey }, LARGE]
    await ask('voidFile', 'own_withdrawal', { ...of(SMALL.name), by: 1 })
    await ask('voidFile', '200', of(SMALL.name))
    await ask('voidFile', 'file_not_found', of('nothing'))
    const { approval } = (await ask('voidFile', '202', of(LARGE.name))) as { approval: { id: string } }
    await ask('voidFile', 'already_proposed', of(LARGE.name))
    bank.voided = { kind: 'refused', message: 'The bank has booked it.' }
    await ask('voidFile', 'action_not_possible', of(SMALL.name))
    bank.files = []
    await ask('confirmApproval', 'file_not_found', { at: { id: approval.id }, body: WHY, by: 3 })
    await lookAround(answers, world)
  })

  it('is kept by a report of which nobody can say what it speaks', async () => {
    const { world, provider } = await fileWorld(database())
    await world.start({
      provider: (real) => {
        const { preview: _none, ...rest } = provider(real)
        return rest
      },
    })
    await asker(answers, world)('handInReport', '202', bytes('<x/>'))
    await lookAround(answers, world)
  })
}
