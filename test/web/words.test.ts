import fs from 'node:fs'
import path from 'node:path'

import { STATES } from '../../src/domain/states'
import { EVENT_WORDS, STATE_WORDS } from '../../web/operator/words'

/** Goal: a person reads words, never a name out of the program. Method: every name that the source writes has some. */
const SRC = path.join(__dirname, '../../src')
const source = fs
  .readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && /^(services|domain|db\/statements|workers)\//.test(file))
  .map((file) => fs.readFileSync(path.join(SRC, file), 'utf8'))
  .join('\n')

describe('the words of the desk', () => {
  it('name every state', () => {
    expect(Object.keys(STATE_WORDS).sort()).toEqual([...STATES].sort())
  })

  it('say in a sentence what every entry of a journal means', () => {
    const events = [...source.matchAll(/event: '([a-z_]+\.[a-z_]+)'/g)].map(([, event]) => String(event))
    expect(events.length).toBeGreaterThan(20)
    expect([...new Set(events)].filter((event) => EVENT_WORDS[event] === undefined)).toEqual([])
  })
})
