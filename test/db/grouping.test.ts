import { createGrouping } from '../../src/db/grouping'

interface Write {
  readonly items: readonly string[]
  finish(): Promise<void>
  fail(error: Error): Promise<void>
}

/** Goal: who writes together, and who hears what. Method: a database that answers when the test says so. */
function createDatabase() {
  const writes: Write[] = []
  const settled = async () => {
    for (let turns = 0; turns < 20; turns++) await Promise.resolve()
  }
  const write = createGrouping<string, string>({
    keyOf: (item) => item.slice(0, 1),
    together: (items) =>
      new Promise((resolve, reject) => {
        writes.push({
          items,
          finish: () => (resolve(items.map((item) => `${item} written`)), settled()),
          fail: (error) => (reject(error), settled()),
        })
      }),
  })
  return { writes, write, at: (index: number) => writes[index] as Write }
}

const many = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => String.fromCharCode(1_000 + index))

const heard = (work: Promise<string>): Promise<unknown> => work.catch((error: unknown) => error)
const refusal = (code: string) => Object.assign(new Error(code), { code })

describe('what is written at the same moment', () => {
  it('goes at once, alone, while nobody else writes', () => {
    const { writes, write } = createDatabase()
    void write('a1')
    expect(writes.map(({ items }) => items)).toEqual([['a1']])
  })

  it('waits for no timer: it is written together when the group before is done', async () => {
    const { writes, write, at } = createDatabase()
    for (const item of ['a1', 'b1', 'c1', 'd1', 'e1']) void write(item)
    expect(writes.map(({ items }) => items)).toEqual([['a1']])

    await at(0).finish()
    expect(writes.map(({ items }) => items)).toEqual([['a1'], ['b1', 'c1', 'd1', 'e1']])
  })

  it('goes in a second group beside the first once it is much, and in no third', async () => {
    const { writes, write, at } = createDatabase()
    for (const item of many(60)) void write(item)
    expect(writes.map(({ items }) => items.length)).toEqual([1, 16])

    await at(1).finish()
    expect(writes.map(({ items }) => items.length)).toEqual([1, 16, 43])
    await at(2).finish()
    await at(0).finish()
    expect(writes).toHaveLength(3)
  })

  it('hears each its own result', async () => {
    const { write, at } = createDatabase()
    const answers = ['a1', 'b1', 'c1', 'd1'].map(write)
    await at(0).finish()
    await at(1).finish()
    expect(await Promise.all(answers)).toEqual(['a1 written', 'b1 written', 'c1 written', 'd1 written'])
  })

  it('of one key goes one after the other, and holds nobody else up', async () => {
    const { writes, write, at } = createDatabase()
    for (const item of ['a1', 'a2', 'b1', 'a3', 'c1']) void write(item)
    expect(writes.map(({ items }) => items)).toEqual([['a1']])

    await at(0).finish()
    expect(at(1).items).toEqual(['a2', 'b1', 'c1'])
    for (const item of many(16)) void write(item)
    // One of the same key is in hand: those behind it do not wait for that.
    expect(at(2).items).toEqual(many(15))
    await at(1).finish()
    await at(2).finish()
    expect(at(3).items).toEqual(['a3', ...many(16).slice(15)])
  })

  it.each(['23505', '23514', '22003', '40P01', 'P0001'])(
    'is written one by one when the database undoes the group (%s), so that one row spoils nobody else’s',
    async (code) => {
      const { write, at } = createDatabase()
      const answers = ['a1', 'b1', 'c1', 'd1'].map((item) => heard(write(item)))
      await at(0).finish()
      await at(1).fail(refusal(code))

      expect([at(2).items, at(3).items, at(4).items]).toEqual([['b1'], ['c1'], ['d1']])
      const broken = refusal(code)
      await at(2).finish()
      await at(3).fail(broken)
      await at(4).finish()
      expect(await Promise.all(answers)).toEqual(['a1 written', 'b1 written', broken, 'd1 written'])
    },
  )

  it.each([
    ['a connection that broke', new Error('Connection terminated unexpectedly')],
    ['a server that went away', refusal('57P01')],
    ['a statement that took too long', refusal('57014')],
  ])('is not written again after %s: nobody knows whether it was', async (_what, error) => {
    const { writes, write, at } = createDatabase()
    const answers = ['a1', 'b1', 'c1', 'd1'].map((item) => heard(write(item)))
    await at(0).finish()
    await at(1).fail(error)

    expect(writes).toHaveLength(2)
    expect(await Promise.all(answers)).toEqual(['a1 written', error, error, error])
  })

  it('goes on after a group that failed', async () => {
    const { writes, write, at } = createDatabase()
    void heard(write('a1'))
    void heard(write('b1'))
    void heard(write('c1'))
    await at(0).fail(new Error('broken'))
    expect(at(1).items).toEqual(['b1', 'c1'])
    await at(1).finish()
    void write('a2')
    expect(writes.at(-1)?.items).toEqual(['a2'])
  })

  it('stays in a statement of a hundred', async () => {
    const { writes, write, at } = createDatabase()
    many(250).forEach((item) => void write(item))
    await at(0).finish()
    await at(1).finish()
    expect(writes.map((one) => one.items.length)).toEqual([1, 16, 100, 100])
  })
})
