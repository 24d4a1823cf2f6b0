/**
 * How long it takes to take in a bank's reports about many payments, and how long the event loop is held meanwhile:
 * `npm run bench:sepa -- --items 5000,50000,250000 [--embedded | --database-url postgres://...]`. By hand, not in CI.
 * Without a database it is the provider alone, with its documents in memory. A database keeps what was written into it.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { parseArgs } from 'node:util'

import type { Database } from '../src/db/connect/database'
import { openEmbedded } from '../src/db/connect/embedded'
import { migrate } from '../src/db/connect/migrate'
import { openServer } from '../src/db/connect/pool'
import { providerDocuments } from '../src/db/statements/provider-documents'
import type { Logger } from '../src/ports/logger'
import type { PaymentProvider, PayoutItem, ProviderDocuments } from '../src/ports/payment-provider'
import { sepaProvider } from '../src/providers/sepa'
import { systemClock, systemRandomness } from '../src/runtime/clock'

const PER_FILE = 10_000
const IBAN = 'DE89370400440532013000'
const NAMESPACE = 'urn:iso:std:iso:20022:tech:xsd'
const SILENT: Logger = { debug() {}, info() {}, warn() {}, error: console.error }

interface File {
  readonly key: string
  readonly items: readonly PayoutItem[]
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      items: { type: 'string', default: '5000,50000,250000' },
      embedded: { type: 'boolean', default: false },
      'database-url': { type: 'string' },
    },
  })
  const database = await open(values.embedded, values['database-url'])
  console.log(
    'items      statuses           statement          look-ups           longest hold (processor time of a turn)',
  )
  for (const count of values.items.split(',').map(Number)) {
    const run = `${Date.now().toString(36)}${count}`.toUpperCase()
    const documents = database ? providerDocuments(database, `sepa-${run}`) : inMemory()
    await measure(count, run, documents)
  }
  await database?.close()
}

async function open(isEmbedded: boolean, url: string | undefined): Promise<Database | null> {
  if (!isEmbedded && url === undefined) return null
  const database =
    url === undefined ? await openEmbedded({ memory: true }) : openServer({ url, logger: SILENT })
  await migrate(database)
  return database
}

/** Half of the payments are rejected one by one, the other half are on the statement. */
async function measure(count: number, run: string, documents: ProviderDocuments): Promise<void> {
  const turns = createTurns()
  const provider = sepaProvider(
    {
      debtorName: 'Example Exchange Ltd',
      debtorIban: IBAN,
      maxItems: PER_FILE,
      reportMbMax: 200,
      timeoutMs: 120_000,
    },
    { endOfTurn: turns.end },
  )
  await provider.open?.({ documents, clock: systemClock, random: systemRandomness, logger: SILENT })
  const files = filesOf(count, run)
  for (const { key, items } of files)
    await provider.submit({ key, currency: 'eur', total: `${items.length}.00`, items })

  const booked = files.flatMap(({ items }) => items.filter((_, at) => at % 2 === 0))
  const statuses = files.map((file) => Buffer.from(statusReport(file)))
  const statement = Buffer.from(statementOf(run, booked))
  const holds = monitorEventLoopDelay({ resolution: 1 })
  const timed = async (what: string, work: () => Promise<void>): Promise<string> => {
    holds.reset()
    holds.enable()
    turns.begin()
    const startedAt = performance.now()
    await work()
    const ms = performance.now() - startedAt
    holds.disable()
    longest.push(`${what} ${(holds.max / 1e6).toFixed(0)} (${turns.longestMs().toFixed(0)}) ms`)
    return `${(ms / 1_000).toFixed(2)} s, ${((ms * 1_000) / count).toFixed(0)} us each`
  }
  const longest: string[] = []
  const columns = [
    await timed('statuses', async () => {
      for (const content of statuses) await take(provider, content, [])
    }),
    await timed('statement', () => take(provider, statement, [])),
    await timed('look-ups', async () => {
      for (const { key } of files) await lookAt(provider, key)
    }),
  ]
  const size = `statement ${(statement.length / 1e6).toFixed(1)} MB`
  console.log(
    [String(count).padEnd(10), ...columns.map((column) => column.padEnd(18)), longest.join(', '), size].join(
      ' ',
    ),
  )
}

/** How much processor time a turn takes at most: on a busy machine the clock on the wall tells of others as well. */
function createTurns() {
  let longestUs = 0
  let from = process.cpuUsage()
  return {
    begin() {
      longestUs = 0
      from = process.cpuUsage()
    },
    async end(this: void): Promise<void> {
      const { user, system } = process.cpuUsage(from)
      longestUs = Math.max(longestUs, user + system)
      await new Promise((resolve) => setImmediate(resolve))
      from = process.cpuUsage()
    },
    longestMs: () => longestUs / 1_000,
  }
}

async function take(provider: PaymentProvider, content: Buffer, expected: readonly string[]): Promise<void> {
  const { problems } = (await provider.ingest?.({ name: 'report.xml', content })) ?? {}
  if (JSON.stringify(problems) !== JSON.stringify(expected)) throw new Error(String(problems?.[0]))
}

