import { UnreadableReportError } from './unreadable'

/** Turns the bytes of a document into text, piece by piece. @throws {UnreadableReportError} */
export type Decode = (bytes: Uint8Array, isLast: boolean) => string

const BOMS: readonly (readonly [string, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
]

/** By byte order mark, else as the XML declaration says, else UTF-8. @throws {UnreadableReportError} */
export function decoderOf(content: Uint8Array): Decode {
  if (content[0] === 0x50 && content[1] === 0x4b)
    throw new UnreadableReportError('It is a ZIP archive; unpack it first.')
  const marked = BOMS.find(([, mark]) => mark.every((byte, at) => content[at] === byte))?.[0]
  const head = Buffer.from(content.subarray(0, 200)).toString('latin1')
  const declared = /^\s*<\?xml[^>]*encoding\s*=\s*["']([A-Za-z0-9._-]+)["']/.exec(head)?.[1]
  const orUnreadable = <Result>(work: () => Result): Result => {
    try {
      return work()
    } catch {
      throw new UnreadableReportError('Its characters cannot be read in the encoding it names.')
    }
  }
  const decoder = orUnreadable(() => new TextDecoder(marked ?? declared ?? 'utf-8', { fatal: true }))
  return (bytes, isLast) => orUnreadable(() => decoder.decode(bytes, { stream: !isLast }))
}
