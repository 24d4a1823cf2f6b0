import { XMLParser, XMLValidator } from 'fast-xml-parser'

/** An element as the parser gives it: text, or children by name, or several of the same name. */
export type Node = unknown

/** Thrown for a document that is not read at all; the message is for the operator. */
export class UnreadableReportError extends Error {
  override readonly name = 'UnreadableReportError'
}

/**
 * Amounts stay text: as numbers they would be floats. Only the five entities of XML and numeric ones exist in bank
 * files; a document type, which could declare others, is refused before it gets here.
 */
const parser = new XMLParser({
  ignoreAttributes: false,
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: true,
  htmlEntities: true,
})

export interface Parsed {
  readonly root: Node
  /** The first tag as it stands: the parser drops namespaces, which say what a document is. */
  readonly firstTag: string
}

/** @throws {UnreadableReportError} */
export function parseXml(content: Uint8Array): Parsed {
  const text = decoded(content)
  if (/<!DOCTYPE/i.test(text))
    throw new UnreadableReportError('It declares a document type, which no bank file does.')
  const valid = XMLValidator.validate(text, { allowBooleanAttributes: false })
  if (valid !== true) throw new UnreadableReportError(`It is not well-formed XML (line ${valid.err.line}).`)
  try {
    return { root: parser.parse(text) as Node, firstTag: firstTagOf(text) }
  } catch {
    throw new UnreadableReportError('It is not XML that can be read.')
  }
}

const firstTagOf = (text: string): string =>
  /<[A-Za-z_][^>]*>/.exec(text.replace(/<!--[\s\S]*?-->/g, ''))?.[0] ?? ''

const BOMS: readonly (readonly [string, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
]

/** By byte order mark, else as the XML declaration says, else UTF-8. */
function decoded(content: Uint8Array): string {
  if (content[0] === 0x50 && content[1] === 0x4b)
    throw new UnreadableReportError('It is a ZIP archive; unpack it first.')
  const marked = BOMS.find(([, mark]) => mark.every((byte, at) => content[at] === byte))?.[0]
  const head = Buffer.from(content.subarray(0, 200)).toString('latin1')
  const declared = /^\s*<\?xml[^>]*encoding=["']([A-Za-z0-9._-]+)["']/.exec(head)?.[1]
  try {
    return new TextDecoder(marked ?? declared ?? 'utf-8', { fatal: true }).decode(content)
  } catch {
    throw new UnreadableReportError('Its characters cannot be read in the encoding it names.')
  }
}

/** All elements at a path, in document order, wherever one of them stands several times. */
export function all(node: Node, ...path: readonly string[]): readonly Node[] {
  let found: readonly Node[] = [node]
  for (const name of path)
    found = found.flatMap((each) => {
      const child = isElement(each) ? each[name] : undefined
      if (child === undefined) return []
      return Array.isArray(child) ? (child as readonly Node[]) : [child]
    })
  return found
}

/** undefined when there is none. */
export const first = (node: Node, ...path: readonly string[]): Node => all(node, ...path)[0]
export const has = (node: Node, ...path: readonly string[]): boolean => all(node, ...path).length > 0

/** The text of the first element at a path; null when there is none or it is empty. */
export function textAt(node: Node, ...path: readonly string[]): string | null {
  const found = first(node, ...path)
  const text = isElement(found) ? found['#text'] : found
  return typeof text === 'string' && text.trim() !== '' ? text.trim() : null
}

export function attributeAt(node: Node, attribute: string, ...path: readonly string[]): string | null {
  const found = first(node, ...path)
  const value = isElement(found) ? found[`@_${attribute}`] : undefined
  return typeof value === 'string' ? value : null
}

export const elementNames = (node: Node): readonly string[] =>
  isElement(node) ? Object.keys(node).filter((name) => !name.startsWith('@_') && name !== '#text') : []

const isElement = (node: Node): node is Readonly<Record<string, unknown>> =>
  typeof node === 'object' && node !== null && !Array.isArray(node)
