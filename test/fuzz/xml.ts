import fs from 'node:fs'
import path from 'node:path'

import { createPace } from '../../src/providers/sepa/pace'
import { readReport } from '../../src/providers/sepa/reader/read-report'
import type { Movement, Report, Status } from '../../src/providers/sepa/reader/report'
import { UnreadableReportError } from '../../src/providers/sepa/reader/unreadable'
import { must, mustBeClean, type Target } from './target'

const BYTES_MAX = 1_000_000
const pace = createPace(() => Promise.resolve())
const AMOUNT = /^(0|[1-9]\d*)(\.\d*[1-9])?$/

/** A bank's report, as somebody hands it in. */
export const xmlTarget = (root: string): Target => ({
  name: 'xml',
  seeds: seedsIn(path.join(root, 'test/providers/sepa/fixtures')),
  words: WORDS,
  async run(input) {
    const report = await read(input)
    mustBeClean()
    if (report === null) return
    must(JSON.stringify(report) === JSON.stringify(await read(input)), 'the same bytes are the same report')
    must(report.messageId === null || report.messageId.length <= 70, 'a message id is short')
    if (report.kind === 'pain.002')
      for (const { rest, payments } of report.files)
        for (const status of [rest, ...payments.map((payment) => payment.status)]) checkStatus(status)
    else
      for (const { whole, parts } of report.entries) for (const each of [whole, ...parts]) checkMovement(each)
  },
})

/** @returns null where it is refused in words. */
async function read(input: Uint8Array): Promise<Report | null> {
  try {
    return await readReport(input, BYTES_MAX, pace)
  } catch (error) {
    if (error instanceof UnreadableReportError) return null
    throw error
  }
}

function checkStatus(status: Status | null): void {
  if (status === null) return
  must(typeof status.status === 'string' && Array.isArray(status.reasons), 'a status is a word with reasons')
}

function checkMovement({ amount, currency, direction, ids }: Movement): void {
  must(amount === null || AMOUNT.test(amount), 'an amount is a canonical decimal of nothing or more')
  must(currency === null || typeof currency === 'string', 'a currency is a text')
  must(direction === 'debit' || direction === 'credit', 'money goes one way or the other')
  must(
    ids.every((id) => typeof id === 'string'),
    'references are texts',
  )
}

const seedsIn = (directory: string): Uint8Array[] =>
  fs.readdirSync(directory).map((file) => fs.readFileSync(path.join(directory, file)))

const WORDS = [
  ...[
    '<',
    '>',
    '</',
    '/>',
    '<![CDATA[',
    ']]>',
    '<!--',
    '-->',
    '<?xml version="1.0" encoding="UTF-16"?>',
    '<!DOCTYPE a>',
  ],
  ...[
    '&lt;',
    '&#0;',
    '&#x110000;',
    '&a;',
    'encoding="ISO-8859-1"',
    'encoding="utf-7"',
    'xmlns="',
    'Ccy="EUR"',
    'Ccy=""',
  ],
  ...[
    'urn:iso:std:iso:20022:tech:xsd:camt.052.001.08',
    'camt.053.001.02',
    'camt.054',
    'pain.002.001.03',
    'pain.001.001.09',
  ],
  ...[
    'Document',
    'BkToCstmrAcctRpt',
    'BkToCstmrStmt',
    'BkToCstmrDbtCdtNtfctn',
    'CstmrPmtStsRpt',
    'GrpHdr',
    'MsgId',
  ],
  ...[
    'OrgnlGrpInfAndSts',
    'OrgnlPmtInfAndSts',
    'TxInfAndSts',
    'TxSts',
    'GrpSts',
    'PmtInfSts',
    'StsRsnInf',
    'RJCT',
    'ACSC',
  ],
  ...[
    'OrgnlEndToEndId',
    'OrgnlMsgId',
    'OrgnlMsgNmId',
    'Ntry',
    'NtryDtls',
    'TxDtls',
    'Btch',
    'Amt',
    'CdtDbtInd',
    'DBIT',
    'CRDT',
  ],
  ...[
    'RvslInd',
    'true',
    'Sts',
    'BOOK',
    'PDNG',
    'BkTxCd',
    'Domn',
    'Fmly',
    'SubFmlyCd',
    'RRTN',
    'Refs',
    'EndToEndId',
    'TxId',
  ],
  ...[
    'RtrInf',
    'Rsn',
    'Cd',
    'AC04',
    'AmtDtls',
    'InstdAmt',
    'TxAmt',
    'Bal',
    'CLBD',
    'Acct',
    'Id',
    'IBAN',
    'BookgDt',
    'Dt',
  ],
  ...[
    '-1',
    '0',
    '1e9',
    '1E-400',
    'NaN',
    'Infinity',
    '00.10',
    '1,5',
    '__proto__',
    'constructor',
    'toString',
    '\u0000',
    '\ufffe',
  ],
]
