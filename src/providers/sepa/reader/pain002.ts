import type { Pace } from '../pace'
import { isDuplicateReason } from '../reasons'
import { codeOf, idsOf, statusReasonsAt } from './references'
import type { FileStatus, Status } from './report'
import { all, type Element, first, type Makers, type Node, textAt } from './xml-tree'

/** A status as one level gives it, before it takes anything from the level above. */
interface OwnStatus {
  readonly status: string | null
  readonly reasons: readonly string[]
}

interface PaymentPart {
  readonly ids: readonly string[]
  readonly own: OwnStatus
}

export const PAIN002_MAKERS: Makers = {
  TxInfAndSts: (payment: Element): PaymentPart => ({
    ids: idsOf(textAt(payment, 'OrgnlEndToEndId'), textAt(payment, 'OrgnlInstrId')),
    own: ownStatus(payment, 'TxSts'),
  }),
}

/**
 * A status report: of the file, of its payment block, of single payments. The lower level wins; a level without a
 * status takes the one above.
 */
export async function readStatusReport(body: Node, pace: Pace): Promise<readonly FileStatus[]> {
  const group = first(body, 'OrgnlGrpInfAndSts')
  const file = { messageId: idAt(group, 'OrgnlMsgId'), messageName: textAt(group, 'OrgnlMsgNmId') }
  const groupStatus = withAbove(ownStatus(group, 'GrpSts'), null)
  const blocks = all(body, 'OrgnlPmtInfAndSts')
  if (blocks.length === 0) return [{ ...file, paymentInformationId: null, rest: groupStatus, payments: [] }]
  const files: FileStatus[] = []
  for (const block of blocks) {
    const rest = withAbove(ownStatus(block, 'PmtInfSts'), groupStatus)
    const payments = await paymentStatuses(block, rest, pace)
    files.push({
      ...file,
      paymentInformationId: idAt(block, 'OrgnlPmtInfId'),
      rest: rest && withReasonOf(payments, rest),
      payments,
    })
  }
  return files
}

async function paymentStatuses(
  block: Element,
  above: Status | null,
  pace: Pace,
): Promise<FileStatus['payments']> {
  const payments: { ids: readonly string[]; status: Status }[] = []
  for (const { made } of all(block, 'TxInfAndSts')) {
    await pace.step()
    const { ids, own } = made as PaymentPart
    const status = withAbove(own, above)
    if (status !== null) payments.push({ ids, status })
  }
  return payments
}

/** null too where something stands for an id that is none. */
const idAt = (node: Node, name: string): string | null => idsOf(textAt(node, name))[0] ?? null

/** A block without a reason is refused for that of its payments, of which a bank may list a few only. */
function withReasonOf(payments: FileStatus['payments'], rest: Status): Status {
  const isRepetition = ({ status }: { readonly status: Status }) =>
    status.status === rest.status && isDuplicateReason(status.reasons)
  return rest.reasons.length === 0 && payments.some(isRepetition) ? { ...rest, reasons: ['DUPL'] } : rest
}

const ownStatus = (node: Node, name: string): OwnStatus => ({
  status: textAt(node, name),
  reasons: statusReasonsAt(node),
})

function withAbove({ status, reasons }: OwnStatus, above: Status | null): Status | null {
  if (status !== null) {
    // A rejected payment of a rejected file is often not given the reason again.
    const inherited = above?.status === codeOf(status) ? above.reasons : []
    const whole = inherited.filter((reason) => isDuplicateReason([reason]) && !reasons.includes(reason))
    return { status: codeOf(status), reasons: reasons.length > 0 ? [...reasons, ...whole] : inherited }
  }
  return above === null
    ? null
    : { status: above.status, reasons: reasons.length > 0 ? reasons : above.reasons }
}
