import fs from 'node:fs'
import path from 'node:path'

import { statesPage } from '../../scripts/generate/states-page'
import {
  isFinal,
  isWorking,
  mayBeMovedByPerson,
  mayMove,
  publicStatus,
  type State,
  stateRow,
  STATES,
} from '../../src/domain/states'

/** The table of the design, written down a second time on purpose. */
const DESIGN: Readonly<Record<State, readonly State[]>> = {
  requested: ['in_review', 'ready', 'canceled', 'releasing'],
  in_review: ['ready', 'releasing'],
  ready: ['submitting', 'in_review', 'releasing', 'in_doubt'],
  submitting: ['submitted', 'settling', 'releasing', 'ready', 'in_doubt'],
  submitted: ['settling', 'releasing', 'in_doubt'],
  in_doubt: ['submitted', 'settling', 'releasing', 'ready', 'conflict'],
  settling: ['processed', 'conflict'],
  releasing: ['canceled', 'conflict'],
  processed: ['returning'],
  canceled: [],
  returning: ['returned', 'conflict'],
  returned: [],
  conflict: STATES.filter((state) => state !== 'conflict'),
}
/** Where only a person may send one: it may have been sent before it came to wait for that person. */
const BY_PERSON: Partial<Record<State, readonly State[]>> = {
  in_review: ['settling', 'in_doubt'],
  submitted: ['ready'],
}
const FINAL: readonly State[] = ['processed', 'canceled', 'returned']

const root = path.join(__dirname, '..', '..')

/** All that can be reached, including where it starts. */
function reachableFrom(start: State): Set<State> {
  const seen = new Set<State>([start])
  for (const state of seen) for (const next of DESIGN[state]) seen.add(next)
  return seen
}

describe('the table of states', () => {
  it('has exactly the states of the design', () => {
    expect([...STATES].sort()).toEqual(Object.keys(DESIGN).sort())
  })

  const pairs = STATES.flatMap((from) => STATES.map((to) => [from, to] as const))
  it.each(pairs)('says of a move from %s to %s what the design says', (from, to) => {
    const isNote = from === to && !FINAL.includes(from)
    expect(mayMove(from, to)).toBe(isNote || DESIGN[from].includes(to))
    expect(mayBeMovedByPerson(from, to)).toBe(BY_PERSON[from]?.includes(to) ?? false)
  })

  it('reaches every state from requested', () => {
    expect([...reachableFrom('requested')].sort()).toEqual([...STATES].sort())
  })

  it.each(STATES)('leads from %s to an end', (state) => {
    expect(FINAL.some((end) => reachableFrom(state).has(end))).toBe(true)
  })

  it.each(STATES.filter((state) => !FINAL.includes(state)))('has a way out of %s', (state) => {
    expect(isFinal(state)).toBe(false)
    expect(stateRow(state).leavesTo.length).toBeGreaterThan(0)
  })

  it.each(FINAL)('lets nothing out of %s but a payout that the bank sent back', (state) => {
    expect(isFinal(state)).toBe(true)
    const exits = STATES.filter((to) => mayMove(state, to))
    expect(exits).toEqual(state === 'processed' ? ['returning'] : [])
  })

  it('tells a client pending, processed or canceled', () => {
    const told = Object.fromEntries(STATES.map((state) => [state, publicStatus(state)]))
    const others = STATES.filter(
      (state) => !['processed', 'returning', 'canceled', 'returned'].includes(state),
    )
    expect(told).toEqual({
      ...Object.fromEntries(others.map((state) => [state, 'pending'])),
      ...{ processed: 'processed', returning: 'processed', canceled: 'canceled', returned: 'canceled' },
    })
  })

  it('has a worker act wherever money moves, and nowhere that waits for a person', () => {
    expect(STATES.filter(isWorking)).toEqual([
      ...['requested', 'ready', 'submitting', 'submitted', 'in_doubt', 'settling', 'releasing'],
      'returning',
    ])
  })

  it('is the check constraint of the database', () => {
    const directory = path.join(root, 'migrations')
    const sql = fs
      .readdirSync(directory)
      .sort()
      .map((file) => fs.readFileSync(path.join(directory, file), 'utf8'))
      .join('\n')
    const lists = [...sql.matchAll(/check \(state in \(([^)]*)\)\)/g)].map(([, list = '']) =>
      [...list.matchAll(/'([a-z_]+)'/g)].map(([, state]) => state),
    )
    expect(lists.filter(([first]) => first === STATES[0]).at(-1)).toEqual(STATES)
  })

  it('is what docs/states.md shows', () => {
    expect(fs.readFileSync(path.join(root, 'docs', 'states.md'), 'utf8')).toBe(statesPage())
  })
})
