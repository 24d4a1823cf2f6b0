import { createCallPlaces } from '../../src/workers/call-places'

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

/** Work that goes on until it is told to end, and what of it has begun. */
function rig(count: number) {
  const places = createCallPlaces(count)
  const begun: string[] = []
  const ends = new Map<string, () => void>()
  const begin = (name: string, isUnderWay = false) =>
    places.during(isUnderWay, () => {
      begun.push(name)
      return new Promise<string>((resolve) => ends.set(name, () => resolve(name)))
    })
  const end = async (name: string) => {
    ends.get(name)?.()
    await nextTurn()
  }
  return { places, begun, begin, end }
}

describe('the places of a worker', () => {
  it('are as many as there are, and each is handed to whoever waits longest', async () => {
    const { places, begun, begin, end } = rig(2)
    const all = ['a', 'b', 'c', 'd'].map((name) => begin(name))
    await nextTurn()
    expect([begun, places.load()]).toEqual([['a', 'b'], 4])
    await end('b')
    expect([begun, places.load()]).toEqual([['a', 'b', 'c'], 3])
    for (const name of ['a', 'c', 'd']) await end(name)
    expect(await Promise.all(all)).toEqual(['a', 'b', 'c', 'd'])
    expect(places.load()).toBe(0)
  })

  it('go to what is under way first: its intent is stored already', async () => {
    const { begun, begin, end } = rig(1)
    const all = [begin('a'), begin('new'), begin('under way', true)]
    await nextTurn()
    await end('a')
    expect(begun).toEqual(['a', 'under way'])
    for (const name of ['under way', 'new']) await end(name)
    await Promise.all(all)
  })

  it('are free again after work that fails', async () => {
    const places = createCallPlaces(1)
    await expect(places.during(false, () => Promise.reject(new Error('boom')))).rejects.toThrow('boom')
    expect(places.load()).toBe(0)
    expect(await places.during(false, () => Promise.resolve('done'))).toBe('done')
  })

  it('tell when one is left', async () => {
    const { places, begin, end } = rig(1)
    const work = begin('a')
    let isLeft = false
    const left = places.left().then(() => (isLeft = true))
    await nextTurn()
    expect(isLeft).toBe(false)
    await end('a')
    await Promise.all([left, work])
  })
})
