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
    ...examples.map((facts) =>
      Object.entries(facts)
        .map(([name, value]) => `${name}: ${String(value)}`)
        .join(', '),
    ),
  ]
  return {
    subject: `Withdrawals: ${BEGINS[type] ?? type}: ${title}${urgent}`,
    text: lines.join('\n'),
    html: lines.map((line) => `<p>${escaped(line)}</p>`).join('\n'),
  }
}
