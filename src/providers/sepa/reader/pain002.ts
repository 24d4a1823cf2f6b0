import { codeOf, idsOf, reasonsAt } from './references'
import type { FileStatus, Status } from './report'
import { all, first, type Node, textAt } from './xml-tree'

/**
 * A status report: of the file, of its payment block, of single payments. The lower level wins; a level without a
 * status takes the one above.
 */
export function readStatusReport(body: Node): readonly FileStatus[] {
  const group = first(body, 'OrgnlGrpInfAndSts')
  const messageId = textAt(group, 'OrgnlMsgId')
  const groupStatus = statusOf(group, 'GrpSts', null)
  const blocks = all(body, 'OrgnlPmtInfAndSts')
  if (blocks.length === 0) return [{ messageId, paymentInformationId: null, rest: groupStatus, payments: [] }]
  return blocks.map((block) => fileStatus(block, messageId, groupStatus))
}

function fileStatus(block: Node, messageId: string | null, groupStatus: Status | null): FileStatus {
  const rest = statusOf(block, 'PmtInfSts', groupStatus)
  return {
    messageId,
    paymentInformationId: textAt(block, 'OrgnlPmtInfId'),
    rest,
    payments: all(block, 'TxInfAndSts').flatMap((payment) => {
      const status = statusOf(payment, 'TxSts', rest)
      const ids = idsOf(textAt(payment, 'OrgnlEndToEndId'), textAt(payment, 'OrgnlInstrId'))
      return status === null ? [] : [{ ids, status }]
    }),
  }
}

function statusOf(node: Node, name: string, above: Status | null): Status | null {
  const status = textAt(node, name)
  const reasons = reasonsAt(node, 'StsRsnInf')
  if (status !== null) {
    // A rejected payment of a rejected file is often not given the reason again.
    const inherited = above?.status === status ? above.reasons : []
    return { status: codeOf(status), reasons: reasons.length > 0 ? reasons : inherited }
  }
  return above === null
    ? null
    : { status: above.status, reasons: reasons.length > 0 ? reasons : above.reasons }
}
