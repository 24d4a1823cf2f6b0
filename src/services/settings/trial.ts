import { redactText } from '../../domain/redaction'
import { describeError, errorFields } from '../../errors'
import type { Clock, Randomness } from '../../ports/clock'
import type { Logger } from '../../ports/logger'
import type { PaymentProvider, ProviderDocuments } from '../../ports/payment-provider'
import { withDeadline } from '../../runtime/deadline'

/** What came of asking a provider with settings that nobody has saved yet. */
export interface Trial {
  readonly provider: string
  /** null where it has no way to be asked without paying somebody. */
  readonly ok: boolean | null
  readonly message: string
}

export interface TrialDeps {
  readonly clock: Clock
  readonly random: Randomness
  readonly logger: Logger
}

/** A person is waiting in front of a form. */
const WAIT_MAX_MS = 10_000

/**
 * Asks a provider how it is, with documents of its own that are gone afterwards: a token of an account that nobody has
 * chosen yet must not be found where payouts look for one. Never throws, and closes what it has opened.
 */
export async function tryProvider(provider: PaymentProvider, deps: TrialDeps): Promise<Trial> {
  const { clock, random, logger } = deps
  const { name, health } = provider
  const waitMs = Math.min(WAIT_MAX_MS, provider.capabilities.timeoutMs)
  const ask = async () => {
    await provider.open?.({
      documents: scratch(),
      clock,
      random,
      logger,
      mayLeave: () => Promise.resolve(false),
    })
    return health ? health.call(provider) : null
  }
  try {
    const word = await withDeadline(clock, waitMs, name, ask)
    if (word === null) return { provider: name, ok: null, message: UNASKABLE }
    const { ok, message } = word
    return {
      provider: name,
      ok,
      message: redactText(message ?? (ok ? FINE : 'It says that it cannot pay now.')),
    }
  } catch (error) {
    logger.warn('settings.trial_failed', { provider: name, ...errorFields(error) })
    const { message } = describeError(error)
    return { provider: name, ok: false, message: `It could not be asked: ${redactText(message)}` }
  } finally {
    await provider.close?.().catch(() => {})
  }
}

const FINE = 'It answers, and takes these settings.'
const UNASKABLE =
  'It cannot be asked without paying somebody: pay a small amount to an account of your own first.'

/** Documents as a provider keeps them, as long as the trial lasts. */
function scratch(): ProviderDocuments {
  const kept = new Map<string, { value: unknown; version: number }>()
  return {
    read: (id) => Promise.resolve(kept.get(id) ?? null),
    create(id, value) {
      if (kept.has(id)) return Promise.resolve(false)
      kept.set(id, { value, version: 1 })
      return Promise.resolve(true)
    },
    replace(id, value, version) {
      if (kept.get(id)?.version !== version) return Promise.resolve(false)
      kept.set(id, { value, version: version + 1 })
      return Promise.resolve(true)
    },
    list: (prefix) =>
      Promise.resolve(
        [...kept].filter(([id]) => id.startsWith(prefix)).map(([id, document]) => ({ id, ...document })),
      ),
  }
}
