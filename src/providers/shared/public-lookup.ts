import dns from 'node:dns'
import { BlockList, isIPv6, type LookupFunction } from 'node:net'

/** What no bank answers from: this machine, its network, and the address that gives away a cloud machine's keys. */
const PRIVATE = new BlockList()
/** A list of its own: all that is written the old way would be in it, too. */
const PRIVATE_V6 = new BlockList()
for (const [address, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['224.0.0.0', 3],
] as const)
  PRIVATE.addSubnet(address, prefix, 'ipv4')
// Of the new kind 2000::/3 is given out, and in there are two ways to write an address of the old kind.
for (const [address, prefix] of [
  ['::', 3],
  ['2001::', 32],
  ['2002::', 16],
  ['4000::', 2],
  ['8000::', 1],
] as const)
  PRIVATE_V6.addSubnet(address, prefix, 'ipv6')

export const isPrivateAddress = (address: string): boolean => {
  // An address of the old kind in the new notation is that address.
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return PRIVATE.check(mapped, 'ipv4')
  return isIPv6(address) ? PRIVATE_V6.check(address, 'ipv6') : PRIVATE.check(address, 'ipv4')
}

/** As `getaddrinfo` says that there is no such name: nothing was connected to, so nothing was sent. */
class PrivateAddressError extends Error {
  readonly code = 'ENOTFOUND'
  readonly syscall = 'getaddrinfo'
}

type Resolve = (
  hostname: string,
  options: dns.LookupAllOptions,
  done: (error: NodeJS.ErrnoException | null, found: dns.LookupAddress[]) => void,
) => void

/**
 * Resolves names for the connection itself, so that a name cannot be one address when it is looked at and another when it
 * is called. A name that has a private address among its own is refused as a whole.
 */
export const publicLookup =
  (resolve: Resolve = dns.lookup): LookupFunction =>
  (hostname, { all, ...options }, done) => {
    resolve(hostname, { ...options, all: true }, (error, found) => {
      const [first] = found ?? []
      if (error) return done(error, '')
      if (!first || found.some(({ address }) => isPrivateAddress(address)))
        return done(new PrivateAddressError('the name stands for a private address'), '')
      return all === true ? done(null, found) : done(null, first.address, first.family)
    })
  }
