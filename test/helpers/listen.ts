import type { RequestListener } from 'node:http'
import http from 'node:http'
import type { AddressInfo } from 'node:net'

/** A real listener, for tests that cut connections or outlive a request. */
export interface Listener {
  readonly url: string
  /** Cuts every connection: clients that wait get an error. */
  close(): void
}

export const listen = (host: RequestListener): Promise<Listener> =>
  new Promise((resolve) => {
    const server = http.createServer(host)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      resolve({
        url: `http://127.0.0.1:${port}`,
        close() {
          server.closeAllConnections()
          server.close()
        },
      })
    })
  })
