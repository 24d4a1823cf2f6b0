import { Buffer } from 'node:buffer'

import { maskIdentifier } from '../../domain/destination'

/** What of a payment file says when, how much and under which names of ours, and nothing of anybody. */
const SHOWN = new Set([
  ...[
    'MsgId',
    'CreDtTm',
    'NbOfTxs',
    'CtrlSum',
    'PmtInfId',
    'PmtMtd',
    'BtchBookg',
    'ReqdExctnDt',
    'Dt',
    'ChrgBr',
  ],
  ...['InstrId', 'EndToEndId', 'InstdAmt', 'Ccy', 'Cd', 'Ctry'],
])
const TEXT = /<([A-Za-z0-9_:.-]+)((?:\s[^<>]*)?)>([^<>]*)<\/\1>/g

/**
 * A payment file for somebody who only looks: account numbers are masked, as in lists, and whatever else is not known to
 * be about nobody is left out.
 *
 * @returns null for what cannot be masked for certain: anything but XML of elements and texts.
 */
export function maskedFile(content: Uint8Array, mediaType: string): Uint8Array | null {
  const text = Buffer.from(content).toString('utf8')
  const hasMore = /<!|<\?(?!xml\s)/.test(text)
  if (!/^application\/xml\b/.test(mediaType) || hasMore) return null
  const masked = text.replace(TEXT, (_all, name: string, attributes: string, value: string) => {
    const local = name.slice(name.indexOf(':') + 1)
    return `<${name}${attributes}>${SHOWN.has(local) ? value : hidden(local, value)}</${name}>`
  })
  return Buffer.from(masked)
}

const hidden = (name: string, value: string): string =>
  value.trim() === '' ? value : name === 'IBAN' ? maskIdentifier(value) : '…'
