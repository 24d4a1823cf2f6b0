import type { Approval, BankReport, Store, StoredWithdrawal } from '../../db/store'
import { type ApprovalRules, isAboveCeiling, othersNeeded, userOf } from '../../domain/approvals'
import { ERASED } from '../../domain/destination'
import { redactText } from '../../domain/redaction'
import { AppError } from '../../errors'
import type { Logger } from '../../ports/logger'
import type { DocumentQuestion, Ingested, PaymentProvider, ProviderFile } from '../../ports/payment-provider'
import type { Raise } from '../raise'
import { digestOf, type ReportSeal } from '../report-seal'
import type { Vault } from '../vault'
import { acceptedAs, ownWithdrawal } from './actions'
import type { Approvals, Carrier } from './approvals'

export interface TakeInDeps {
  readonly store: Pick<
    Store,
    | ('findHinted' | 'wakeHinted' | 'recordOperatorAction' | 'listApprovals')
    | ('keepBankReport' | 'findBankReport')
  >
  readonly providerNamed: (name: string) => PaymentProvider | null
  readonly seal: ReportSeal
  readonly vault: Pick<Vault, 'judge'>
  readonly approvals: () => Pick<Approvals, 'propose' | 'confirm'>
  readonly rules: () => Promise<ApprovalRules>
  readonly raise: Raise
  readonly logger: Logger
}

export interface FileDecision {
  readonly actor: string
  readonly reason: string
}

/** What has come of a document so far. */
export interface TakenIn extends Ingested {
  readonly matched: number
  /** About how many payouts nothing of it counts before another operator has confirmed it. */
  readonly held: number
  readonly approval: Approval | null
}

/** Takes in what a bank has written, as an operator hands it in. */
export interface TakeIn {
  /**
   * Keeps the bytes, and takes in what one person may decide; the rest waits for another. The same document from another
   * person is that person's confirmation.
   *
   * @throws {AppError} `provider_not_found`.
   */
  handIn(provider: string, file: ProviderFile, decision: FileDecision): Promise<TakenIn>
  /** The bytes, as they were handed in; who looked at them, and why, is on record. @throws {AppError} `file_not_found`. */
  read(provider: string, documentId: string, reader: FileDecision): Promise<ProviderFile>
  readonly carrier: Carrier
}

/** Of one document, told and put on record; how many there were in all is on record as well. */
const PROBLEMS_KEPT = 1_000
export const INGESTED = 'file.ingested'
const NONE: ReadonlySet<string> = new Set()

export function createTakeIn(deps: TakeInDeps): TakeIn {
  const { store, providerNamed, seal } = deps

  const take = createTaking(deps)

  async function handIn(name: string, file: ProviderFile, decision: FileDecision): Promise<TakenIn> {
    const provider = readerNamed(providerNamed, name)
    const { keys, isAll, isOwn } = await heldOf(provider, file, decision.actor, deps)
    // Our own name for these very bytes: a provider may call two documents by one id.
    const documentId = digestOf(file.content)
    const subject = `${name}/${documentId}`
    const of = { provider: name, documentId }
    await store.keepBankReport({
      ...{ ...of, name: file.name.slice(0, 200), content: await seal.seal(of, file.content) },
      ...{ handedInBy: decision.actor, reason: decision.reason },
    })
    const { open, isConfirmed } = await earlierApprovals(subject, deps)
    const isFree = (keys.size === 0 && !isAll) || isConfirmed
    if (isFree) return { ...(await take(provider, file, decision, NONE)), held: 0, approval: null }
    if (open && open.askedBy !== decision.actor && !isOwn) {
      // Two have it from the bank, each by themselves, and it is about neither of them.
      await deps.approvals().confirm(open.id, decision)
      return { ...(await take(provider, file, decision, NONE)), held: 0, approval: null }
    }
    const taken = isAll ? nothingOf(documentId) : await take(provider, file, decision, keys)
    const approval =
      open ??
      (await deps.approvals().propose({
        ...{ action: 'file.take_in', subjectKind: 'file', subject, subjectVersion: 0 },
        content: {
          file: file.name.slice(0, 200),
          documentId,
          bytes: file.content.length,
          payouts: keys.size,
        },
        ...{ needed: 1, actor: decision.actor, reason: decision.reason },
      }))
    return { ...taken, held: keys.size, approval }
  }

  async function read(provider: string, documentId: string, reader: FileDecision): Promise<ProviderFile> {
    const { actor, reason } = reader
    const report = await keptReport(provider, documentId, deps)
    const detail = { documentId, file: report.name }
    await store.recordOperatorAction({
      ...{ actor, action: 'file.report_read', subject: provider, reason, detail },
    })
    return { name: report.name, content: await seal.open(report, report.content) }
  }

  return {
    handIn,
    read,
    carrier: {
      async mayConfirm({ subject }, actor) {
        const { provider, file } = await keptFile(subject, deps)
        if ((await heldOf(provider, file, actor, deps)).isOwn) throw ownWithdrawal()
      },
      async carryOut({ subject, reason, askedBy }, { actor }) {
        const { provider, file } = await keptFile(subject, deps)
        await take(provider, file, { actor, reason: `${reason} (handed in by ${askedBy})` }, NONE)
      },
    },
  }
}

