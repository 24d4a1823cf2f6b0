import { batch, camt, e2e, entry, MESSAGE, pain002 } from './bank-documents'
import { anOrder, createRig, ITEMS, queryOf, type Rig } from './rig'

/**
 * Goal: a bank that refuses a file because it has it already gives nothing back, whatever code it puts it in. Method:
 * the same refusal with the codes and words that banks use for it, beside refusals that sound alike.
 */
async function ordered(): Promise<Rig> {
  const rig = await createRig()
  await rig.provider.submit(anOrder())
  return rig
}
const statusOf = async ({ provider }: Rig) => {
  const outcome = await provider.lookup(queryOf(ITEMS[0]!))
  return outcome.kind === 'accepted' && outcome.status?.startsWith('UNCLEAR') ? 'unclear' : outcome.kind
}
const refused = (reason: string, at: 'file' | 'payment' = 'file') => {
  const level = at === 'file' ? { group: 'RJCT' } : { payments: [[0, 'RJCT']] as const }
  const information = `<StsRsnInf>${reason}</StsRsnInf>`
  return pain002(level).replace(
    at === 'file' ? '<GrpSts>RJCT</GrpSts>' : '<TxSts>RJCT</TxSts>',
    (status) => status + information,
  )
}
const narrated = (words: string, code = 'NARR') => `<Rsn><Cd>${code}</Cd></Rsn><AddtlInf>${words}</AddtlInf>`

describe('a refusal of what the bank has already', () => {
  it.each([
    '<Rsn><Cd>DU01</Cd></Rsn>',
    '<Rsn><Prtry>DUPLICATE_FILE</Prtry></Rsn>',
    '<Rsn><Prtry>Doppeleinreichung</Prtry></Rsn>',
    narrated('Duplicate message identification'),
    narrated('File was already received on 2026-11-20', 'FF01'),
    narrated('Instruction ID 0123 already exist'),
    narrated('The message id is not unique'),
    '<AddtlInf>Fichier en doublon</AddtlInf>',
    narrated('see next').replace('</AddtlInf>', '</AddtlInf><AddtlInf>Duplikat der Datei</AddtlInf>'),
  ])('gives nothing back (%s)', async (reason) => {
    for (const at of ['file', 'payment'] as const) {
      const rig = await ordered()
      await rig.ingest(pain002({ group: 'ACCP' }))
      const { problems } = await rig.ingest(refused(reason, at))
      expect(problems.join(' ')).not.toContain('given back')
      expect(await statusOf(rig)).toBe('accepted')
      await rig.ingest(camt('053', [entry({ amount: '175.55', details: batch(MESSAGE) })]))
      expect(await statusOf(rig)).toBe('settled')
    }
  })

  it('with nothing said of a first copy is asked about, and repeats no words of the bank', async () => {
    const rig = await ordered()
    const { problems } = await rig.ingest(refused(narrated('Duplicate of a payment to Jane Roe'), 'payment'))
    expect(await statusOf(rig)).toBe('unclear')
    expect(problems).toEqual([expect.stringContaining(`Payment ${e2e(0)}`)])
    expect(problems.join(' ')).not.toContain('Jane')
  })
})

describe('a refusal of a whole file that the bank has already', () => {
  it('gives nothing back of payments that it lists with a reason of their own', async () => {
    const rig = await ordered()
    await rig.ingest(pain002({ group: 'RJCT', reason: 'DU01', payments: [[0, 'RJCT', 'MS03']] }))
    expect(await statusOf(rig)).toBe('unclear')
  })
})

describe('a refusal of a whole file without a reason', () => {
  it('gives nothing back of it where the payments that it lists are refused as repetitions', async () => {
    const rig = await ordered()
    const listed = pain002({ block: 'RJCT', payments: [[1, 'RJCT']] })
    const { problems } = await rig.ingest(
      listed.replace(
        '<TxSts>RJCT</TxSts>',
        `<TxSts>RJCT</TxSts><StsRsnInf>${narrated('id already exist')}</StsRsnInf>`,
      ),
    )
    expect(await statusOf(rig)).toBe('unclear')
    expect(problems.join(' ')).not.toContain('given back')
  })
})

describe('a refusal for another reason', () => {
  it.each([
    '<Rsn><Cd>AC04</Cd></Rsn>',
    narrated('Account already closed', 'AC04'),
    narrated('Insufficient funds', 'AM04'),
    '<Rsn><Prtry>ZZ99</Prtry></Rsn>',
  ])('gives back (%s)', async (reason) => {
    const rig = await ordered()
    await rig.ingest(refused(reason))
    expect(await statusOf(rig)).toBe('declined')
  })
})
