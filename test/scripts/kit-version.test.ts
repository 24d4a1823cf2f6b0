import { kitVersion, kitVersionBefore } from '../../scripts/generate/plugin-config'

/** The largest that a kit's database keeps as a version. */
const INTEGER_MAX = 2 ** 31 - 1

describe('The version that a kit keeps', () => {
  it.each([
    ['0.1.0', 10_099],
    ['1.0.0-rc.1', 1_000_002],
    ['1.0.0-rc.48', 1_000_096],
    ['1.0.0', 1_000_099],
    ['1.2.3', 1_020_399],
  ])('of %s is %i', (version, number) => {
    expect(kitVersion(version)).toBe(number)
  })

  it('grows with every release, a candidate comes before what it is a candidate for, and before each there is room for its upgrade', () => {
    const inOrder = [
      '0.99.99',
      '1.0.0-rc.1',
      '1.0.0-rc.2',
      '1.0.0-rc.10',
      '1.0.0',
      '1.0.1-rc.1',
      '1.0.1',
      '1.1.0',
    ]
    const numbers = [...inOrder, '2.0.0', '2000.99.99'].flatMap((version) => {
      const number = kitVersion(version)
      return [kitVersionBefore(number), number]
    })
    expect([...numbers].sort((a, b) => a - b)).toEqual(numbers)
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(Math.max(...numbers)).toBeLessThanOrEqual(INTEGER_MAX)
  })

  it.each([
    '1.0',
    '1.0.0-beta.1',
    '1.0.0-rc',
    '1.0.0-rc.0',
    '1.0.0-rc.49',
    '1.100.0',
    '1.0.100',
    'v1.0.0',
    '',
  ])('cannot be made of %p', (version) => {
    expect(() => kitVersion(version)).toThrow()
  })
})
