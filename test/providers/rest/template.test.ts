import fc from 'fast-check'

import { textAt, valueAt, withValueAt } from '../../../src/providers/rest/pointer'
import { fillPath, fillTemplate, valuesOf } from '../../../src/providers/rest/template'
import { itemOf } from '../modulr/rig'

const values = valuesOf(itemOf('BW-1', { amount: '10.5' }), 2)

describe('a template', () => {
  it('takes a type where the whole text is one placeholder', () => {
    const template = {
      a: '{amount}',
      b: '{amount_fixed}',
      c: '{amount_number}',
      d: '{amount_minor}',
      e: 'EUR {amount_minor}',
    }
    expect(fillTemplate(template, values)).toEqual({ a: '10.5', b: '10.50', c: 10.5, d: 1050, e: 'EUR 1050' })
  })

  it('leaves out what this payout does not have', () => {
    const template = { bic: '{swift}', list: ['{swift}', '{iban}'], deep: { text: 'x {swift}' }, fixed: true }
    expect(fillTemplate(template, values)).toEqual({ list: ['NL91ABNA0417164300'], deep: {}, fixed: true })
  })

  it('keeps whatever a name holds inside its text', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.constant('","amount":"999999","x":"'), fc.constant('{amount}')),
        (name) => {
          const item = itemOf('BW-1', { destination: { method: 'BANK', iban: 'X', accountHolder: name } })
          const filled = fillTemplate(
            { name: '{account_holder}', to: 'to {account_holder}', amount: '{amount}' },
            valuesOf(item),
          )
          expect(JSON.parse(JSON.stringify(filled))).toEqual({ name, to: `to ${name}`, amount: '100.5' })
        },
      ),
    )
  })

  it('escapes what goes into an address', () => {
    expect(fillPath('/payouts/{key}/x', { key: '../a?b#c' })).toBe('/payouts/..%2Fa%3Fb%23c/x')
  })
})

describe('a JSON pointer', () => {
  it('finds members and elements, and nothing a prototype has', () => {
    const document = { a: [{ 'b/c~d': 7 }] }
    expect(valueAt(document, '/a/0/b~1c~0d')).toBe(7)
    expect(textAt(document, '/a/0/b~1c~0d')).toBe('7')
    for (const pointer of ['/a/1', '/constructor', '/a/length/x', '/a/0/toString'])
      expect(textAt(document, pointer)).toBeNull()
  })

  it('sets a member below members that are not there yet', () => {
    expect(withValueAt({ a: 1 }, '/meta/key', 'K')).toEqual({ a: 1, meta: { key: 'K' } })
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
    withValueAt({}, '/__proto__/polluted', 'yes')
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})
