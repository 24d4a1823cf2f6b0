import { mailOf } from '../../src/domain/outgoing-mail'

const ID = '01a20168-f768-7c1a-8545-69e740763d87'
const REVIEW = {
  ...{ title: 'Withdrawals wait for a person', what_to_do: 'Let them go on.', count: 2, severity: 'warning' },
  examples: [
    {
      ...{ subject: ID, withdrawal_id: ID, amount: '10', currency: 'eur', provider: 'sandbox' },
      since: '2026-11-22T03:59:46.147962+00:00',
    },
  ],
}
const mail = (type: string, data: object) => mailOf(JSON.stringify({ type, data }))

describe('a notice in a mail', () => {
  it('says how many there are, what to do, and of each the money, where it is found and since when', () => {
    expect(mail('notice.opened', REVIEW)).toMatchObject({
      subject: 'Withdrawals: New: Withdrawals wait for a person',
      text: [
        'Withdrawals wait for a person',
        '2 open, 1 of them below.',
        'Let them go on.',
        `10 EUR, withdrawal id ${ID}, provider sandbox, since 2026-11-22 03:59 UTC`,
      ].join('\n'),
    })
  })

  it('tells of what is no withdrawal by its subject, in one zone', () => {
    const examples = [
      { subject: 'bank:eur', currency: 'eur', amount: null, needed_by: '2026-11-22T05:00:00+02:00' },
    ]
    const { text } = mail('notice.opened', { title: 'Money runs out', count: 1, examples })
    expect(text).toContain('subject bank:eur')
    expect(text).toContain('needed by 2026-11-22 03:00 UTC')
  })

  it('is urgent in its subject, and nothing is to be done any more when it is over', () => {
    expect(mail('notice.opened', { ...REVIEW, severity: 'urgent' }).subject).toContain('(urgent)')
    const over = mail('notice.cleared', { ...REVIEW, severity: 'urgent', count: 0, examples: [] })
    expect(over.subject).toBe('Withdrawals: Over: Withdrawals wait for a person')
    expect(over.text).toBe('Withdrawals wait for a person\nNothing of it is open any more.')
  })

  it('is text where a stranger wrote a tag', () => {
    const { html } = mail('notice.opened', { title: '<img src=x onerror=alert(1)>', count: 0 })
    expect(html).toBe('<p>&lt;img src=x onerror=alert(1)&gt;</p>')
  })
})
