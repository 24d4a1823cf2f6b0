import type { Store } from '../../db/store'
import { AppError } from '../../errors'
import type { CreateWithdrawal } from './create'
import type { Intake } from './intake'

type ReadStop = Pick<Store, 'readStop'>

/** Users ask again by themselves; often enough that they need not be told. */
const ASK_AGAIN_SECONDS = 60

/** @throws {AppError} `withdrawals_stopped`, with the sentence that the operator wrote. */
async function refuseWhileStopped({ readStop }: ReadStop): Promise<void> {
  const { isStopped, message } = await readStop()
  if (isStopped) throw new AppError('withdrawals_stopped', message, { retryAfterSeconds: ASK_AGAIN_SECONDS })
}

/** Nothing new is looked at while everything is stopped. */
export const intakeWhileOpen =
  (store: ReadStop, intake: Intake): Intake =>
  async (request) => {
    await refuseWhileStopped(store)
    return intake(request)
  }

/**
 * Who is stopped between the look and the insert is told so, too: the database has refused it. A repetition of what was
 * accepted before is answered all the while.
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
