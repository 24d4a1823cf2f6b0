import { createHmac, createSecretKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

import jwt from 'jsonwebtoken'

import { createSandboxTokens, sandboxKey } from '../../src/sandbox/tokens'

const key = createSecretKey(Buffer.alloc(32, 7))
const tokens = createSandboxTokens(key)
const claims = {
  sub: { id: 1, email: 'user1@sandbox.example', networkId: 1001 },
  scopes: ['user'],
  iss: 'sandbox-kit',
}
const signed = (payload: object, options: jwt.SignOptions = { expiresIn: '1h' }) =>
  jwt.sign(payload, key, { algorithm: 'HS256', ...options })
const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('a token of the sandbox', () => {
  it('says who its user is and what they may', () => {
    expect(tokens.verify(tokens.sign(7, ['user', 'admin']))).toMatchObject({
      sub: { id: 7, email: 'user7@sandbox.example', networkId: 1007 },
      scopes: ['user', 'admin'],
    })
  })

  const [header = '', payload = '', signature = ''] = tokens.sign(1, ['user']).split('.')
  const admin = base64({ ...claims, scopes: ['admin'], exp: 9_999_999_999 })
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
  it.each([
    ['empty', ''],
    ['no token', 'abc'],
    ['of another key', createSandboxTokens(createSecretKey(randomBytes(32))).sign(1, ['user'])],
    ['unsigned', `${base64({ alg: 'none', typ: 'JWT' })}.${payload}.`],
    ['changed', `${header}.${admin}.${signature}`],
    ['without its signature', `${header}.${payload}.`],
    ['cut short', `${header}.${payload}.${signature.slice(0, -2)}`],
    ['signed with another length of hash', jwt.sign(claims, key, { algorithm: 'HS512' })],
    ['signed with a key pair', jwt.sign(claims, rsa.privateKey, { algorithm: 'RS256' })],
    [
      'signed with an empty key',
      `${header}.${payload}.${createHmac('sha256', '').update(`${header}.${payload}`).digest('base64url')}`,
    ],
    ['over', signed(claims, { expiresIn: -1 })],
    ['not valid yet', signed(claims, { notBefore: '1h' })],
    ['100 kB of nothing', 'a.'.repeat(50_000)],
  ])('is refused when it is %s', (_what, token) => {
    expect(tokens.verify(token)).toBeNull()
  })

  it.each([['kit'], [['sandbox-kit']], [undefined]])('is told apart when its issuer is %p', (iss) => {
    const { iss: _ours, ...rest } = claims
    const token = `${base64({ alg: 'HS256', typ: 'JWT' })}.${base64({ ...rest, ...(iss !== undefined && { iss }), exp: 9_999_999_999 })}`
    const mac = createHmac('sha256', Buffer.alloc(32, 7)).update(token).digest('base64url')
    expect(tokens.verify(`${token}.${mac}`)).toBe('wrong_issuer')
  })
})

describe('the key of the sandbox', () => {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'bw-key-'))
  afterAll(() => fs.rmSync(root, { recursive: true, force: true }))
  const file = (directory: string) => path.join(directory, 'sandbox-token.key')

  it('is made once, and outlives a restart', () => {
    const directory = path.join(root, 'a', 'data')
    const token = createSandboxTokens(sandboxKey(directory)).sign(1, ['user'])
    expect(createSandboxTokens(sandboxKey(directory)).verify(token)).toMatchObject({ sub: { id: 1 } })
    expect(fs.readdirSync(directory)).toEqual(['sandbox-token.key'])
  })

  it('is nobody else’s to read', () => {
    const directory = path.join(root, 'b')
    sandboxKey(directory)
    expect(fs.statSync(file(directory)).mode & 0o777).toBe(0o600)
  })

  it('is another one in another directory', () => {
    const [a, b] = ['c', 'd'].map((name) => createSandboxTokens(sandboxKey(path.join(root, name))))
    expect(b?.verify(a?.sign(1, ['user']) ?? '')).toBeNull()
  })

  it('is that of another process which made one in the same moment', () => {
    const directory = path.join(root, 'f')
    const theirs = sandboxKey(path.join(root, 'a', 'data'))
    const link = jest.spyOn(fs, 'linkSync').mockImplementation((_from, to) => {
      fs.writeFileSync(to, theirs.export().toString('base64'))
      throw Object.assign(new Error('it is there'), { code: 'EEXIST' })
    })
    const ours = sandboxKey(directory)
    link.mockRestore()
    expect(ours.export()).toEqual(theirs.export())
    expect(fs.readdirSync(directory)).toEqual(['sandbox-token.key'])
  })

  it.each(['', 'c2hvcnQ='])('is never one that anybody could guess: a file with %p is refused', (content) => {
    const directory = path.join(root, `e${content.length}`)
    fs.mkdirSync(directory)
    fs.writeFileSync(file(directory), content)
    expect(() => sandboxKey(directory)).toThrow(/sandbox-token\.key.*delete/i)
  })
})