async function lookAt(provider: PaymentProvider, orderKey: string): Promise<void> {
  const found = await provider.lookupOrder?.({ orderKey, orderReference: null, currency: 'eur' })
  const kinds = new Set(Object.values(found ?? {}).map(({ kind }) => kind))
  if (kinds.size !== 2 || !kinds.has('settled') || !kinds.has('declined'))
    throw new Error(`Unexpected outcomes: ${[...kinds].join()}`)
}

function filesOf(count: number, run: string): File[] {
  const items = Array.from({ length: count }, (_, at): PayoutItem => {
    const endToEndId = `WD${run}${String(at).padStart(8, '0')}`
    return {
      key: `BW-${endToEndId}`,
      endToEndId,
      currency: 'eur',
      amount: '1',
      destination: { method: 'BANK', iban: 'NL91ABNA0417164300', accountHolder: 'Jane Roe' },
      statementText: `Withdrawal ${endToEndId}`,
    }
  })
  return Array.from({ length: Math.ceil(count / PER_FILE) }, (_, at) => ({
    key: `B${run}-${at}`,
    items: items.slice(at * PER_FILE, (at + 1) * PER_FILE),
  }))
}

const statusReport = ({ key, items }: File): string => `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="${NAMESPACE}:pain.002.001.10"><CstmrPmtStsRpt><GrpHdr><MsgId>S-${key}</MsgId></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>${key}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId></OrgnlGrpInfAndSts>
<OrgnlPmtInfAndSts><OrgnlPmtInfId>${key}-P1</OrgnlPmtInfId>
${items
  .filter((_, at) => at % 2 === 1)
  .map(
    ({ endToEndId }) =>
      `<TxInfAndSts><OrgnlEndToEndId>${endToEndId}</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf></TxInfAndSts>`,
  )
  .join('\n')}
</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>`

/** A booking of about 1,400 characters for each payment, as banks write them. */
const statementOf = (
  run: string,
  items: readonly PayoutItem[],
): string => `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="${NAMESPACE}:camt.053.001.08"><BkToCstmrStmt><GrpHdr><MsgId>C${run}</MsgId></GrpHdr>
<Stmt><Id>1</Id><Acct><Id><IBAN>${IBAN}</IBAN></Id></Acct>
${items.map(bookingOf).join('\n')}
</Stmt></BkToCstmrStmt></Document>`

const bookingOf = ({ endToEndId }: PayoutItem): string => `      <Ntry>
        <Amt Ccy="EUR">1.00</Amt>
        <CdtDbtInd>DBIT</CdtDbtInd>
        <Sts><Cd>BOOK</Cd></Sts>
        <BookgDt><Dt>2026-11-23</Dt></BookgDt>
        <ValDt><Dt>2026-11-23</Dt></ValDt>
        <AcctSvcrRef>R${endToEndId}</AcctSvcrRef>
        <BkTxCd>
          <Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly></Domn>
          <Prtry><Cd>NTRF+116+9310</Cd><Issr>DK</Issr></Prtry>
        </BkTxCd>
        <NtryDtls>
          <TxDtls>
            <Refs>
              <InstrId>${endToEndId}</InstrId>
              <EndToEndId>${endToEndId}</EndToEndId>
            </Refs>
            <Amt Ccy="EUR">1.00</Amt>
            <CdtDbtInd>DBIT</CdtDbtInd>
            <RltdPties>
              <Dbtr><Pty><Nm>Example Exchange Ltd</Nm></Pty></Dbtr>
              <DbtrAcct><Id><IBAN>${IBAN}</IBAN></Id></DbtrAcct>
              <Cdtr><Pty><Nm>Jane Roe</Nm></Pty></Cdtr>
              <CdtrAcct><Id><IBAN>NL91ABNA0417164300</IBAN></Id></CdtrAcct>
            </RltdPties>
            <RmtInf><Ustrd>Withdrawal ${endToEndId}</Ustrd></RmtInf>
          </TxDtls>
        </NtryDtls>
      </Ntry>`

function inMemory(): ProviderDocuments {
  const documents = new Map<string, { value: unknown; version: number }>()
  return {
    read: (id) => Promise.resolve(documents.get(id) ?? null),
    create(id, value) {
      if (documents.has(id)) return Promise.resolve(false)
      documents.set(id, { value, version: 1 })
      return Promise.resolve(true)
    },
    replace(id, value, version) {
      if (documents.get(id)?.version !== version) return Promise.resolve(false)
      documents.set(id, { value, version: version + 1 })
      return Promise.resolve(true)
    },
    list: (prefix) =>
      Promise.resolve(
        [...documents].filter(([id]) => id.startsWith(prefix)).map(([id, document]) => ({ id, ...document })),
      ),
  }
}

main().catch((error: unknown) => {
  console.error(error)
  process.exitCode = 1
})
