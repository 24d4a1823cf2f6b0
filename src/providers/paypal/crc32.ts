import zlib from 'node:zlib'

/** What PayPal's signatures are over in place of the body. By hand where the runtime has no `crc32` (before Node 20.15). */
export const crc32 = (bytes: Uint8Array): number =>
  (zlib as Partial<typeof zlib>).crc32?.(bytes) ?? crc32ByHand(bytes)

/** The reversed polynomial of CRC-32 (ISO 3309), a byte at a time. */
const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
  return value
})

export function crc32ByHand(bytes: Uint8Array): number {
  let value = 0xffffffff
  for (const byte of bytes) value = (value >>> 8) ^ (TABLE[(value ^ byte) & 0xff] ?? 0)
  return (value ^ 0xffffffff) >>> 0
}
