import type { Database } from '../db/connect/database'
import {
  keysNeeded,
  pageOfDocuments,
  pageOfReports,
  pageOfWithdrawals,
  reseal,
  resealDocument,
  type Resealed,
  resealReport,
  resealSecret,
  settingSecrets,
  someToRecognise,
  type StoredDocument,
  type StoredReport,
  type StoredSecret,
} from '../db/sealed-values'
import type { StoredWithdrawal } from '../db/store'
import type { EncryptionKey } from '../domain/encryption-key'
import { nameInCode, type NameOf } from '../domain/setting-names'
import { ConfigError } from '../errors'
import type { ReportSeal } from './report-seal'
import { SealError } from './sealed-box'
import type { DocumentSeals } from './sealed-documents'
import type { Vault } from './vault'

export interface Rotation {
  /** Seals the readable ones, too: whoever could write to the table until now could have put them there. */
  readonly sealsReadable: boolean
  readonly vault: Vault
  readonly documents: DocumentSeals
  readonly reports: ReportSeal
  /** A secret among the settings under the newest key; null where it is that already. @throws {SealError} */
  readonly resealed: (secret: StoredSecret) => string | null
  readonly database: Database
  /** Called after each page with what was done so far. */
  readonly onProgress?: (done: Rotated) => void
}

export interface Rotated {
  readonly seen: number
  readonly resealed: number
  /** Not to be opened with the keys there are, or at all. */
  readonly failed: readonly string[]
}

/** Small enough for its locks to be gone before anybody notices. */
const PAGE = 500
const NAMED_MAX = 20
/** A page in which something moves is read again; one that moves each time is left as it is, and counted so afterwards. */
const READ_MAX = 10

/**
 * Seals with the newest key whatever is sealed with another one, or in an earlier format, while the program goes on. A
 * value is only written where the old one still stands, and of a withdrawal only while it is what was sealed: one that has
 * moved on is read again. What is done is done: after a kill it is started anew, and passes over it.
 */
export async function rotateKeys(rotation: Rotation): Promise<Rotated> {
  const withdrawals = await rotateWithdrawals(rotation)
  const documents = await rotateDocuments(rotation, withdrawals)
  return rotateSecrets(rotation, await rotateReports(rotation, documents))
}

async function rotateSecrets(
  { database, resealed: anewOf, onProgress }: Rotation,
  earlier: Rotated,
): Promise<Rotated> {
  let { seen, resealed, failed } = earlier
  for (const secret of await settingSecrets(database)) {
    seen++
    try {
      const anew = anewOf(secret)
      if (anew !== null && (await resealSecret(database, secret, anew))) resealed++
    } catch (error) {
      if (!(error instanceof SealError)) throw error
      if (failed.length < NAMED_MAX) failed = [...failed, `the secret ${secret.setting} of the settings`]
    }
  }
  const done = { seen, resealed, failed }
  onProgress?.(done)
  return done
}

async function rotateWithdrawals({ database, vault, sealsReadable, onProgress }: Rotation): Promise<Rotated> {
  let done: Rotated = { seen: 0, resealed: 0, failed: [] }
  for (let after = '', reads = 1; ;) {
    const rows = await pageOfWithdrawals(database, after, PAGE)
    const failed = [...done.failed]
    const values: Resealed[] = []
    for (const row of rows) {
      const result = vault.rotate(row, sealsReadable && mayBeRehashed(row))
      if (result.kind === 'failed' && failed.length < NAMED_MAX) failed.push(row.id)
      if (result.kind === 'resealed')
        values.push({
          ...{ id: row.id, version: row.version, before: row.destination, after: result.value },
          hash: result.hash ?? row.destinationHash,
        })
    }
    const written = values.length === 0 ? 0 : await reseal(database, values)
    const resealed = done.resealed + written
    if (written < values.length && reads < READ_MAX) {
      done = { ...done, resealed }
      reads++
      continue
    }
    reads = 1
    done = { seen: done.seen + rows.length, resealed, failed }
    onProgress?.(done)
    const last = rows.at(-1)
    if (!last || rows.length < PAGE) return done
    after = last.id
  }
}

/** Few at a time: a bank's file may be in one. */
const DOCUMENTS = 20

