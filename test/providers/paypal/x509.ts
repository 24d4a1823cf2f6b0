import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

/** Just enough DER to make certificates of our own: no file, no openssl, no network. */
const der = (tag: number, ...parts: Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts)
  const length =
    body.length < 128
      ? Buffer.from([body.length])
      : body.length < 256
        ? Buffer.from([0x81, body.length])
        : Buffer.from([0x82, body.length >> 8, body.length & 255])
  return Buffer.concat([Buffer.from([tag]), length, body])
}
const sequence = (...parts: Uint8Array[]) => der(0x30, ...parts)
const bytes = (...values: number[]) => Buffer.from(values)
const text = (value: string) => der(0x0c, Buffer.from(value, 'utf8'))
const time = (value: string) => der(0x18, Buffer.from(value.replace(/[-:T]/g, '') + 'Z'))
const bits = (value: Uint8Array) => der(0x03, bytes(0), value)

const SHA256_WITH_RSA = sequence(der(0x06, bytes(0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11)), der(0x05))
const COMMON_NAME = der(0x06, bytes(0x55, 4, 3))
const nameOf = (commonName: string) => sequence(der(0x31, sequence(COMMON_NAME, text(commonName))))
const extension = (oid: number[], value: Uint8Array) => sequence(der(0x06, bytes(...oid)), der(0x04, value))

export interface Authority {
  readonly name: string
  readonly key: KeyObject
  readonly pem: string
}

export interface Request {
  readonly name: string
  readonly isAuthority?: boolean
  readonly validFrom?: string
  readonly validTo?: string
  readonly names?: readonly string[]
}

let serial = 1

/** @param issuer Left out: it vouches for itself. */
export function certify(request: Request, issuer?: Pick<Authority, 'name' | 'key'>): Authority {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const { name, isAuthority = false, names = [] } = request
  const { validFrom = '2025-01-01T00:00:00', validTo = '2035-01-01T00:00:00' } = request
  const extensions = [
    extension([0x55, 0x1d, 0x13], isAuthority ? sequence(der(0x01, bytes(0xff))) : sequence()),
    ...(names.length > 0
      ? [extension([0x55, 0x1d, 0x11], sequence(...names.map((each) => der(0x82, Buffer.from(each)))))]
      : []),
  ]
  const content = sequence(
    der(0xa0, der(0x02, bytes(2))),
    der(0x02, bytes(serial++)),
    SHA256_WITH_RSA,
    nameOf(issuer?.name ?? name),
    sequence(time(validFrom), time(validTo)),
    nameOf(name),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...extensions)),
  )
  const signature = sign('RSA-SHA256', content, issuer?.key ?? privateKey)
  const body = sequence(content, SHA256_WITH_RSA, bits(signature)).toString('base64')
  const pem = `-----BEGIN CERTIFICATE-----\n${body.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`
  return { name, key: privateKey, pem }
}
