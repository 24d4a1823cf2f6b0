import http from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import vm from 'node:vm'
import { gzipSync } from 'node:zlib'

import { build } from 'esbuild'

import { PARTS_ALONE } from '../../scripts/build/plugin'
import type * as Client from '../../src/providers/shared/http-client'

/**
 * Goal: providers are called from a kit as from anywhere, though the plugin has only parts of axios. Method: the client, built
 * with the same parts, calls a server that answers in each of the ways that those left out were for.
 */
const CLIENT = path.join(__dirname, '../../src/providers/shared/http-client.ts')

let server: http.Server
let client: Client.HttpClient
const asked: string[] = []
beforeAll(async () => {
  const { outputFiles } = await build({
    ...{ ...PARTS_ALONE, entryPoints: [CLIENT], bundle: true, write: false },
    ...{ platform: 'node', format: 'cjs', logLevel: 'warning' },
  })
  const module = { exports: {} as typeof Client }
  const run = vm.compileFunction(String(outputFiles[0]?.text), ['require', 'module']) as (
    ...given: unknown[]
  ) => void
  run(createRequire(__filename), module)
  server = http.createServer((req, res) => {
    req.setEncoding('utf8').on('data', (text: string) => asked.push(text))
    req.on('end', () => {
      if (req.url === '/elsewhere') return res.writeHead(302, { location: '/packed' }).end('elsewhere')
      res.setHeader('content-encoding', 'gzip')
      return res.end(gzipSync(`${req.method} ${req.headers['content-type'] ?? 'nothing'}`))
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  client = module.exports.createHttpClient({ baseUrl: `http://127.0.0.1:${port}`, timeoutMs: 10_000 })
})
afterAll(() => {
  client.close()
  server.close()
})

const answerTo = async (request: Client.HttpRequest) => {
  const { status, text } = await client.request(request)
  return [status, text]
}

describe('the client of the plugin', () => {
  it('sends a text and unpacks the answer', async () => {
    const body = '{"amount":"10.00"}'
    expect(await answerTo({ method: 'POST', path: '/packed', body })).toEqual([200, 'POST application/json'])
    expect(asked).toEqual([body])
    expect(await answerTo({ method: 'POST', path: '/packed' })).toEqual([200, 'POST nothing'])
  })

  it('answers with a redirect, and follows none', async () => {
    expect(await answerTo({ method: 'GET', path: '/elsewhere' })).toEqual([302, 'elsewhere'])
  })

  it('asks no proxy that the host has for itself', async () => {
    const { http_proxy: before } = process.env
    process.env.http_proxy = 'http://127.0.0.1:1'
    try {
      expect(await answerTo({ method: 'GET', path: '/packed' })).toEqual([200, 'GET nothing'])
    } finally {
      if (before === undefined) delete process.env.http_proxy
      else process.env.http_proxy = before
    }
  })
})
