import { isMail } from '../domain/outgoing'
import { mailOf } from '../domain/outgoing-mail'
import { ConfigError, describeError } from '../errors'
import type { Clock } from '../ports/clock'
import type { Exchange } from '../ports/exchange'
import type { Messenger } from '../ports/messenger'
import { addressOf, isThisMachine, readBaseUrl } from '../providers/shared/http-address'
import { createHttpClient, type HttpClient, InvalidRequestError } from '../providers/shared/http-client'

/** Longer than a receiver needs that stores a message and works afterwards. */
export const MESSAGE_TIMEOUT_MS = 10_000
/** What is answered is not read: only its status counts. */
const ANSWER_BYTES_MAX = 64 * 1_024

/** One, without a name or a header in it. */
const MAIL_ADDRESS = /^mailto:[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}$/
const PATH_RULE =
  "must have a path that begins with one / and holds letters, digits and -._~!$&'()*+,;=:@/, all else escaped"
/** The exchange's mail server has it; whether it arrives nobody says. */
const TAKEN = 202

/** Messages go out with the same client as the calls of providers: no redirects, no proxies, no private addresses. */
export function createMessenger({
  clock,
  allowPrivateAddresses,
  mail,
}: {
  readonly clock: Clock
  /** Where the exchange offers it. */
  readonly mail?: Exchange['mail']
  readonly allowPrivateAddresses: boolean
}): Messenger {
  const clients = new Map<string, HttpClient>()

  /** @throws {ConfigError} */
  function clientOf({ origin, host }: URL): HttpClient {
    const known = clients.get(origin)
    if (known) return known
    const client = createHttpClient({
      baseUrl: origin,
      ...(allowPrivateAddresses && { allowedHosts: [host] }),
      ...{ allowPrivateAddresses, clock },
      timeoutMs: MESSAGE_TIMEOUT_MS,
      maxAnswerBytes: ANSWER_BYTES_MAX,
    })
    clients.set(origin, client)
    return client
  }

  function refuses(url: string): string | null {
    if (!URL.canParse(url)) return 'is not a URL'
    if (isMail(url)) {
      if (!mail) return 'is a mail address, and this exchange offers no mail'
      return MAIL_ADDRESS.test(url) ? null : 'must be mailto: and one address'
    }
    if (!allowPrivateAddresses && isThisMachine(url)) return 'must not be this machine'
    try {
      const { origin, pathname } = readBaseUrl(
        url,
        allowPrivateAddresses ? [new URL(url).host] : undefined,
        '',
      )
      addressOf(new URL(origin), pathname)
      return null
    } catch (error) {
      // What would be refused at each try, for three days, is refused where somebody is told.
      if (error instanceof InvalidRequestError) return PATH_RULE
      if (!(error instanceof ConfigError)) throw error
      return String(error.problems[0]).trim()
    }
  }

  return {
    refuses,
    async post({ url, headers, body }) {
      const problem = refuses(url)
      if (problem !== null) return { silent: `the address ${problem}` }
      try {
        if (mail && isMail(url)) {
          await mail(url.slice('mailto:'.length), mailOf(body))
          return { status: TAKEN }
        }
        const target = new URL(url)
        const { status } = await clientOf(target).request({
          ...{ method: 'POST', path: target.pathname, body },
          headers: { ...headers, 'content-type': 'application/json' },
        })
        return { status }
      } catch (error) {
        return { silent: describeError(error).message }
      }
    },
    close() {
      for (const client of clients.values()) client.close()
      clients.clear()
    },
  }
}
