import { SaxesParser } from 'saxes'

import type { Pace } from '../pace'
import { decoderOf } from './decode'
import { UnreadableReportError } from './unreadable'

/** Names are without their prefixes: every bank has its own. */
export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  children: readonly Element[]
  /** Of an element without children. */
  text: string
  /** What was made of it while it was read; its children are gone then. */
  made?: unknown
}

/** undefined where there is no such element. */
export type Node = Element | undefined

/**
 * By element name: what to keep of an element instead of its children, made as soon as it ends. So a statement of
 * thousands of bookings never is a tree of millions of elements.
 */
export type Makers = Readonly<Record<string, (element: Element) => unknown>>

/** Parsed within a few milliseconds. */
export const PARSED_AT_ONCE = 16 * 1024
/** Bank files are about ten deep. */
const DEPTH_MAX = 100
/**
 * Elements in memory at once. A booking is one when it has ended, and no bank writes one in fewer than a hundred bytes;
 * without a bound twenty megabytes of empty elements are gigabytes in memory.
 */
const keptMax = (bytes: number): number => 20_000 + bytes / 64

/**
 * Reads a document in turns. Amounts stay text: as numbers they would be floats. Only the entities of XML itself exist; a
 * document type, which could declare others, is refused.
 *
 * @param check Throws where a root element makes all the rest not worth reading.
 * @throws {UnreadableReportError}
 */
export async function parseXml(
  content: Uint8Array,
  makers: Makers,
  { check, pace }: { check: (root: Element) => void; pace: Pace },
): Promise<Element> {
  const decode = decoderOf(content)
  const builder = treeBuilder(makers, { check, keptMax: keptMax(content.length) })
  for (let at = 0; at < content.length; at += PARSED_AT_ONCE) {
    const isLast = at + PARSED_AT_ONCE >= content.length
    builder.write(decode(content.subarray(at, at + PARSED_AT_ONCE), isLast))
    await pace.pause()
  }
  return builder.end()
}

function treeBuilder(makers: Makers, rules: { check: (root: Element) => void; keptMax: number }) {
  const parser = new SaxesParser()
  const document: Open = { name: '', attributes: {}, children: [], text: '' }
  const open: Open[] = [document]
  /** How many there were when each open one began, itself counted. */
  const keptThen: number[] = []
  let kept = 0

  parser.on('error', () => {
    throw new UnreadableReportError(`It is not well-formed XML (line ${parser.line}).`)
  })
  parser.on('doctype', () => {
    throw new UnreadableReportError('It declares a document type, which no bank file does.')
  })
  parser.on('opentag', ({ name, attributes }) => {
    if (open.length > DEPTH_MAX) throw new UnreadableReportError('It is not XML that can be read.')
    if (++kept > rules.keptMax)
      throw new UnreadableReportError('It holds far more elements than a report of its size.')
    const element = { name: name.slice(name.indexOf(':') + 1), attributes, children: [], text: '' }
    if (open.length === 1) rules.check(element)
    open.push(element)
    keptThen.push(kept)
  })
  const addText = (text: string) => {
    const current = open.at(-1)
    // Between elements there is white space only.
    if (current && current.children.length === 0) current.text += text
  }
  parser.on('text', addText)
  parser.on('cdata', addText)
  parser.on('closetag', () => {
    const element = open.pop() as Open
    const then = keptThen.pop() as number
    if (Object.hasOwn(makers, element.name)) {
      element.made = makers[element.name]?.(element)
      element.children = []
      element.text = ''
      kept = then
    }
    open.at(-1)?.children.push(element)
  })

  return {
    write: (text: string) => parser.write(text),
    end(): Element {
      parser.close()
      return document.children[0] as Element
    },
  }
}

type Open = Element & { children: Element[] }

/** All elements at a path, in document order, wherever one of them stands several times. */
export function all(node: Node, ...path: readonly string[]): readonly Element[] {
  let found: readonly Element[] = node === undefined ? [] : [node]
  for (const name of path)
    found = found.flatMap(({ children }) => children.filter((child) => child.name === name))
  return found
}

export const first = (node: Node, ...path: readonly string[]): Node => all(node, ...path)[0]
export const has = (node: Node, ...path: readonly string[]): boolean => first(node, ...path) !== undefined

/** The text of the first element at a path; null when there is none or it is empty. */
export function textAt(node: Node, ...path: readonly string[]): string | null {
  const text = first(node, ...path)?.text.trim()
  return text === undefined || text === '' ? null : text
}

export const attributeAt = (node: Node, attribute: string, ...path: readonly string[]): string | null =>
  first(node, ...path)?.attributes[attribute] ?? null
