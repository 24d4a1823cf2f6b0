import fc from 'fast-check'

import type { ProviderDocuments } from '../../../src/ports/payment-provider'
import { memoryDocuments } from '../sandbox/memory-documents'
import { anItem, anOrder, createRig, ITEMS, queryOf } from './rig'

/**
 * Goal: one order, one file, for ever; one payment, one order. Method: ask again, ask differently, ask at once, and die
 * at every single write, then look at all files that exist.
 */
const filesOf = async (rig: Awaited<ReturnType<typeof createRig>>) =>
  (await rig.provider.outbox?.list()) ?? []

describe('an order', () => {
  it('is accepted with a reference for each payment, and found by its key', async () => {
    const rig = await createRig()
    const [first] = ITEMS
    expect(await rig.provider.submit(anOrder())).toMatchObject({
      kind: 'accepted',
      reference: 'BW-20261120-EUR-0001',
      items: { [first!.key]: { kind: 'accepted', reference: first!.endToEndId, status: 'FILED' } },
    })
    expect(await rig.provider.lookup(queryOf(first!))).toEqual({
      kind: 'accepted',
      reference: first!.endToEndId,
      status: 'FILED',
    })
    expect(Object.keys((await rig.provider.lookupOrder?.({ ...queryOf(first!) })) ?? {})).toEqual(
      ITEMS.map(({ key }) => key),
    )
    expect(await filesOf(rig)).toEqual([
      {
        name: 'BW-20261120-EUR-0001.xml',
        orderKey: 'BW-20261120-EUR-0001',
        currency: 'eur',
        total: '175.55',
        itemCount: 3,
        createdAt: '2026-11-20T10:00:00.000Z',
      },
    ])
  })

  it('asked for again, even days later by a program started anew, is the same file byte for byte', async () => {
    const rig = await createRig()
    await rig.provider.submit(anOrder())
    const before = await rig.file()

    await rig.clock.advance(3 * 24 * 3_600_000)
    const again = await rig.restart({ version: '03', debtorName: 'Somebody Else' })
    expect(await again.submit(anOrder([...ITEMS].reverse()))).toMatchObject({ kind: 'accepted' })
    expect(await again.outbox?.list()).toHaveLength(1)
    expect(Buffer.from((await again.outbox?.read('BW-20261120-EUR-0001.xml'))!.content).toString()).toBe(
      before,
    )
  })

  it('with the same key and other payments is never written', async () => {
    const rig = await createRig()
    await rig.provider.submit(anOrder())
    const before = await rig.file()

    for (const other of [
      anOrder(ITEMS.slice(0, 2)),
      anOrder([...ITEMS.slice(0, 2), anItem(3, '25.06', 'HR1210010051863000160', 'Ana Horvat')]),
      anOrder([...ITEMS.slice(0, 2), anItem(3, '25.05', 'NL91ABNA0417164300', 'Ana Horvat')]),
    ])
      expect(await rig.provider.submit(other)).toMatchObject({ kind: 'unknown' })
    expect(await filesOf(rig)).toHaveLength(1)
    expect(await rig.file()).toBe(before)
  })

  it('asked for twice at once is one file', async () => {
    const rig = await createRig()
    const [a, b] = await Promise.all([rig.provider.submit(anOrder()), rig.provider.submit(anOrder())])
    expect([a?.kind, b?.kind]).toEqual(['accepted', 'accepted'])
    expect(await filesOf(rig)).toHaveLength(1)
  })

  it('does not take a payment that another file already has', async () => {
    const rig = await createRig()
    await rig.provider.submit(anOrder())
    const other = anOrder([ITEMS[0]!, anItem(9, '1')], 'BW-other')

    expect(await rig.provider.submit(other)).toMatchObject({ kind: 'unknown' })
    expect(await filesOf(rig)).toHaveLength(1)
    expect(await rig.provider.lookup(queryOf(anItem(9, '1')))).toEqual({
      kind: 'not_found',
      conclusive: true,
    })
    expect(await rig.provider.lookup(queryOf(ITEMS[0]!, 'BW-other'))).toMatchObject({ kind: 'accepted' })
  })

  it('does not take another payout under a reference that is in use', async () => {
    const rig = await createRig()
    await rig.provider.submit(anOrder())
    const twin = { ...ITEMS[0]!, key: 'BW-somebody-else' }
    expect(await rig.provider.submit(anOrder([twin], 'BW-other'))).toMatchObject({ kind: 'unknown' })
    expect(await rig.provider.lookup(queryOf(twin, 'BW-other'))).toMatchObject({ kind: 'unknown' })
  })

  it.each([
    ['nothing in it', { items: [] }],
    ['another total', { total: '175.56' }],
    ['a payment twice', { items: [ITEMS[0]!, ITEMS[0]!], total: '200' }],
    ['a reference twice', { items: [ITEMS[0]!, { ...ITEMS[0]!, key: 'k' }], total: '200' }],
    [
      'a reference that names nothing',
      { items: [{ ...ITEMS[0]!, endToEndId: 'NOTPROVIDED' }], total: '100' },
    ],
    ['a reference banks would change', { items: [{ ...ITEMS[0]!, endToEndId: 'A/B' }], total: '100' }],
    ['another currency in it', { items: [{ ...ITEMS[0]!, currency: 'usd' }], total: '100' }],
  ])('with %s is refused as a whole, and nothing is made', async (_what, change) => {
    const rig = await createRig()
    const answer = await rig.provider.submit({ ...anOrder(), ...change })
    expect(answer).toMatchObject({ kind: 'deferred', why: 'batch_refused' })
    expect(await filesOf(rig)).toEqual([])
  })

  it('names the payments that cannot be written, so that the others go without them', async () => {
    const rig = await createRig()
    const bad = anItem(4, '10', 'NL91ABNA0417164300', '張偉')
    expect(await rig.provider.submit(anOrder([...ITEMS, bad]))).toMatchObject({
      kind: 'deferred',
      why: 'batch_refused',
      items: { [bad.key]: { kind: 'declined', code: 'invalid_identifier' } },
    })
    expect(await filesOf(rig)).toEqual([])
    expect(await rig.provider.submit(anOrder(ITEMS, 'BW-next'))).toMatchObject({ kind: 'accepted' })
  })

  it('takes as many payments as it says, and not one more', async () => {
    const rig = await createRig({ maxItems: 3 })
    const four = [...ITEMS, anItem(4, '1')]
    expect(await rig.provider.submit(anOrder(four))).toMatchObject({ kind: 'deferred', why: 'batch_refused' })
    expect(await rig.provider.submit(anOrder())).toMatchObject({ kind: 'accepted' })
  })

  it('that took longer than its deadline is not made: the engine has given up on it', async () => {
    const documents = memoryDocuments()
    const rig = await createRig(
      { timeoutMs: 5_000 },
      {
        documents: {
          ...documents,
          async create(id, value) {
            if (id.startsWith('item/')) await rig.clock.advance(2_000)
            return documents.create(id, value)
          },
        },
      },
    )
    await expect(rig.provider.submit(anOrder())).rejects.toMatchObject({ name: 'DeadlineError' })
    expect(await filesOf(rig)).toEqual([])
    expect(await rig.provider.lookup(queryOf(ITEMS[0]!))).toEqual({ kind: 'not_found', conclusive: true })
  })

  it('refuses bytes that somebody has changed in the store', async () => {
    const rig = await createRig()
    await rig.provider.submit(anOrder())
    const [piece] = await rig.documents.list('file/')
    await rig.documents.replace(piece!.id, 'H4sIAAAAAAAAAwMAAAAAAAAAAAA=', piece!.version)
    await expect(rig.file()).rejects.toThrow('not what was stored')
  })
})