/** What a proposal is about. @throws {AppError} As `keptReport` and `readerNamed`. */
async function keptFile(
  subject: string,
  deps: TakeInDeps,
): Promise<{ provider: Reader; file: ProviderFile }> {
  const [name = '', documentId = ''] = subject.split(/\/(.*)/s)
  const report = await keptReport(name, documentId, deps)
  const file = { name: report.name, content: await deps.seal.open(report, report.content) }
  return { provider: readerNamed(deps.providerNamed, name), file }
}

/** @throws {AppError} `file_not_found`, also where its bytes were erased when their time was over. */
async function keptReport(provider: string, documentId: string, { store }: TakeInDeps): Promise<BankReport> {
  const report = await store.findBankReport(provider, documentId)
  if (!report) throw new AppError('file_not_found', 'There is no such report.')
  if (report.content === ERASED)
    throw new AppError('file_not_found', 'The time for which this report is kept is over; hand it in again.')
  return report
}

/** All of it but what is about `held`; who wanted it is on record with what came of it. */
function createTaking(deps: TakeInDeps) {
  const { store, logger } = deps
  return async function take(
    provider: Reader,
    file: ProviderFile,
    { actor, reason }: FileDecision,
    held: ReadonlySet<string>,
  ) {
    const { name } = provider
    const ingested = await provider.ingest(file, held)
    const { documentId, isRepeated, problems, questions = [] } = ingested
    const asked = await askAbout(name, documentId, questions, deps)
    // After the provider has stored the facts: a look before that would find nothing new.
    const matched = await store.wakeHinted(name, ingested.payouts)
    await store.recordOperatorAction({
      ...{ actor, action: INGESTED, subject: name, reason },
      detail: {
        ...{ file: file.name.slice(0, 200), documentId, isRepeated, matched, asked, held: held.size },
        problems: fewOf(problems).map(redactText),
        problemCount: problems.length,
      },
    })
    logger.info(INGESTED, { provider: name, documentId, matched, asked, problems: problems.length })
    return { ...ingested, problems: fewOf(problems), matched }
  }
}

const fewOf = (problems: readonly string[]): readonly string[] =>
  problems.length <= PROBLEMS_KEPT
    ? problems
    : [...problems.slice(0, PROBLEMS_KEPT), `… and ${problems.length - PROBLEMS_KEPT} more.`]

/** What one person may not decide of it. */
async function heldOf(
  provider: Reader,
  file: ProviderFile,
  actor: string,
  { store, vault, rules }: TakeInDeps,
): Promise<{ keys: ReadonlySet<string>; isAll: boolean; isOwn: boolean }> {
  const said = await rules()
  const isSeveral = othersNeeded(said) > 0
  // What it speaks of is only known when it counts.
  if (!provider.preview) return { keys: NONE, isAll: isSeveral, isOwn: false }
  const { payouts } = await provider.preview(file)
  const rows = await store.findHinted(provider.name, payouts)
  const byKey = new Map(rows.map((row) => [row.payoutKey, row]))
  // Whoever can write to the table could make it small, or somebody else's, until the file is in.
  const sides = (found: StoredWithdrawal) => [found, acceptedAs(found, { vault })]
  const isTheirs = (found: StoredWithdrawal): boolean =>
    sides(found).some(({ userId }) => userId === userOf(actor))
  const waits = (found: StoredWithdrawal): boolean =>
    isTheirs(found) || (isSeveral && sides(found).some((row) => isAboveCeiling(said, row)))
  // A payout that was given up for another is named by a key that no withdrawal has any more.
  const oldWaits = rows.some((row) => row.retiredPayouts > 0 && waits(row))
  const keys = payouts.flatMap(({ key }) => {
    const row = byKey.get(key)
    return (row ? waits(row) : oldWaits) ? [key] : []
  })
  return { keys: new Set(keys), isAll: false, isOwn: rows.some(isTheirs) }
}

async function earlierApprovals(subject: string, { store }: TakeInDeps) {
  const about = { limit: 20, subjectKind: 'file', subject } as const
  const [open, closed] = await Promise.all([
    store.listApprovals({ ...about, isOpen: true }),
    store.listApprovals({ ...about, isOpen: false }),
  ])
  return { open: open[0] ?? null, isConfirmed: closed.some(({ closedAs }) => closedAs === 'done') }
}

type Reader = PaymentProvider & Required<Pick<PaymentProvider, 'ingest'>>

/** @throws {AppError} `provider_not_found`. */
export function readerNamed(named: (name: string) => PaymentProvider | null, name: string): Reader {
  const provider = named(name)
  if (provider?.ingest) return provider as Reader
  throw new AppError('provider_not_found', 'There is no provider of this name that reads files.')
}

const nothingOf = (documentId: string) => ({
  ...{ documentId, isRepeated: false, payouts: [], problems: [], matched: 0 },
})

/** Puts what only a person can answer on record with the payout it is about. @returns About how many payouts. */
async function askAbout(
  provider: string,
  documentId: string,
  questions: readonly DocumentQuestion[],
  { store, raise }: TakeInDeps,
): Promise<number> {
  const asked = new Set<string>()
  for (const { payout, message } of questions)
    for (const row of await store.findHinted(provider, [payout])) {
      await raise(row, 'unclear_bank_fact', { documentId, problem: redactText(message) })
      asked.add(row.id)
    }
  return asked.size
}
