import { type KeyObject, X509Certificate } from 'node:crypto'
import { rootCertificates } from 'node:tls'

import type { Clock } from '../../ports/clock'
import { createHttpClient } from '../shared/http-client'

export type FoundKey =
  | { kind: 'key'; key: KeyObject }
  /** Not PayPal's, or no longer valid. */
  | { kind: 'refused' }
  /** It could not be fetched, which says nothing. */
  | { kind: 'unreachable' }

export interface Certificates {
  isAllowed(url: string): boolean
  keyAt(url: string): Promise<FoundKey>
}

export interface CertificateDeps {
  /** Hosts PayPal serves certificates from, in the environment that is used. */
  readonly origins: readonly string[]
  /** PEM. The public authorities when left out. */
  readonly trustedRoots?: readonly string[]
  readonly clock: () => Clock
}

const PATH = /^\/v1\/notifications\/certs\/[A-Za-z0-9_.-]{1,200}$/
const FETCH_TIMEOUT_MS = 5_000
/** PayPal's is 5 KB. */
const CERTIFICATE_BYTES_MAX = 65_536
/** PayPal uses one certificate at a time, for about a year. */
const CACHED_MAX = 20
/** A stranger who names ever new certificates makes us ask PayPal for them only so often. */
const FETCHES_PER_MINUTE_MAX = 20
const CHAIN_LENGTH_MAX = 6

/** The certificates PayPal signs its events with, fetched once each and only from PayPal. */
export function createCertificates({ origins, trustedRoots, clock }: CertificateDeps): Certificates {
  const chains = new Map<string, Promise<readonly X509Certificate[] | 'refused' | 'unreachable'>>()
  let roots: readonly X509Certificate[] | null = null
  let fetches: number[] = []

  const isAllowed = (text: string): boolean => {
    const url = URL.canParse(text) ? new URL(text) : null
    // Compared with the text itself too, which must not hold what the parser drops (user, fragment, tabs, dots).
    return (
      url !== null &&
      origins.includes(url.origin) &&
      PATH.test(url.pathname) &&
      text === url.origin + url.pathname
    )
  }

  function chainAt(url: string) {
    const cached = chains.get(url)
    if (cached) return cached
    const nowMs = clock().monotonicMs()
    fetches = fetches.filter((atMs) => atMs > nowMs - 60_000)
    if (fetches.length >= FETCHES_PER_MINUTE_MAX) return Promise.resolve('unreachable' as const)
    fetches.push(nowMs)
    const fetching = fetchChain(url, clock())
    chains.set(url, fetching)
    void fetching.then((chain) => {
      // An error page of one moment is none of the next; and names that strangers make up must not push PayPal's own out.
      if (typeof chain === 'string') chains.delete(url)
    })
    const [oldest] = chains.keys()
    if (chains.size > CACHED_MAX && oldest !== undefined) chains.delete(oldest)
    return fetching
  }

  return {
    isAllowed,
    async keyAt(url) {
      if (!isAllowed(url)) return { kind: 'refused' }
      const chain = await chainAt(url)
      if (typeof chain === 'string') return { kind: chain }
      roots ??= (trustedRoots ?? rootCertificates).map((pem) => new X509Certificate(pem))
      const key = trustedKey(chain, roots, clock().now().getTime())
      return key ? { kind: 'key', key } : { kind: 'refused' }
    },
  }
}

async function fetchChain(
  url: string,
  clock: Clock,
): Promise<readonly X509Certificate[] | 'refused' | 'unreachable'> {
  const { origin, pathname } = new URL(url)
  try {
    const http = createHttpClient({
      baseUrl: origin,
      timeoutMs: FETCH_TIMEOUT_MS,
      maxAnswerBytes: CERTIFICATE_BYTES_MAX,
      clock,
    })
    const answer = await http.request({ method: 'GET', path: pathname }).finally(() => http.close())
    if (answer.status === 404) return 'refused'
    return answer.status === 200 ? readChain(answer.text) : 'unreachable'
  } catch {
    return 'unreachable'
  }
}

function readChain(text: string): readonly X509Certificate[] | 'refused' {
  const blocks = text.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g) ?? []
  if (blocks.length === 0 || blocks.length > CHAIN_LENGTH_MAX) return 'refused'
  try {
    return blocks.map((block) => new X509Certificate(block))
  } catch {
    return 'refused'
  }
}

/** The key of the first certificate, when it is PayPal's and a root we trust vouches for it. */
export function trustedKey(
  [leaf, ...others]: readonly X509Certificate[],
  roots: readonly X509Certificate[],
  nowMs: number,
): KeyObject | null {
  if (!leaf || !isPaypals(leaf) || leaf.publicKey.asymmetricKeyType !== 'rsa') return null
  let current = leaf
  for (let length = 0; length < CHAIN_LENGTH_MAX; length++) {
    if (!isValidAt(current, nowMs)) return null
    const root = roots.find((candidate) => isIssuer(candidate, current))
    if (root) return isValidAt(root, nowMs) ? leaf.publicKey : null
    const issuer = others.find((candidate) => candidate.ca && isIssuer(candidate, current))
    if (!issuer) return null
    current = issuer
  }
  return null
}

const isIssuer = (candidate: X509Certificate, of: X509Certificate): boolean =>
  of.checkIssued(candidate) && of.verify(candidate.publicKey)

const isValidAt = ({ validFrom, validTo }: X509Certificate, nowMs: number): boolean =>
  Date.parse(validFrom) <= nowMs && nowMs <= Date.parse(validTo)

/** By its alternative names, or by its common name where it has none. */
function isPaypals({ subjectAltName, subject }: X509Certificate): boolean {
  const names =
    subjectAltName !== undefined
      ? subjectAltName.split(', ').flatMap((name) => /^DNS:(\S+)$/.exec(name)?.[1] ?? [])
      : subject.split('\n').flatMap((part) => /^CN=(\S+)$/.exec(part)?.[1] ?? [])
  return names.some((name) => /^(?:[A-Za-z0-9*-]+\.)*paypal\.com$/.test(name))
}
