import { createKitAuthenticator } from '../../src/kit/authenticator'
import { createKitExchange, type KitExchangeOptions } from '../../src/kit/exchange'
import type { CreditRequest, HoldRequest } from '../../src/ports/exchange'
import { recordingLogger } from '../helpers/loggers'
import { FakeNetwork } from './fake-network'
import { createFakeKit } from './fake-tools-lib'
import { ManualClock } from './manual-clock'

export const TIMEOUT_MS = 10_000

const open: FakeNetwork[] = []

/** Our kit adapter, on a fake kit, on a fake network, with 1,000 eur for user 1. */
export async function openRig(options: Partial<KitExchangeOptions> = {}) {
  const network = await FakeNetwork.listen()
  open.push(network)
  network.books.fund(1001, 'eur', '1000')
  const kit = createFakeKit(network.url)
  const clock = new ManualClock()
  const logger = recordingLogger()
  const toolsLib = options.toolsLib ?? kit.toolsLib
  return {
    network,
    kit,
    clock,
    logger,
    exchange: createKitExchange({
      clock,
      logger,
      timeoutMs: TIMEOUT_MS,
      uniqueTransactionIds: false,
      mails: true,
      ...options,
      toolsLib,
    }),
    authenticator: createKitAuthenticator({ toolsLib, clock, timeoutMs: TIMEOUT_MS }),
  }
}

/** Whatever a test has opened, also when it has failed: a hanging request would keep the run from ending. */
export async function closeRigs(): Promise<void> {
  for (const network of open.splice(0)) await network.close()
}

export type Rig = Awaited<ReturnType<typeof openRig>>

export const aHold = (changes: Partial<HoldRequest> = {}): HoldRequest => ({
  id: 'w-1',
  userId: 1,
  currency: 'eur',
  amount: '10.5',
  fee: '0',
  description: 'Withdrawal w-1 to bank account',
  ...changes,
})

export const aCredit = (changes: Partial<CreditRequest> = {}): CreditRequest => ({
  id: 'w-1-back',
  userId: 1,
  currency: 'eur',
  amount: '10.5',
  description: 'Withdrawal w-1 was returned by the bank',
  ...changes,
})