/** Readable ones too: what a provider has written for itself nobody looks at first. */
async function rotateDocuments(
  { database, documents, onProgress }: Rotation,
  earlier: Rotated,
): Promise<Rotated> {
  let done = earlier
  for (let after = { provider: '', id: '' }; ;) {
    const page = await pageOfDocuments(database, after, DOCUMENTS)
    for (const document of page) {
      const outcome = await rotateDocument(database, documents, document)
      const isNamed = outcome === 'failed' && done.failed.length < NAMED_MAX
      done = {
        seen: done.seen + 1,
        resealed: done.resealed + (outcome === 'resealed' ? 1 : 0),
        failed: isNamed ? [...done.failed, `${document.provider} ${document.id}`] : done.failed,
      }
    }
    onProgress?.(done)
    const last = page.at(-1)
    if (!last || page.length < DOCUMENTS) return done
    after = last
  }
}

async function rotateDocument(
  database: Database,
  seals: DocumentSeals,
  document: StoredDocument,
): Promise<'kept' | 'resealed' | 'failed'> {
  try {
    const value = seals.rotate(document, document.value)
    if (value === null) return 'kept'
    return (await resealDocument(database, { ...document, value })) ? 'resealed' : 'kept'
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    return 'failed'
  }
}

/** One at a time: a day's statement is megabytes. */
async function rotateReports(
  { database, reports, onProgress }: Rotation,
  earlier: Rotated,
): Promise<Rotated> {
  let done = earlier
  for (let after = { provider: '', documentId: '' }; ;) {
    const [report] = await pageOfReports(database, after, 1)
    if (!report) return done
    const outcome = await rotateReport(database, reports, report)
    const isNamed = outcome === 'failed' && done.failed.length < NAMED_MAX
    done = {
      seen: done.seen + 1,
      resealed: done.resealed + (outcome === 'resealed' ? 1 : 0),
      failed: isNamed ? [...done.failed, `${report.provider} ${report.documentId}`] : done.failed,
    }
    onProgress?.(done)
    after = report
  }
}

async function rotateReport(
  database: Database,
  seals: ReportSeal,
  report: StoredReport,
): Promise<'kept' | 'resealed' | 'failed'> {
  try {
    const sealed = await seals.rotate(report, report.content)
    if (sealed === null) return 'kept'
    return (await resealReport(database, report, sealed)) ? 'resealed' : 'kept'
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    return 'failed'
  }
}

/** A batch that is sent once more has to be what it was, and its hash has the accounts' hashes in it. */
const mayBeRehashed = ({ state, batchId }: StoredWithdrawal): boolean =>
  batchId === null || (state !== 'submitting' && state !== 'in_doubt')

/** As many as are never all forged at once; fewer could let one row keep the program from starting. */
const ASKED = 20

/**
 * Refuses to start without a key that is needed, and with one that recognises no account: a quarantine would be lifted
 * by it.
 *
 * @throws {ConfigError} Names the keys. Nothing was done.
 */
export async function requireKeys(
  database: Database,
  keys: readonly EncryptionKey[],
  vault: Vault,
  nameOf: NameOf = nameInCode,
): Promise<void> {
  const missing = (await keysNeeded(database)).filter(({ keyId }) => keys.every(({ id }) => id !== keyId))
  const problems = missing.map(
    ({ keyId, count }) =>
      `${nameOf('encryptionKeys')} must still have the key ${/^[A-Za-z0-9_-]{1,32}$/.test(keyId) ? keyId : '(damaged)'}: ${count} withdrawals that are not over are sealed with it`,
  )
  const known = (await someToRecognise(database, ASKED)).flatMap((row) => isRecognised(row, vault) ?? [])
  if (known.length > 0 && known.every((isKnown) => !isKnown))
    problems.push(
      `${nameOf('hashKey')} must be the key by which the stored accounts are recognised: where it was not set before, the oldest of ${nameOf('encryptionKeys')}`,
    )
  if (problems.length > 0) throw new ConfigError(problems)
}

/** null where it cannot be opened. */
function isRecognised(row: StoredWithdrawal, vault: Vault): boolean | null {
  try {
    return vault.hash(vault.open(row.id, row.destination)) === row.destinationHash
  } catch {
    return null
  }
}
