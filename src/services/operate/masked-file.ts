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
/** From after one "<" to before the next: a tag, in whose quotes a ">" may stand, and the text that follows it. */
const PIECE = /^((?:[^>"']|"[^"]*"|'[^']*')*)>([\s\S]*)$/
const WHOLE_TAG = /^\/?[^\s/]+(?:\s+[^\s=]+\s*=\s*(?:"[^"]*"|'[^']*'))*\s*[/?]?$/
const ATTRIBUTE = /(\s)([^\s=]+)(\s*=\s*)("[^"]*"|'[^']*')/g
/** A currency, and what the document itself is. */
const SHOWN_ATTRIBUTE = /^(?:Ccy|xmlns(?::.*)?|xsi:.*)$/

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
  const [before = '', ...rest] = text.split('<')
  const pieces = rest.map((piece) => PIECE.exec(piece))
  if (before.trim() !== '' && before !== BYTE_ORDER_MARK) return null
  const masked = [before]
  for (const [at, piece] of pieces.entries()) {
    const [, tag = '', value = ''] = piece ?? []
    if (!WHOLE_TAG.test(tag)) return null
    const isAlone = pieces[at + 1]?.[1]?.startsWith('/') ?? false
    masked.push(`<${maskedTag(tag)}>${isShown(tag) && isAlone ? value : hidden(nameOf(tag), value)}`)
  }
  return Buffer.from(masked.join(''))
}

const BYTE_ORDER_MARK = '\ufeff'

/** Of an element that begins here: what follows the end of one is no text that we know of. */
const isShown = (tag: string): boolean => !/^\/|\/$/.test(tag) && SHOWN.has(nameOf(tag))
const nameOf = (tag: string): string => /^(?:[^\s:/]*:)?([^\s:/]*)/.exec(tag)?.[1] ?? ''

const maskedTag = (tag: string): string =>
  tag.startsWith('?')
    ? tag
    : tag.replace(ATTRIBUTE, (all, gap: string, name: string, equals: string) =>
        SHOWN_ATTRIBUTE.test(name) ? all : `${gap}${name}${equals}"…"`,
      )

const hidden = (name: string, value: string): string =>
  value.trim() === '' ? value : name === 'IBAN' ? maskIdentifier(value) : '…'
