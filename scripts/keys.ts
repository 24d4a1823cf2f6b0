/**
 * Makes keys and prints them as settings: `npm run keys` for the first time, `npm run keys -- --rotate` with the present
 * ENCRYPTION_KEYS in the environment for a new one in front of them. Writes nothing down.
 */
import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'

import { isWeak } from '../src/settings/keys'
import { configFromEnvironment, parseConfig } from '../src/settings/plugin'

const base64 = (secret: Uint8Array): string => Buffer.from(secret).toString('base64')

function main(): number {
  const { values } = parseArgs({ options: { rotate: { type: 'boolean', default: false } } })
  const { ENCRYPTION_KEYS, HASH_KEY } = process.env
  const present = parseConfig(configFromEnvironment({ ENCRYPTION_KEYS, HASH_KEY }))
  if (values.rotate && present.encryptionKeys.length === 0) {
    console.error('Give the present keys in ENCRYPTION_KEYS: the new one has to stand in front of them.')
    return 1
  }
  // The day tells a person how old it is; two of one day differ all the same.
  const id = `${new Date().toISOString().slice(0, 10).replaceAll('-', '')}-${randomBytes(2).toString('hex')}`
  const kept = values.rotate ? present.encryptionKeys : []
  const encryptionKeys = [{ id, secret: randomBytes(32) }, ...kept]
  // Where there was none the oldest key has hashed: the hashes that are stored stay right.
  const hashKey = present.hashKey ?? kept.at(-1)?.secret ?? randomBytes(32)
  // Of the first version; it hashes where it stands, and would be refused as a key of its own.
  const isRefused = isWeak(hashKey)
  console.log(`ENCRYPTION_KEYS=${encryptionKeys.map((key) => `${key.id}:${base64(key.secret)}`).join(',')}`)
  if (isRefused)
    console.error('The oldest key goes on recognising accounts: it has to stay, and HASH_KEY empty.')
  else console.log(`HASH_KEY=${base64(hashKey)}`)
  console.error(
    'In a kit these are encryption_keys and hash_key. Keep a copy where the backups of the database are not: what a ' +
      'lost key has sealed is lost.',
  )
  return 0
}

process.exitCode = main()
