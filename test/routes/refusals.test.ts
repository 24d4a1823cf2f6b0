import { EventEmitter, once } from 'node:events'
import type { AddressInfo } from 'node:net'
import net from 'node:net'

import express, { type Response } from 'express'

import { hangUpOnRest } from '../../src/routes/bodies'
import { createRefusals } from '../../src/routes/refusals'

/** Time that moves when a test says so. */
function handClock() {
  let nowMs = 0
  let timers: { readonly atMs: number; readonly wake: () => void }[] = []
  return {
    monotonicMs: () => nowMs,
    setTimer(ms: number, wake: () => void) {
      const timer = { atMs: nowMs + ms, wake }
      timers.push(timer)
      return () => {
        timers = timers.filter((other) => other !== timer)
      }
    },
    advance(ms: number) {
      nowMs += ms
      const due = timers.filter(({ atMs }) => atMs <= nowMs).sort((a, b) => a.atMs - b.atMs)
      timers = timers.filter((timer) => !due.includes(timer))
      for (const { wake } of due) wake()
    },
  }
}

/** Goal: whoever is refused cannot keep the process busy with being refused. Method: a clock moved by hand. */
describe('Refusals of one asker', () => {
  function asked(times: number, name = 'somebody', clock = handClock()) {
    const refusals = createRefusals(clock)
    const answered: number[] = []
    const connections = Array.from({ length: times }, (_, nth) => {
      const res = new EventEmitter()
      refusals.inTurn(name, res as unknown as Response, () => answered.push(nth))
      return res
    })
    return { clock, refusals, answered, connections }
  }

  it('are told at once ten times, then after a second and one at a time, in their order', () => {
    const { clock, answered } = asked(13)
    expect(answered).toHaveLength(10)

    clock.advance(999)
    expect(answered).toHaveLength(10)
    clock.advance(1)
    expect(answered.slice(10)).toEqual([10])
    clock.advance(100)
    expect(answered.slice(10)).toEqual([10, 11])
    clock.advance(100)
    expect(answered.slice(10)).toEqual([10, 11, 12])
  })

  it('wait for ten seconds at most, and never all for the same moment', () => {
    const { clock, answered } = asked(210)
    let most = 0
    for (let step = 0; step < 100; step++) {
      const before = answered.length
      clock.advance(100)
      most = Math.max(most, answered.length - before)
    }

    expect(answered).toHaveLength(210)
    expect(most).toBe(3)
  })

  it('are not told to a client that has gone', () => {
    const { clock, answered, connections } = asked(12)
    connections[10]?.emit('close')
    clock.advance(10_000)

    expect(answered).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11])
  })

  it('keep nobody else waiting, and are quick again for who has rested', () => {
    const { clock, refusals, answered } = asked(12)
    const told: string[] = []
    const ask = (name: string) =>
      refusals.inTurn(name, new EventEmitter() as unknown as Response, () => told.push(name))
    ask('another')
    expect(told).toEqual(['another'])

    clock.advance(11_000)
    expect(answered).toHaveLength(12)
    ask('somebody')
    expect(told).toEqual(['another', 'somebody'])
  })
})

describe('A connection whose request was answered before its body had come', () => {
  const GET = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'

  /** What is answered on one connection: to a head, to what follows after its answer, and to a request after a second. */
  async function spoken(afterwards: string): Promise<{ answers: number; isOpen: boolean }> {
    const clock = handClock()
    const app = express()
    app.use(hangUpOnRest(clock.setTimer), (_req, res) => void res.status(429).end())
    const server = app.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const socket = net.connect((server.address() as AddressInfo).port, '127.0.0.1')
    const closed = new Promise<void>((resolve) => {
      socket.on('error', () => {}).once('close', () => resolve())
    })
    let text = ''
    const answers = () => text.split('HTTP/1.1 429').length - 1
    const answered = (count: number) =>
      new Promise<void>((resolve) => {
        const look = () => answers() >= count && resolve()
        socket.on('data', look)
        look()
      })
    socket.on('data', (data) => {
      text += data.toString('latin1')
    })
    try {
      socket.write('POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\n{')
      await answered(1)
      socket.write(afterwards)
      if (afterwards.includes('GET')) await answered(2)
      clock.advance(1_000)
      if (afterwards.includes('GET')) socket.write(GET)
      await Promise.race([answered(3), closed])
      return { answers: answers(), isOpen: !socket.destroyed }
    } finally {
      socket.destroy()
      server.close()
    }
  }

  it('goes on to be used once it has', async () => {
    expect(await spoken(`}  ${GET}`)).toEqual({ answers: 3, isOpen: true })
  })

  it('is cut while it has not', async () => {
    expect(await spoken('x')).toEqual({ answers: 1, isOpen: false })
  })
})
