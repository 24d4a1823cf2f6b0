import vm from 'node:vm'

import fc from 'fast-check'

import { inText } from '../../scripts/build/in-text'

/** As the script of a kit runs it: an expression that finds `require` and nothing else of ours. */
const bytesOf = (text: string): Buffer =>
  (vm.runInThisContext(`(require) => ${text}`) as (load: NodeJS.Require) => Buffer)(require)

describe('bytes in the text of a script', () => {
  it('come back as they were, however many there are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (bytes) => {
        expect(bytesOf(inText(Buffer.from(bytes))).equals(Buffer.from(bytes))).toBe(true)
      }),
      { seed: Number(process.env.TEST_SEED) },
    )
  })

  it('come back where all of their bits are set, and where none is', () => {
    for (const bytes of [Buffer.alloc(8, 0xff), Buffer.alloc(8)])
      expect(bytesOf(inText(bytes)).equals(bytes)).toBe(true)
  })

  it('need no sign that a string of JSON escapes, and take five signs for four of them', () => {
    const every = Buffer.from(Array.from({ length: 1_024 }, (_, index) => (index * 167) % 256))
    const text = inText(every)
    const [, signs = ''] = /\}\)\("([^"]*)"/.exec(text) ?? []
    expect(signs).toHaveLength(1_280)
    expect(JSON.stringify(signs)).toBe(`"${signs}"`)
  })
})
