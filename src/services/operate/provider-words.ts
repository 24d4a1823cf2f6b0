import { errorFields } from '../../errors'
import type { Clock } from '../../ports/clock'
import type { Logger } from '../../ports/logger'
import type { PaymentProvider } from '../../ports/payment-provider'
import { withDeadline } from '../../runtime/deadline'

/** What a provider said of itself when it was last asked. */
export interface ProviderWord {
  readonly askedAt: Date
  /** null where it did not say. */
  readonly balances: readonly { currency: string; available: string }[] | null
  readonly health: { readonly ok: boolean; readonly message?: string } | null
}

export interface ProviderWords {
  /**
   * What is known now; asks anew behind the answer when that is old, and waits for it only where nothing is known yet,
   * and not for long. null for a provider that tells nothing, or has not answered yet. Never throws.
   */
  of(provider: PaymentProvider): Promise<ProviderWord | null>
}

/** Providers count how often they are asked. */
const KNOWN_FOR_MS = 60_000
const FIRST_WAIT_MS = 500

/** The balance and the health of providers, asked no more often than once a minute however many people look. */
export function createProviderWords({
  clock,
  logger,
}: {
  readonly clock: Clock
  readonly logger: Logger
}): ProviderWords {
  const known = new Map<string, ProviderWord>()
  const asking = new Map<string, Promise<void>>()

  async function ask(provider: PaymentProvider): Promise<void> {
    const within = <Result>(what: string, call: (() => Promise<Result>) | undefined) =>
      call
        ? withDeadline(clock, provider.capabilities.timeoutMs, what, call).catch((error: unknown) => {
            logger.warn('provider.word_failed', { provider: provider.name, what, ...errorFields(error) })
            return null
          })
        : Promise.resolve(null)
    const [balances, health] = await Promise.all([
      within('balances', provider.balances?.bind(provider)),
      within('health', provider.health?.bind(provider)),
    ])
    known.set(provider.name, { askedAt: clock.now(), balances, health })
  }

  function askOnce(provider: PaymentProvider): Promise<void> {
    const running = asking.get(provider.name)
    if (running) return running
    const started = ask(provider).finally(() => asking.delete(provider.name))
    asking.set(provider.name, started)
    return started
  }

  return {
    async of(provider) {
      if (!provider.balances && !provider.health) return null
      const word = known.get(provider.name)
      if (word && clock.now().getTime() - word.askedAt.getTime() < KNOWN_FOR_MS) return word
      const asked = askOnce(provider)
      if (word) return word
      await withDeadline(clock, FIRST_WAIT_MS, provider.name, () => asked).catch(() => {})
      return known.get(provider.name) ?? null
    },
  }
}
