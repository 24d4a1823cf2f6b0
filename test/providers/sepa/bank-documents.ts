import { OPTIONS } from './rig'

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
