import type { Store } from '../../db/store'
import { AppError } from '../../errors'
import type { CreateWithdrawal } from './create'

type ReadStop = Pick<Store, 'readStop'>

/** Users ask again by themselves; often enough that they need not be told. */
const ASK_AGAIN_SECONDS = 60

/** @throws {AppError} `withdrawals_stopped`, with the sentence that the operator wrote; nothing where that cannot be read. */
async function refuseWhileStopped({ readStop }: ReadStop): Promise<void> {
  const { isStopped, message } = await readStop().catch(() => ({ isStopped: false, message: '' }))
  if (isStopped) throw new AppError('withdrawals_stopped', message, { retryAfterSeconds: ASK_AGAIN_SECONDS })
}

/**
 * While everything is stopped the database refuses each insert, so that nobody is asked about it on the way of the others;
 * who is refused is told why. A repetition of what was accepted before is answered all the while.
 */
export const createWhileOpen =
  (store: ReadStop, create: CreateWithdrawal): CreateWithdrawal =>
  async (request) => {
    try {
      return await create(request)
    } catch (error) {
      if (error instanceof AppError && error.code === 'create_failed') await refuseWhileStopped(store)
      throw error
    }
  }
