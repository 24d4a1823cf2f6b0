import fc from 'fast-check'

import { jsonProblem, piecesOf } from '../../src/routes/json-shape'

/** Goal: a key that stands twice is found in any text, and no text is looked at over and over. Method: by the pieces it is read in. */
describe('The shape of a body', () => {
  const pieces = (text: string) => [...piecesOf(text)].map(([piece]) => piece)

  it.each([
    ['escaped quotes', `"${'\\"'.repeat(30_000)}`],
    ['escaped quotes behind a key', `{"a":"${'\\"'.repeat(30_000)}`],
    ['a backslash at the end', `"${'\\"'.repeat(30_000)}\\`],
    ['lines', `"${'\\"\n'.repeat(20_000)}`],
  ])('is read once also where nobody closes a string of %s', (_what, text) => {
    const read = pieces(text)
    expect(text.endsWith(read.at(-1) ?? 'nothing')).toBe(true)
    expect(read.length).toBeLessThan(4)
  })

  it('has each string as one piece, whatever is in it', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), (texts) => {
        const written = texts.map((text) => JSON.stringify(text))
        expect(pieces(`[${written.join()}]`).filter((piece) => piece.startsWith('"'))).toEqual(written)
      }),
    )
  })

  it.each([
    ['{"a":1,"a":2}', true],
    ['{"a":1,"\\u0061":2}', true],
    ['{"a":{"b":1},"b":2}', false],
    ['[{"a":1},{"a":2}]', false],
    ['{"a":"a","b":"a"}', false],
    ['{"a":1,"a', false],
  ])('of %s has a key twice: %s', (text, isTwice) => {
    expect(jsonProblem(text) !== null).toBe(isTwice)
  })
})
