import { createStore } from '../../../src/db/store'
import { DATABASE_KINDS, openTestDatabase, type TestDatabase } from '../../helpers/databases'

describe.each(DATABASE_KINDS)('the documents of a provider on %s', (kind) => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await openTestDatabase(kind)
  })
  beforeEach(() => database.reset())
  afterAll(() => database.close())

  const documentsOf = (provider: string) => createStore(database).providerDocuments(provider)

  it.each([
    ['an object', { token: 'x', nested: { list: [1, 'ä', null] } }],
    ['a text', 'just a text'],
    ['a number', 12.5],
    ['false', false],
    ['null', null],
    ['a list', [1, [2]]],
    ['odd characters', { '"': "it's \\ $1 \u{1f600}" }],
  ])('come back as they were stored: %s', async (_what, value) => {
    const documents = documentsOf('acme')
    expect(await documents.create('d', value)).toBe(true)
    expect(await documents.read('d')).toEqual({ value, version: 1 })
  })

  it('are created once', async () => {
    const documents = documentsOf('acme')
    const created = await Promise.all(Array.from({ length: 10 }, (_, n) => documents.create('d', { n })))
    expect(created.filter(Boolean)).toHaveLength(1)
    expect(await documents.create('d', 'another')).toBe(false)
    expect((await documents.read('d'))?.value).toEqual({ n: created.indexOf(true) })
  })

  it('are not there until they are created', async () => {
    const documents = documentsOf('acme')
    expect(await documents.read('d')).toBeNull()
    expect(await documents.replace('d', 1, 1)).toBe(false)
    expect(await documents.read('d')).toBeNull()
  })

  it('are replaced only in the version that was read', async () => {
    const documents = documentsOf('acme')
    await documents.create('d', 'first')
    expect(await documents.replace('d', 'second', 1)).toBe(true)
    expect(await documents.replace('d', 'third', 1)).toBe(false)
    expect(await documents.read('d')).toEqual({ value: 'second', version: 2 })
  })

  it('lose no update when ten replace them at once and try again', async () => {
    const documents = documentsOf('acme')
    await documents.create('counter', 0)
    const increment = async (): Promise<void> => {
      for (;;) {
        const read = await documents.read('counter')
        if (read && (await documents.replace('counter', Number(read.value) + 1, read.version))) return
      }
    }
    await Promise.all(Array.from({ length: 10 }, increment))
    expect(await documents.read('counter')).toEqual({ value: 10, version: 11 })
  })

  it('are listed by the beginning of their ids, which is no pattern', async () => {
    const documents = documentsOf('acme')
    for (const id of ['a/2', 'a/1', 'a%', 'a_', 'b/1', 'A/1']) await documents.create(id, id)
    const listed = async (prefix: string) => (await documents.list(prefix)).map(({ id }) => id)
    expect(await listed('a/')).toEqual(['a/1', 'a/2'])
    expect(await listed('a%')).toEqual(['a%'])
    expect(await listed('a_')).toEqual(['a_'])
    expect(await listed('')).toHaveLength(6)
    expect(await listed('c')).toEqual([])
    expect(await documents.list('b')).toEqual([{ id: 'b/1', value: 'b/1', version: 1 }])
  })

  it('are nobody else’s', async () => {
    const [acme, other] = [documentsOf('acme'), documentsOf('other')]
    await acme.create('d', 'ours')
    expect(await other.read('d')).toBeNull()
    expect(await other.create('d', 'theirs')).toBe(true)
    expect(await other.replace('d', 'theirs 2', 1)).toBe(true)
    expect(await acme.read('d')).toEqual({ value: 'ours', version: 1 })
    expect(await other.list('')).toHaveLength(1)
  })
})
