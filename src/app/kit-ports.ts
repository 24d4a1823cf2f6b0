import { createKitAuthenticator } from '../kit/authenticator'
import { createKitExchange, type KitExchangeOptions } from '../kit/exchange'
import type { ToolsLib } from '../kit/tools-lib'
import { createWholeLists } from '../kit/whole-lists'
import type { Authenticator } from '../ports/authenticator'
import type { Clock } from '../ports/clock'
import type { Exchange } from '../ports/exchange'
import type { Logger } from '../ports/logger'

/** The plugin's settings that are about the exchange. */
type KitConfig = Required<
  Omit<KitExchangeOptions, 'toolsLib' | 'clock' | 'logger' | 'timeoutMs' | 'lists'>
> & {
  readonly exchangeTimeoutMs: number
}

/** What an app needs of a kit, behind its `toolsLib`: the exchange, and who its users are. */
export function createKitSide(kit: {
  readonly toolsLib: ToolsLib
  readonly clock: Clock
  readonly logger: Logger
}): { exchange: (config: KitConfig) => Exchange; authenticator: (config: KitConfig) => Authenticator } {
  const lists = createWholeLists()
  return {
    exchange: ({ exchangeTimeoutMs: timeoutMs, uniqueTransactionIds, mails, accountFields }) =>
      createKitExchange({ ...kit, lists, timeoutMs, uniqueTransactionIds, mails, accountFields }),
    authenticator: ({ exchangeTimeoutMs: timeoutMs }) =>
      createKitAuthenticator({ toolsLib: kit.toolsLib, clock: kit.clock, timeoutMs }),
  }
}
