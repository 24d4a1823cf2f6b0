import net from 'node:net'

/** The one address of the database: every connection goes to where it points now. */
export interface Proxy {
  readonly port: number
  /** New connections go there from now on; those that exist are cut. */
  pointTo(port: number): void
  /** Nothing comes through until it is mended. */
  cut(): void
  mend(): void
  close(): void
}

export async function startProxy(port: number): Promise<Proxy> {
  let target = port
  let isCut = false
  const open = new Set<net.Socket>()
  const server = net.createServer((incoming) => {
    if (isCut) return void incoming.destroy()
    const outgoing = net.connect(target, '127.0.0.1')
    for (const socket of [incoming, outgoing]) {
      open.add(socket)
      socket.setNoDelay()
      socket.on('error', () => {})
      socket.once('close', () => {
        open.delete(socket)
        incoming.destroy()
        outgoing.destroy()
      })
    }
    incoming.pipe(outgoing)
    outgoing.pipe(incoming)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as net.AddressInfo).port,
    pointTo(next) {
      target = next
      for (const socket of open) socket.destroy()
    },
    cut() {
      isCut = true
      for (const socket of open) socket.destroy()
    },
    mend() {
      isCut = false
    },
    close() {
      for (const socket of open) socket.destroy()
      server.close()
    },
  }
}
