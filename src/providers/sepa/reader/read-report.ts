import type { Pace } from '../pace'
import { CAMT_MAKERS, readEntries } from './camt'
import { PAIN002_MAKERS, readStatusReport } from './pain002'
import type { Report, Source } from './report'
import { UnreadableReportError } from './unreadable'
import { all, type Element, first, parseXml, textAt } from './xml-tree'

const NAMESPACE = /urn:iso:std:iso:20022:tech:xsd:([a-z]{4}\.\d{3})\.001\.(\d{2})\b/
const ROOTS: Readonly<Record<string, string>> = {
  'pain.002': 'CstmrPmtStsRpt',
  'camt.052': 'BkToCstmrAcctRpt',
  'camt.053': 'BkToCstmrStmt',
  'camt.054': 'BkToCstmrDbtCdtNtfctn',
}
/** Versions this was made and tested for; others of the same shape are read with a word to the operator. */
const VERSIONS: Readonly<Record<string, readonly string[]>> = {
  'pain.002': ['03', '10'],
  'camt.052': ['02', '04', '08'],
  'camt.053': ['02', '04', '08'],
  'camt.054': ['02', '04', '08'],
}

/**
 * Reads a bank's report. Has no effect.
 *
 * @throws {UnreadableReportError} It is none that can be read; nothing of it counts.
 */
export async function readReport(content: Uint8Array, bytesMax: number, pace: Pace): Promise<Report> {
  if (content.length > bytesMax) throw new UnreadableReportError('It is larger than the limit for reports.')
  const makers = { ...CAMT_MAKERS, ...PAIN002_MAKERS }
  const document = await parseXml(content, makers, { check: checkRoot, pace })
  const { kind, problems } = kindOf(document)
  const [body, ...others] = all(document, ROOTS[kind] ?? '')
  if (body === undefined)
    throw new UnreadableReportError(`It says it is a ${kind} message and holds something else.`)
  if (others.length > 0) throw new UnreadableReportError('It holds several messages; hand in each by itself.')
  const messageId = [...(textAt(body, 'GrpHdr', 'MsgId') ?? '').slice(0, 140)].slice(0, 70).join('') || null
  const said = { messageId, writtenAt: readTime(textAt(body, 'GrpHdr', 'CreDtTm')) }
  if (kind === 'pain.002') return { kind, ...said, files: await readStatusReport(body, pace), problems }
  const source = kind as Source
  const found = await readEntries(body, source, pace)
  return { kind: source, ...said, entries: found.entries, problems: [...problems, ...found.problems] }
}

/** A time without an offset is taken for one of UTC: banks write all of theirs in one way. */
function readTime(text: string | null): string | null {
  const [, time, offset = 'Z'] =
    /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)(Z|[+-]\d{2}:\d{2})?$/.exec(text ?? '') ?? []
  const ms = time === undefined ? NaN : Date.parse(time + offset)
  return Number.isNaN(ms) ? null : new Date(ms).toISOString()
}

/** Before the rest is read: a payment file that is handed in by mistake is known by its first line. */
function checkRoot(root: Element): void {
  if (root.name !== 'Document') throw new UnreadableReportError('It is no ISO 20022 document.')
  namespaceOf(root)
}

/** @throws {UnreadableReportError} Of a message that is none of those that are read. */
function namespaceOf({ attributes }: Element): { kind: string; version: string } | null {
  const namespace = NAMESPACE.exec(Object.values(attributes).join(' '))
  if (!namespace) return null
  const [, kind = '', version = ''] = namespace
  if (!Object.hasOwn(ROOTS, kind))
    throw new UnreadableReportError(
      `It is a ${kind} message; only pain.002, camt.052, camt.053 and camt.054 are read.`,
    )
  return { kind, version }
}

function kindOf(document: Element): { kind: string; problems: string[] } {
  const namespace = namespaceOf(document)
  if (namespace) {
    const { kind, version } = namespace
    const isKnown = VERSIONS[kind]?.includes(version)
    return { kind, problems: isKnown ? [] : [`It is version ${version} of ${kind}, which is read on trust.`] }
  }
  const byRoot = Object.entries(ROOTS).find(([, name]) => first(document, name))?.[0]
  if (byRoot === undefined) throw new UnreadableReportError('It does not say which message it is.')
  return { kind: byRoot, problems: [`It does not say which message it is; it was read as ${byRoot}.`] }
}
