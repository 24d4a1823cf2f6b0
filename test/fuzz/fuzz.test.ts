import path from 'node:path'

import { explore } from './explore'
import { targets } from './targets'

/**
 * Goal: no document brings a reader down, or makes it say what is not so. Method: good documents, changed by chance; here
 * a few hundred of each, the same every time. `npm run fuzz` goes on for as long as it is given (docs/evidence/fuzz.md).
 */
it.each(targets(path.join(__dirname, '../..')))(
  'What $name a reader meets, it reads or refuses',
  async (target) => {
    const { runs, failures } = await explore(target, {
      ...{ seed: 7, counted: () => [] },
      goesOn: (done) => done < 500,
    })
    expect(failures.map(({ why }) => why)).toEqual([])
    expect(runs).toBe(500)
  },
)

it('finds what a reader does not survive', async () => {
  const fragile = {
    ...{ name: 'fragile', seeds: [Buffer.from('<a/>')], words: ['<b>'] },
    run: (input: Uint8Array) =>
      Buffer.from(input).includes('<b>') ? Promise.reject(new Error('fell')) : Promise.resolve(),
  }
  const { failures } = await explore(fragile, { seed: 1, counted: () => [], goesOn: (done) => done < 500 })
  expect(failures).toHaveLength(1)
  expect(Buffer.from(failures[0]?.input ?? []).toString()).toContain('<b>')
})
