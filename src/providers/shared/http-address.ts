import { BlockList, isIPv6 } from 'node:net'

import { ConfigError } from '../../errors'
import { InvalidRequestError } from './http-errors'

/** Where a client may call, and what may be written there. Nothing of it ever comes out of an answer. */

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/
/** The URL parser has turned every other spelling of an address (0x7f000001, 2130706433) into one of these. */
const IP_LITERAL = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[.*\])$/

/**
 * Reads the base URL from the operator's settings.
 *
 * @throws {ConfigError} It is no https URL of an allowed host. Loopback is always allowed, also with plain http:
 *   that is how a stand-in is tested. An address in place of a name only when the list holds it, since no
 *   certificate guards it (169.254.169.254 would give away a cloud machine's credentials).
 */
export function readBaseUrl(
  baseUrl: string,
  allowedHosts?: readonly string[],
  what = 'the provider’s base URL',
): URL {
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null
  const problem = url ? problemOf(url, allowedHosts) : 'is not a URL'
  if (!url || problem) throw new ConfigError([`${what} ${problem}`])
  return url
}

function problemOf(url: URL, allowedHosts: readonly string[] | undefined): string | null {
  const isLoopback = LOOPBACK.test(url.hostname)
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback))
    return 'must begin with https://'
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or password'
  if (url.search !== '' || url.hash !== '') return 'must not hold a query or a fragment'
  if (isLoopback) return null
  const isListed = allowedHosts?.some((host) => [url.host, url.hostname].includes(host.toLowerCase()))
  if (allowedHosts && !isListed) return `must be on one of the hosts ${allowedHosts.join(', ')}`
  if (!isListed && IP_LITERAL.test(url.hostname)) return 'must name a host, not an address'
  return null
}

/** Whether this address is a stand-in on this machine, where nobody can be paid. */
export const isThisMachine = (baseUrl: string): boolean =>
  URL.canParse(baseUrl) && LOOPBACK.test(new URL(baseUrl).hostname)

/** For settings that are an address: see `Setting.leadsTo`. */
export const originOf = (baseUrl: unknown): string | null =>
  typeof baseUrl === 'string' && URL.canParse(baseUrl) ? new URL(baseUrl).origin : null

/** For settings that are an address: see `Setting.namesPayer`. Many APIs have their customers in the path. */
export const placeOf = (baseUrl: unknown): string | null => {
  const origin = originOf(baseUrl)
  return origin === null ? null : origin + new URL(String(baseUrl)).pathname.replace(/\/+$/, '')
}

/** What leads here, and the network that gives away a machine's keys. One of the old kind is found in the new notation, too. */
const HERE = new BlockList()
HERE.addSubnet('0.0.0.0', 8, 'ipv4')
HERE.addSubnet('127.0.0.0', 8, 'ipv4')
HERE.addSubnet('169.254.0.0', 16, 'ipv4')
HERE.addSubnet('::', 96, 'ipv6')
HERE.addSubnet('fe80::', 10, 'ipv6')

/** However it is written: an address in place of a name is called as it is, and nobody resolves it. */
function isHere(baseUrl: string): boolean {
  if (isThisMachine(baseUrl)) return true
  const host = URL.canParse(baseUrl) ? new URL(baseUrl).hostname : ''
  const address = host.replace(/^\[|\]$/g, '')
  return IP_LITERAL.test(host) && HERE.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
}

/** For settings that operators type in: see `Setting.refusedInDesk`. */
export const refuseThisMachine = (baseUrl: unknown): string | null =>
  typeof baseUrl === 'string' && isHere(baseUrl)
    ? 'an address that is not this machine: only who starts the program may set that one'
    : null

/** Unreserved characters, the few others a path may hold, and escapes. No "?", "#", "\", blank or control character. */
const PATH = /^\/(?!\/)(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})*$/

/**
 * The full address of a call, always below the base URL.
 *
 * @throws {InvalidRequestError} The path could leave the base URL, or is not what would be sent.
 */
export function addressOf(base: URL, path: string, query: Readonly<Record<string, string>> = {}): string {
  if (!PATH.test(path))
    throw new InvalidRequestError('a path begins with one "/" and holds no query and no host')
  const url = new URL(base.href)
  const expected = base.pathname.replace(/\/$/, '') + path
  url.pathname = expected
  // The parser resolves "..", also when it is written "%2e%2e".
  if (url.pathname !== expected || url.origin !== base.origin)
    throw new InvalidRequestError('a path must not hold "." or ".." as a part')
  for (const [name, value] of Object.entries(query)) url.searchParams.append(name, value)
  return url.href
}

/** Fit for a log: ids, which may be account numbers, are left out. */
export const templateOf = (path: string): string =>
  path
    .slice(0, 200)
    .split('/')
    .map((part) => (/^(?:|v\d{1,2}|[a-z][a-z_-]{0,40})$/i.test(part) ? part : ':id'))
    .join('/')

const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
/** Visible ASCII with single blanks or tabs inside: no CR, LF or NUL that would begin another header. */
const HEADER_VALUE = /^[\x21-\x7e]+(?:[ \t]+[\x21-\x7e]+)*$/
/** They decide where a request ends and who is asked; only the client itself sets them. */
const OURS = [
  'host',
  'connection',
  'content-length',
  'transfer-encoding',
  'upgrade',
  'expect',
  'te',
  'trailer',
]

/** @throws {InvalidRequestError} Names the header, never its value. */
export function checkHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!HEADER_NAME.test(name)) throw new InvalidRequestError('a header’s name holds a forbidden character')
    if (OURS.includes(name.toLowerCase())) throw new InvalidRequestError(`the client itself sets ${name}`)
    if (typeof value !== 'string' || !HEADER_VALUE.test(value))
      throw new InvalidRequestError(`the value of ${name} is empty or holds a forbidden character`)
  }
}
