import net from 'node:net'

export interface Pooler {
  readonly url: string
  close(): void
}

const REFUSAL = 'SFATAL\0VFATAL\0C08P01\0Munsupported startup parameter: statement_timeout\0\0'

/**
 * Passes everything on but the number of the session behind it, as PgBouncer does: it greets a client with a number of
 * its own (BackendKeyData, "K": twelve bytes of length, number and secret).
 *
 * @param refuses Whether it also refuses a connection that comes with a time-out, as PgBouncer does unless it was told
 *   to ignore those.
 */
export async function startPooler(target: URL, { refuses = false } = {}): Promise<Pooler> {
  const sockets = new Set<net.Socket>()
  const server = net.createServer((client) => {
    const upstream = net.connect(Number(target.port), target.hostname)
    for (const socket of [client, upstream]) {
      sockets.add(socket)
      socket.on('error', () => {})
    }
    client.once('data', (startup: Buffer) => {
      if (refuses && startup.includes('statement_timeout\0')) {
        upstream.destroy()
        return void client.end(refusal())
      }
      upstream.write(startup)
      client.pipe(upstream)
    })
    upstream.on('data', (chunk: Buffer) => {
      const at = chunk.indexOf(Buffer.from([0x4b, 0, 0, 0, 12]))
      if (at >= 0) chunk.writeInt32BE(7, at + 5)
      client.write(chunk)
    })
    upstream.on('end', () => client.end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(target)
  url.port = String((server.address() as net.AddressInfo).port)
  return {
    url: url.href,
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}

function refusal(): Buffer {
  const text = Buffer.from(REFUSAL)
  const head = Buffer.alloc(5)
  head.write('E')
  head.writeInt32BE(text.length + 4, 1)
  return Buffer.concat([head, text])
}
