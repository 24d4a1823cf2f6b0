import { DECLINE_CODES, isDeclineCode, REASON_CODES, reasonText } from '../../src/domain/reasons'

describe('a reason', () => {
  it.each(REASON_CODES)('%s has a sentence for the person whose money it is', (code) => {
    expect(reasonText(code)).toMatch(/^[A-Z].*\.$/)
    expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/)
  })

  it.each(DECLINE_CODES)('%s, a decline, says that the balance was given back', (code) => {
    expect(reasonText(code)).toContain('Your balance was given back.')
    expect(isDeclineCode(code)).toBe(true)
  })

  it.each(['', 'AC04', 'insufficient_float', 'constructor', 'toString', '__proto__', 'hasOwnProperty'])(
    '%p is no decline code',
    (code) => {
      expect(isDeclineCode(code)).toBe(false)
    },
  )

  it('of compliance does not say what was found', () => {
    expect(reasonText('compliance')).not.toMatch(/sanction|fraud|money laundering|list|suspicious/i)
  })
})
