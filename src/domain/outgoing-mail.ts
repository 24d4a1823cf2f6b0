import { TEST_EVENT } from './outgoing'

/** A message as a person reads it. */
export interface Mail {
  readonly subject: string
  readonly text: string
  readonly html: string
}

interface Told {
  readonly type: string
  readonly data: {
    readonly title?: string
    readonly what_to_do?: string
    readonly count?: number
    readonly severity?: string
    readonly examples?: readonly Readonly<Record<string, unknown>>[]
  }
}

const BEGINS: Readonly<Record<string, string>> = {
  'notice.opened': 'New',
  'notice.grew': 'More',
  'notice.cleared': 'Over',
  [TEST_EVENT]: 'Test',
}

const SIGNS: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => SIGNS[sign] ?? '')

/** What a notice says in a mail; it has nothing that the message has not. */
export function mailOf(payload: string): Mail {
  const { type, data } = JSON.parse(payload) as Told
  const { title = 'Mail from here arrives', what_to_do: whatToDo, count = 0, examples = [] } = data
  const urgent = data.severity === 'urgent' && type !== 'notice.cleared' ? ' (urgent)' : ''
  const lines = [
    title,
    ...(count > 0
      ? [`${count} open${examples.length < count ? `, ${examples.length} of them below` : ''}.`]
      : []),
    ...(whatToDo !== undefined && type !== 'notice.cleared' ? [whatToDo] : []),
    ...(type === 'notice.cleared' ? ['Nothing of it is open any more.'] : []),
    ...examples.map(lineOf),
  ]
  return {
    subject: `Withdrawals: ${BEGINS[type] ?? type}: ${title}${urgent}`,
    text: lines.join('\n'),
    html: lines.map((line) => `<p>${escaped(line)}</p>`).join('\n'),
  }
}

const STAMP = /^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})$/

/** One zone for all that read it, said outright; seconds do not matter to a person. */
function valueText(value: unknown): string {
  const text = String(value)
  return STAMP.test(text) ? `${new Date(text).toISOString().slice(0, 16).replace('T', ' ')} UTC` : text
}

/** What makes one of several findable: the money first, then the rest by name. */
function lineOf({ amount, currency, subject, ...rest }: Readonly<Record<string, unknown>>): string {
  const money = amount === undefined ? [] : [`${valueText(amount)} ${valueText(currency).toUpperCase()}`]
  const named = {
    // A withdrawal is its own subject.
    ...(subject !== rest.withdrawal_id && { subject }),
    ...(amount === undefined && { currency }),
    ...rest,
  }
  const words = Object.entries(named).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [`${name.replaceAll('_', ' ')} ${valueText(value)}`],
  )
  return [...money, ...words].join(', ')
}
