import fc from 'fast-check'

import { sealOf, sliceIntoBatches } from '../../src/domain/batch'
import { judgeBatch } from '../../src/services/batches/judge-batch'

const member = (n: number) => ({
  ...{ id: `w${n}`, payoutKey: `BW-${n}`, endToEndId: `E${n}`, currency: 'eur', destinationHash: 'h' },
  payoutAmount: `${n}.1`,
})

describe('what is due, cut into batches,', () => {
  it('is in one each, none larger than the provider or an earlier refusal allows', () => {
    const row = fc.record({ batchSizeMax: fc.option(fc.nat(50)), id: fc.uuid() })
    fc.assert(
      fc.property(fc.array(row), fc.integer({ min: 1, max: 40 }), (rows, maxItems) => {
        const slices = sliceIntoBatches(rows, maxItems)
        expect(slices.flat().length).toBe(rows.length)
        expect(new Set(slices.flat())).toEqual(new Set(rows))
        for (const slice of slices) {
          expect(slice.length).toBeGreaterThan(0)
          for (const { batchSizeMax } of slice)
            expect(slice.length).toBeLessThanOrEqual(
              Math.max(1, Math.min(maxItems, batchSizeMax ?? maxItems)),
            )
        }
      }),
      { seed: Number(process.env.TEST_SEED) },
    )
  })

  it('is cut in moments, however much it is', () => {
    const rows = Array.from({ length: 100_000 }, () => ({ batchSizeMax: null }))
    expect(sliceIntoBatches(rows, 15_000)).toHaveLength(7)
  })
})

describe('the seal of a batch', () => {
  it('changes with every member, its order and what it says', () => {
    const [a, b] = [member(1), member(2)]
    const hashes = [[a], [b], [a, b], [b, a], [{ ...a, payoutAmount: '1.2' }, b]].map(
      (members) => sealOf(members).payloadHash,
    )
    expect(new Set(hashes).size).toBe(5)
    expect(sealOf([a, b]).total).toBe('3.2')
  })
})

describe('an answer to a batch', () => {
  it('always leaves a refused batch smaller, so that refusing ends', () => {
    for (let size = 1; size <= 40; size++) {
      const keys = Array.from({ length: size }, (_, n) => `k${n}`)
      const refused = { kind: 'deferred', why: 'batch_refused' } as const
      const each = Object.fromEntries(keys.map((key) => [key, refused]))
      for (const answer of [refused, { ...refused, items: each }, { kind: 'accepted', items: each } as const])
        for (const key of keys)
          expect(judgeBatch(keys, answer).of(key).batchSizeMax).toBe(Math.floor(size / 2))
    }
  })

  it('names nobody with a name that every object has', () => {
    const verdict = judgeBatch(['constructor', 'k'], { kind: 'unknown', why: 'x', items: {} })
    expect(verdict.of('constructor').outcome).toEqual({ kind: 'unknown', why: 'x' })
  })
})