describe('a payment whose order was begun and never made', () => {
  /** Dies when a document with this prefix is to be created. */
  const dyingAt = (documents: ProviderDocuments, prefix: string): ProviderDocuments => ({
    ...documents,
    create: (id, value) =>
      id.startsWith(prefix) ? Promise.reject(new Error('died')) : documents.create(id, value),
  })

  it('goes into another order, and the first can never be made any more', async () => {
    const documents = memoryDocuments()
    const dying = await createRig({}, { documents: dyingAt(documents, 'order/') })
    await expect(dying.provider.submit(anOrder(ITEMS, 'BW-first'))).rejects.toThrow('died')

    const rig = await createRig({}, { documents })
    expect(await rig.provider.lookup(queryOf(ITEMS[0]!, 'BW-first'))).toEqual({
      kind: 'not_found',
      conclusive: true,
    })
    expect(await rig.provider.submit(anOrder(ITEMS, 'BW-second'))).toMatchObject({ kind: 'accepted' })
    expect(await rig.provider.submit(anOrder(ITEMS, 'BW-first'))).toMatchObject({
      kind: 'deferred',
      why: 'provider_unavailable',
    })
    expect((await filesOf(rig)).map(({ orderKey }) => orderKey)).toEqual(['BW-second'])
  })

  it('is in one file only, when the first order wakes up after it was taken over', async () => {
    const documents = memoryDocuments()
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const slow = await createRig(
      {},
      {
        documents: {
          ...documents,
          create: async (id, value) => {
            if (id === 'order/BW-first') await held
            return documents.create(id, value)
          },
        },
      },
    )
    const first = slow.provider.submit(anOrder(ITEMS, 'BW-first'))
    const rig = await createRig({}, { documents })
    let second = await rig.provider.submit(anOrder(ITEMS, 'BW-second'))
    for (let tries = 0; tries < 20 && second.kind !== 'accepted'; tries++)
      second = await rig.provider.submit(anOrder(ITEMS, `BW-second-${tries}`))
    release()

    expect(await first).toMatchObject({ kind: 'deferred', why: 'provider_unavailable' })
    expect(await filesOf(rig)).toHaveLength(1)
  })
})

