import { sliceIntoBatches } from '../../src/domain/batch'

describe('what is due, cut into batches', () => {
  const row = (id: string, batchSizeMax: number | null = null) => ({ id, batchSizeMax })
  const cut = (rows: readonly { id: string; batchSizeMax: number | null }[], max: number) =>
    sliceIntoBatches(rows, max).map((slice) => slice.map(({ id }) => id).join(''))

  it('fills each batch to the limit', () => {
    expect(
      cut(
        ['a', 'b', 'c', 'd', 'e'].map((id) => row(id)),
        2,
      ),
    ).toEqual(['ab', 'cd', 'e'])
  })

  it('keeps to the smaller batches that a refused one goes on in', () => {
    expect(cut([row('a', 2), row('b'), row('c', 2), row('d', 2)], 10)).toEqual(['acd'.slice(0, 2), 'd', 'b'])
  })

  it('leaves one that was refused alone by itself, and cuts the others as ever', () => {
    expect(cut([row('a', 0), row('b'), row('c', 0), row('d')], 10)).toEqual(['a', 'c', 'bd'])
  })
})
