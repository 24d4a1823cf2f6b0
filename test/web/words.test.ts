import fs from 'node:fs'
import path from 'node:path'

import { STATES } from '../../src/domain/states'
import { linesOf } from '../../web/operator/timeline-lines'
import { EVENT_WORDS, STATE_WORDS } from '../../web/operator/words'

/** Goal: a person reads words, never a name out of the program. Method: every name that the source writes has some. */
const SRC = path.join(__dirname, '../../src')
const source = fs
  .readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && /^(services|domain|db\/statements|workers)\//.test(file))
  .map((file) => fs.readFileSync(path.join(SRC, file), 'utf8'))
  .join('\n')

describe('the timeline of the desk', () => {
  it('has the newest first, also of what happened in one moment', () => {
    const at = '2026-01-05T09:00:00.000Z'
    const entry = (seq: number, more: object = {}) => ({
      ...{ seq, at, event: `e${seq}`, from: null, to: 'ready', actor: 'user', detail: {}, ...more },
    })
    const journal = [entry(1), entry(2), entry(3), entry(4, { at: '2026-01-05T09:00:01.000Z' })]
    const lines = linesOf({ journal, operator_actions: [] })
    expect(lines.map(({ text }) => text)).toEqual(['e4', 'e3', 'e2', 'e1'])
  })
})

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
