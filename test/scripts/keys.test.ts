import { execFile } from 'node:child_process'
import path from 'node:path'

import { configFromEnvironment, parseConfig } from '../../src/settings/plugin'
import { keyNamed, keyOf } from '../helpers/keys'

const run = (args: readonly string[], keys: Record<string, string> = {}) =>
  new Promise<{ code: number; output: string; made: Record<string, string> }>((resolve) => {
    const script = path.join(__dirname, '../../scripts/keys.ts')
    const env = { ...process.env, NODE_OPTIONS: '', ENCRYPTION_KEYS: '', HASH_KEY: '', ...keys }
    execFile(process.execPath, ['--import', 'tsx', script, ...args], { env }, (error, stdout, stderr) => {
      const pairs = [...stdout.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([, name, value]) => [name, value])
      resolve({
        code: Number(error?.code ?? 0),
        output: stdout + stderr,
        made: Object.fromEntries(pairs) as Record<string, string>,
      })
    })
  })

describe('npm run keys', () => {
  it('makes keys that the settings take, others each time', async () => {
    const [first, second] = await Promise.all([run([]), run([])])
    const config = parseConfig(configFromEnvironment(first.made))
    expect(config.encryptionKeys).toHaveLength(1)
    expect(config.hashKey).toHaveLength(32)
    expect(first.made).not.toEqual(second.made)
  })

  it('puts a new key in front of the present ones, and keeps hashing with what has hashed', async () => {
    const present = `${keyNamed('b')},${keyNamed('a')}`
    const { made } = await run(['--rotate'], { ENCRYPTION_KEYS: present })
    const { encryptionKeys, hashKey } = parseConfig(configFromEnvironment(made))
    expect(encryptionKeys.slice(1)).toEqual([keyOf('b'), keyOf('a')])
    expect(hashKey).toEqual(keyOf('a').secret)
  })

  it('leaves hashing to an oldest key that would be refused as a hash key', async () => {
    const old = `old:${Buffer.alloc(32, 7).toString('base64')}`
    const { made } = await run(['--rotate'], { ENCRYPTION_KEYS: `${keyNamed('a')},${old}` })
    const { encryptionKeys, hashKey } = parseConfig(configFromEnvironment(made))
    expect([encryptionKeys.at(-1)?.id, hashKey]).toEqual(['old', null])
  })

  it('rotates nothing where no key is given', async () => {
    const { code, output, made } = await run(['--rotate'])
    expect([code, made]).toEqual([1, {}])
    expect(output).toContain('ENCRYPTION_KEYS')
  })
})
