import { toJsonNumber } from '../domain/money'
import type { CreditOutcome, Exchange } from '../ports/exchange'
import type { Logger } from '../ports/logger'
import type { Calls } from './calls'
import { classifyEffectError } from './classify-error'
import { lookUp } from './look-up'
import { toMint } from './shapes'
import type { ToolsLib } from './tools-lib'

/** Gives money back by a mint. The only code that mints, and it can only mint under an id it was given. */
export function createCreditSide({
  toolsLib,
  calls,
  logger,
  mails,
}: {
  toolsLib: ToolsLib
  calls: Calls
  logger: Logger
  mails: boolean
}): Pick<Exchange, 'placeCredit' | 'findCredit'> {
  return {
    async placeCredit({ id, userId, currency, amount, description }): Promise<CreditOutcome> {
      let answer: unknown
      try {
        answer = await calls.call('mint', () =>
          toolsLib.wallet.mintAssetByKitId(userId, currency, toJsonNumber(amount), {
            status: true,
            transactionId: id,
            description,
            email: mails,
          }),
        )
      } catch (error) {
        const outcome = classifyEffectError(error)
        return outcome.kind === 'unknown' ? outcome : { kind: 'refused', message: outcome.message }
      }
      const mint = toMint(answer)
      if (mint?.id !== id) return { kind: 'unknown', why: 'mint answered with no mint of this id' }
      // A network that wants its mints confirmed has credited nobody yet.
      return mint.settled
        ? { kind: 'done' }
        : { kind: 'unknown', why: 'mint answered with a mint that is not final' }
    },

    async findCredit(query) {
      const found = await lookUp(calls, 'mint look-up', toolsLib.wallet.getUserDepositsByKitId, query)
      if (found.kind === 'unknown') return found
      if (found.rows.length === 0) return { kind: 'absent' }
      if (found.rows.length > 1)
        logger.error('credit.found_twice', { creditId: query.id, count: found.rows.length })
      const mints = found.rows.map(toMint)
      // Of several the one that gave money speaks.
      const mint = mints.find((one) => one?.settled) ?? mints[0]
      if (!mint) return { kind: 'unknown', why: 'the look-up answered with no mint' }
      return { kind: 'found', amount: mint.amount, currency: mint.currency, settled: mint.settled }
    },
  }
}
