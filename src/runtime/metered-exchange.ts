import type { Clock } from '../ports/clock'
import type { Exchange } from '../ports/exchange'
import type { Meter } from '../ports/meter'

/** The same exchange, each of whose calls is counted with what came of it. */
export function meteredExchange(
  exchange: Exchange,
  { meter, clock }: { meter: Pick<Meter, 'remoteCall'>; clock: Pick<Clock, 'monotonicMs'> },
): Exchange {
  const counted =
    <Given extends readonly unknown[], Result>(call: string, work: (...given: Given) => Promise<Result>) =>
    async (...given: Given): Promise<Result> => {
      const startedMs = clock.monotonicMs()
      const told = (outcome: string) => {
        const seconds = (clock.monotonicMs() - startedMs) / 1_000
        meter.remoteCall({ party: 'exchange', call, outcome, seconds })
      }
      try {
        const result = await work(...given)
        told(outcomeOf(result))
        return result
      } catch (error) {
        told('failed')
        throw error
      }
    }

  const { mail } = exchange
  return {
    holdIdsAreUnique: exchange.holdIdsAreUnique,
    ...(mail && { mail: counted('mail', mail) }),
    findUser: counted('find_user', (...given: Parameters<Exchange['findUser']>) =>
      exchange.findUser(...given),
    ),
    findCurrency: counted('find_currency', (...given: Parameters<Exchange['findCurrency']>) =>
      exchange.findCurrency(...given),
    ),
    listCurrencies: counted('list_currencies', (...given: Parameters<Exchange['listCurrencies']>) =>
      exchange.listCurrencies(...given),
    ),
    availableBalance: counted('balance', (...given: Parameters<Exchange['availableBalance']>) =>
      exchange.availableBalance(...given),
    ),
    quote: counted('quote', (...given: Parameters<Exchange['quote']>) => exchange.quote(...given)),
    // Whether a code was right is nobody's business who looks at figures.
    verifyOtp: counted('verify_code', (...given: Parameters<Exchange['verifyOtp']>) =>
      exchange.verifyOtp(...given),
    ),
    placeHold: counted('place_hold', (...given: Parameters<Exchange['placeHold']>) =>
      exchange.placeHold(...given),
    ),
    findHold: counted('find_hold', (...given: Parameters<Exchange['findHold']>) =>
      exchange.findHold(...given),
    ),
    findAllHolds: counted('find_all_holds', (...given: Parameters<Exchange['findAllHolds']>) =>
      exchange.findAllHolds(...given),
    ),
    markProcessing: counted('mark_processing', (...given: Parameters<Exchange['markProcessing']>) =>
      exchange.markProcessing(...given),
    ),
    settleHold: counted('settle_hold', (...given: Parameters<Exchange['settleHold']>) =>
      exchange.settleHold(...given),
    ),
    releaseHold: counted('release_hold', (...given: Parameters<Exchange['releaseHold']>) =>
      exchange.releaseHold(...given),
    ),
    listPendingHolds: counted('list_pending_holds', (...given: Parameters<Exchange['listPendingHolds']>) =>
      exchange.listPendingHolds(...given),
    ),
    listHolds: counted('list_holds', (...given: Parameters<Exchange['listHolds']>) =>
      exchange.listHolds(...given),
    ),
    listCredits: counted('list_credits', (...given: Parameters<Exchange['listCredits']>) =>
      exchange.listCredits(...given),
    ),
    placeCredit: counted('place_credit', (...given: Parameters<Exchange['placeCredit']>) =>
      exchange.placeCredit(...given),
    ),
    findCredit: counted('find_credit', (...given: Parameters<Exchange['findCredit']>) =>
      exchange.findCredit(...given),
    ),
  }
}

/** Effects and searches name what came of them; a read that answered is `ok`. */
const outcomeOf = (result: unknown): string =>
  typeof result === 'object' && result !== null && 'kind' in result && typeof result.kind === 'string'
    ? result.kind
    : 'ok'
