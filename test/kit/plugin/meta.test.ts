import { readMeta } from '../../../src/kit/plugin/meta'

describe('the settings a kit keeps for a plugin', () => {
  it.each<readonly [string, unknown, unknown]>([
    ['raw text', ' x ', 'x'],
    ['a raw number', 5, 5],
    ['a raw flag', false, false],
    ['a raw list', ['a'], ['a']],
    ['null', null, undefined],
    ['a schema', { type: 'string', required: true, description: 'd', value: ' x ' }, 'x'],
    ['a schema with a number', { type: 'string', value: 5 }, 5],
    ['a schema with nothing', { type: 'string', value: '' }, ''],
    ['a schema with null', { type: 'string', value: null }, undefined],
    ['a schema whose value an upgrade lost', { type: 'string', required: false }, undefined],
    ['a schema with overwrite', { type: 'number', value: 7, overwrite: false }, 7],
  ])('are read from %s', (_what, entry, value) => {
    expect(readMeta({ key: entry })).toEqual({ key: value })
  })

  it('stay wrong where an object stands for a value', () => {
    expect(readMeta({ key: { some: 'thing' } })).toEqual({ key: { some: 'thing' } })
  })

  it.each([undefined, null, '', 'text', 7, true, [], [{ a: 1 }]])('are none in a column of %p', (column) => {
    expect(readMeta(column)).toEqual({})
  })
})
