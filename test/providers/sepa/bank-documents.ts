import { DEBTOR_IBAN, ITEMS, OPTIONS } from './rig'

const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd'

/** A statement with one booking. */
export const booking = (endToEndId: string, amount: string, { isReturn = false } = {}): string => `
<Document xmlns="${NAMESPACE}:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>${endToEndId.slice(0, 30)}-${isReturn}</MsgId></GrpHdr>
<Stmt><Id>1</Id><Acct><Id><IBAN>${OPTIONS.debtorIban}</IBAN></Id></Acct>
<Ntry><Amt Ccy="EUR">${amount}</Amt><CdtDbtInd>${isReturn ? 'CRDT' : 'DBIT'}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>
<NtryDtls><TxDtls><Refs><EndToEndId>${endToEndId}</EndToEndId></Refs>${isReturn ? '<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>' : ''}</TxDtls></NtryDtls></Ntry>
</Stmt></BkToCstmrStmt></Document>`

/** A status report on one payment. */
export const statusReport = (
  messageId: string,
  endToEndId: string,
  status: string,
  reason = 'AC01',
): string => `
<Document xmlns="${NAMESPACE}:pain.002.001.10"><CstmrPmtStsRpt><GrpHdr><MsgId>R</MsgId></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>${messageId}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId></OrgnlGrpInfAndSts>
<OrgnlPmtInfAndSts><OrgnlPmtInfId>${messageId}-P1</OrgnlPmtInfId><TxInfAndSts><OrgnlEndToEndId>${endToEndId}</OrgnlEndToEndId>
<TxSts>${status}</TxSts><StsRsnInf><Rsn><Cd>${reason}</Cd></Rsn></StsRsnInf></TxInfAndSts></OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>`

/** The order of `anOrder`, as the bank knows it. */
export const MESSAGE = 'BW-20261120-EUR-0001'
export const e2e = (at: number): string => ITEMS[at]!.endToEndId

/** What a status report says, by level. */
export interface Level {
  readonly group?: string
  readonly block?: string
  readonly payments?: readonly (readonly [at: number, status: string, reason?: string])[]
  readonly reason?: string
  readonly messageId?: string
  readonly version?: string
  readonly writtenAt?: string | null
}
let reports = 0
const reasonXml = (reason?: string) => (reason ? `<StsRsnInf><Rsn><Cd>${reason}</Cd></Rsn></StsRsnInf>` : '')
export const pain002 = ({
  group,
  block,
  payments = [],
  reason,
  messageId = MESSAGE,
  version = '10',
  writtenAt = '2026-11-20T10:05:00Z',
}: Level): string => `
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.${version}"><CstmrPmtStsRpt>
<GrpHdr><MsgId>S${++reports}</MsgId>${writtenAt === null ? '' : `<CreDtTm>${writtenAt}</CreDtTm>`}</GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>${messageId}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>
${group ? `<GrpSts>${group}</GrpSts>${block ? '' : reasonXml(reason)}` : ''}</OrgnlGrpInfAndSts>
${
  block || payments.length > 0
    ? `<OrgnlPmtInfAndSts><OrgnlPmtInfId>${messageId}-P1</OrgnlPmtInfId>${block ? `<PmtInfSts>${block}</PmtInfSts>${reasonXml(reason)}` : ''}
${payments
  .map(
    ([at, status, why]) =>
      `<TxInfAndSts><OrgnlEndToEndId>${e2e(at)}</OrgnlEndToEndId><TxSts>${status}</TxSts>${reasonXml(why)}</TxInfAndSts>`,
  )
  .join('')}</OrgnlPmtInfAndSts>`
    : ''
}</CstmrPmtStsRpt></Document>`

export interface Booking {
  readonly amount: string
  readonly currency?: string
  readonly direction?: 'DBIT' | 'CRDT'
  readonly status?: string
  readonly code?: string
  readonly reversal?: boolean
  readonly reference?: string
  readonly details?: string
  readonly date?: string
}
export const entry = ({
  amount,
  direction = 'DBIT',
  status = 'BOOK',
  code = 'ESCT',
  ...more
}: Booking): string => `<Ntry>
<Amt Ccy="${more.currency ?? 'EUR'}">${amount}</Amt><CdtDbtInd>${direction}</CdtDbtInd>${more.reversal ? '<RvslInd>true</RvslInd>' : ''}<Sts><Cd>${status}</Cd></Sts>
<BookgDt><Dt>${more.date ?? '2026-11-23'}</Dt></BookgDt>${more.reference ? `<AcctSvcrRef>${more.reference}</AcctSvcrRef>` : ''}
<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>${code}</SubFmlyCd></Fmly></Domn></BkTxCd>
${more.details ? `<NtryDtls>${more.details}</NtryDtls>` : ''}</Ntry>`
export const part = (id: string, amount = '', inside = ''): string =>
  `<TxDtls><Refs><EndToEndId>${id}</EndToEndId></Refs>${amount ? `<Amt Ccy="EUR">${amount}</Amt>` : ''}${inside}</TxDtls>`
export const returned = (reason: string) => `<RtrInf><Rsn><Cd>${reason}</Cd></Rsn></RtrInf>`
export const batch = (id = `${MESSAGE}-P1`) => `<Btch><PmtInfId>${id}</PmtInfId></Btch>`
const CAMT_PARTS = {
  '052': ['BkToCstmrAcctRpt', 'Rpt'],
  '053': ['BkToCstmrStmt', 'Stmt'],
  '054': ['BkToCstmrDbtCdtNtfctn', 'Ntfctn'],
} as const
export const camt = (
  kind: keyof typeof CAMT_PARTS,
  entries: readonly string[],
  account = DEBTOR_IBAN,
): string => {
  const [root, each] = CAMT_PARTS[kind]
  return `<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.${kind}.001.08"><${root}><GrpHdr><MsgId>C${++reports}</MsgId></GrpHdr>
<${each}><Id>${reports}</Id><Acct><Id><IBAN>${account}</IBAN></Id></Acct>${entries.join('')}</${each}></${root}></Document>`
}
