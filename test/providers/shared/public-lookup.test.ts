import type { LookupAddress } from 'node:dns'

import { reachOf } from '../../../src/providers/shared/http-errors'
import { isPrivateAddress, publicLookup } from '../../../src/providers/shared/public-lookup'

const looked = (found: readonly string[], all = false) =>
  new Promise<{ error: NodeJS.ErrnoException | null; address: string | LookupAddress[] }>((resolve) => {
    const addresses = found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
    publicLookup((_name, _options, done) => done(null, addresses))(
      'bank.example',
      { all },
      (error, address) => resolve({ error, address }),
    )
  })

describe('The address of a provider', () => {
  it.each([
    '127.0.0.1',
    '127.255.0.3',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    '::ffff:127.0.0.1',
    '::ffff:10.0.0.1',
    'fd00::1',
    'fc00::1',
    'fe80::1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::a00:1',
    '2002:a00:1::1',
    '2001:0:a00:1::1',
    '::ffff:0:10.0.0.1',
    'fec0::1',
    '100::1',
    '5f00::1',
    'ff02::1',
  ])('%s is private, and nothing is sent there', async (address) => {
    expect(isPrivateAddress(address)).toBe(true)
    const { error } = await looked([address])
    expect(error).toMatchObject({ code: 'ENOTFOUND' })
    expect(reachOf(error)).toBe('no')
  })

  it.each([
    '8.8.8.8',
    '172.15.0.1',
    '172.32.0.1',
    '100.128.0.1',
    '192.169.0.1',
    '2606:4700::1',
    '2001:4860:4860::8888',
    '2a00:1450:4001::1',
    '3ffe::1',
    '::ffff:8.8.8.8',
  ])('%s is public', async (address) => {
    expect(isPrivateAddress(address)).toBe(false)
    expect(await looked([address])).toEqual({ error: null, address })
  })

  it('is refused as a whole when one of several is private, and handed on as a list where one is asked for', async () => {
    expect((await looked(['8.8.8.8', '127.0.0.1'], true)).error).not.toBeNull()
    expect((await looked(['8.8.8.8', '8.8.4.4'], true)).address).toHaveLength(2)
    expect((await looked([])).error).not.toBeNull()
  })
})
