import { createAhead } from '../../src/workers/claimed-ahead'

function rig(places: number) {
  let nowMs = 1_000
  const ahead = createAhead(places, { monotonicMs: () => nowMs })
  let served = 0
  return (leave: number, withinMs: number): number => {
    nowMs += withinMs
    served += leave
    return ahead.count(served)
  }
}

describe('what a worker claims ahead', () => {
  it('is three times its places while nobody knows how fast they are left', () => {
    const after = rig(8)
    expect(after(0, 0)).toBe(24)
    expect(after(30, 10)).toBe(24)
  })

  it('is what leaves in a quarter of a second, and as much as one statement writes at most', () => {
    const after = rig(8)
    expect(after(16, 100)).toBe(40)
    expect(after(500, 100)).toBe(100)
  })

  it('is three times its places again when partners have become slow', () => {
    const after = rig(8)
    expect(after(500, 100)).toBe(100)
    expect(after(1, 1_000)).toBe(24)
  })

  it('is never less than that, however many places there are', () => {
    expect(rig(50)(500, 100)).toBe(150)
  })
})