describe('an order whose program dies', () => {
  it('at any write leaves no file or the whole one, and is finished by asking again', async () => {
    let deaths = 0
    for (let dieAt = 1; ; dieAt++) {
      const documents = memoryDocuments()
      let writes = 0
      const mortal = (call: 'create' | 'replace') =>
        (async (...given: [string, unknown, number]) => {
          if (++writes >= dieAt) throw new Error('died')
          return call === 'create' ? documents.create(given[0], given[1]) : documents.replace(...given)
        }) as never
      const dying = await createRig(
        {},
        { documents: { ...documents, create: mortal('create'), replace: mortal('replace') } },
      )
      const died = await dying.provider.submit(anOrder()).then(
        () => false,
        () => true,
      )

      const rig = await createRig({}, { documents })
      const left = await filesOf(rig)
      const asked = await rig.provider.lookup(queryOf(ITEMS[0]!))
      expect(asked.kind).toBe(left.length === 1 ? 'accepted' : 'not_found')
      expect(await rig.provider.submit(anOrder())).toMatchObject({ kind: 'accepted' })
      expect(await filesOf(rig)).toHaveLength(1)
      if (!died) break
      deaths++
    }
    // Pieces, payments, message id, three claims, the order.
    expect(deaths).toBe(7)
  })
})

describe('any batch of payments', () => {
  const cents = fc.bigInt({ min: 1n, max: 99_999_999_999n })
  const name = fc.oneof(
    fc.string({ minLength: 1, maxLength: 140 }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
    fc.constantFrom('Jörg Müller', 'Žofie Dvořáková', 'Γιώργος', 'A&B <C> "D"'),
  )

  it('is written with exact totals and allowed characters only, and the same each time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cents, name, fc.string({ unit: 'binary' })), { minLength: 1, maxLength: 20 }),
        async (rows) => {
          const rig = await createRig()
          const items = rows
            .map(([amount, accountHolder, statementText], at) => ({
              ...anItem(
                at + 1,
                `${amount / 100n}.${String(amount % 100n).padStart(2, '0')}`,
                undefined,
                accountHolder,
              ),
              statementText,
            }))
            .filter((item) => rig.provider.check(item).length === 0)
          fc.pre(items.length > 0)
          const sum = items.reduce((total, { amount }) => total + BigInt(amount.replace('.', '')), 0n)
          const total = `${sum / 100n}.${String(sum % 100n).padStart(2, '0')}`
          const order = { ...anOrder(items), total }

          expect(await rig.provider.submit(order)).toMatchObject({ kind: 'accepted' })
          const xml = await rig.file()
          expect(xml.match(/<CtrlSum>([^<]*)</g)).toEqual([`<CtrlSum>${total}<`, `<CtrlSum>${total}<`])
          expect(xml.match(/<InstdAmt/g)).toHaveLength(items.length)
          expect(xml).toMatch(/^[\n -~]*$/)
          for (const [, text = ''] of xml.matchAll(/<(?:Nm|Ustrd)>([^<]*)</g))
            expect(text.replace(/&apos;/g, "'")).toMatch(/^[A-Za-z0-9/\-?:().,'+ ]+$/)
          expect(await rig.provider.submit(order)).toMatchObject({ kind: 'accepted' })
          expect(await rig.file()).toBe(xml)
        },
      ),
      { seed: Number(process.env.TEST_SEED), numRuns: 60 },
    )
  })
})
