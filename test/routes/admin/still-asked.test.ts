import http from 'node:http'
import net, { type AddressInfo } from 'node:net'

import express from 'express'

import { stillAsked } from '../../../src/routes/admin/still-asked'

/**
 * Goal: what an operator said minutes ago is not done by a process that wakes up. Method: a real connection whose end
 * comes while the request waits in front of the route, as it does where the process sleeps.
 */
describe('a decision in a process that was asleep', () => {
  async function ask(hangsUp: boolean): Promise<string[]> {
    const done: string[] = []
    let letOn = () => {}
    const asleep = new Promise<void>((resolve) => (letOn = resolve))
    const reached = new Promise<void>((resolve) => {
      app.post('/', (_req, _res, next) => {
        resolve()
        void asleep.then(() => next())
      })
    })
    app.post('/', stillAsked, (_req, res) => {
      done.push('decided')
      res.end()
    })
    const server = http.createServer(app)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const ended = new Promise((resolve) => server.on('connection', (socket) => socket.on('close', resolve)))
    const client = net.connect((server.address() as AddressInfo).port, '127.0.0.1')
    client.write('POST / HTTP/1.1\r\nHost: desk\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
    await reached
    if (hangsUp) {
      client.end()
      await ended
    }
    letOn()
    if (!hangsUp) await ended
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)))
    client.destroy()
    await new Promise((resolve) => server.close(resolve))
    return done
  }

  let app: express.Express
  beforeEach(() => {
    app = express()
  })

  it('is not begun when whoever asked has hung up meanwhile', async () => {
    expect(await ask(true)).toEqual([])
  })

  it('is made for who is still there', async () => {
    expect(await ask(false)).toEqual(['decided'])
  })
})
