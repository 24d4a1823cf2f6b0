import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

import { acquireDirectoryLock, DirectoryInUseError } from '../../../src/db/connect/lock'
import { type LockProcess, startLockProcess } from './lock-process'

/**
 * Goal: two processes never have one embedded database, and a crash never locks its owner out. Method: real
 * processes that are really killed; facts that cannot be had here (another host, a reused pid) are edited into the
 * file that the real function wrote.
 */
const root = fs.mkdtempSync(path.join(os.tmpdir(), 'bw-lock-'))
let directories = 0
const freshDirectory = (): string => path.join(root, `d${++directories}`, 'data')
const fileIn = (directory: string): string => path.join(directory, 'in-use.lock')

/** As if the process that this file names had been the last one here. */
function leave(directory: string, content: string): void {
  fs.mkdirSync(directory, { recursive: true })
  fs.writeFileSync(fileIn(directory), content)
}

/** What the real function writes for a process, with some facts changed. */
function ownerOf(file: string, changes: Record<string, unknown> = {}): string {
  return JSON.stringify({ ...(JSON.parse(fs.readFileSync(file, 'utf8')) as object), ...changes })
}

const children: LockProcess[] = []
async function startChild(): Promise<LockProcess> {
  const child = await startLockProcess()
  children.push(child)
  return child
}

afterAll(async () => {
  await Promise.all(children.map((child) => child.kill()))
  fs.rmSync(root, { recursive: true, force: true })
})

describe('the lock of a data directory', () => {
  it('makes the directory, and leaves nothing but itself in it, and nothing at all after it', () => {
    const directory = freshDirectory()
    const release = acquireDirectoryLock(directory)
    expect(fs.readdirSync(directory)).toEqual(['in-use.lock'])
    release()
    expect(fs.readdirSync(directory)).toEqual([])
  })

  it('is refused to the same process a second time, and says who has it and what to do', () => {
    const directory = freshDirectory()
    const release = acquireDirectoryLock(directory)
    const again = () => acquireDirectoryLock(directory)
    expect(again).toThrow(DirectoryInUseError)
    expect(again).toThrow(`process ${process.pid}`)
    expect(again).toThrow(/DATA_DIR.*DATABASE_URL/)
    release()
    expect(fs.readdirSync(directory)).toEqual([])
  })

  it('can be taken again once it was released', () => {
    const directory = freshDirectory()
    acquireDirectoryLock(directory)()
    const release = acquireDirectoryLock(directory)
    expect(fs.existsSync(fileIn(directory))).toBe(true)
    release()
  })

  it('is given back once: a second release does not give back what somebody has taken since', () => {
    const directory = freshDirectory()
    const first = acquireDirectoryLock(directory)
    first()
    const second = acquireDirectoryLock(directory)
    first()
    expect(() => acquireDirectoryLock(directory)).toThrow(DirectoryInUseError)
    second()
  })

  it('does not give back what another process has taken over', () => {
    const directory = freshDirectory()
    const release = acquireDirectoryLock(directory)
    const taken = ownerOf(fileIn(directory), { host: 'another-container', pidNamespace: 'pid:[1]' })
    leave(directory, taken)
    release()
    expect(fs.readFileSync(fileIn(directory), 'utf8')).toBe(taken)
  })

  it('of one directory is not that of another', () => {
    const releases = [freshDirectory(), freshDirectory()].map(acquireDirectoryLock)
    for (const release of releases) release()
  })

  it('is taken over from a file that was never completely written', () => {
    for (const content of ['', '{"pid":', '\0\0\0\0']) {
      const directory = freshDirectory()
      leave(directory, content)
      acquireDirectoryLock(directory)()
    }
  })
})

describe('the lock of another process', () => {
  let child: LockProcess
  let held: string
  beforeAll(async () => {
    child = await startChild()
    held = freshDirectory()
    expect(await child.acquire(held)).toBe('done')
  })

  it('is respected while that process lives', () => {
    const before = fs.readFileSync(fileIn(held), 'utf8')
    expect(() => acquireDirectoryLock(held)).toThrow(`in use by process ${child.pid}`)
    expect(fs.readFileSync(fileIn(held), 'utf8')).toBe(before)
    expect(fs.readdirSync(held)).toEqual(['in-use.lock'])
  })

  it('is taken over when this machine has been started since', () => {
    const directory = freshDirectory()
    leave(directory, ownerOf(fileIn(held), { bootId: 'an-earlier-boot' }))
    acquireDirectoryLock(directory)()
  })

  it('is taken over by the next life of the same container', () => {
    const directory = freshDirectory()
    leave(directory, ownerOf(fileIn(held), { pidNamespace: 'pid:[1]' }))
    acquireDirectoryLock(directory)()
  })

  it('is respected when it is of another container on this machine', () => {
    const directory = freshDirectory()
    leave(directory, ownerOf(fileIn(held), { pidNamespace: 'pid:[1]', host: 'another-container' }))
    expect(() => acquireDirectoryLock(directory)).toThrow(DirectoryInUseError)
  })

  it('is respected when it is of another machine, and says which file to delete', () => {
    const directory = freshDirectory()
    const content = ownerOf(fileIn(held), { bootId: 'another-boot', host: 'another-host', pid: 4_194_305 })
    leave(directory, content)
    const take = () => acquireDirectoryLock(directory)
    expect(take).toThrow(DirectoryInUseError)
    expect(take).toThrow(/another-host.*delete .*in-use\.lock/)
    expect(fs.readFileSync(fileIn(directory), 'utf8')).toBe(content)
  })

  it('is respected when that process took it in the very moment in which we took over from a dead one', () => {
    const directory = freshDirectory()
    leave(directory, ownerOf(fileIn(held), { bootId: 'an-earlier-boot' }))
    const alive = fs.readFileSync(fileIn(held), 'utf8')
    const link = fs.linkSync
    let calls = 0
    const spy = jest.spyOn(fs, 'linkSync').mockImplementation((from, to) => {
      // The third link is the first one of our turn: somebody took over, left, and that process came.
      if (++calls === 3) leave(directory, alive)
      link(from, to)
      if (calls === 2) fs.rmSync(fileIn(directory))
    })
    try {
      expect(() => acquireDirectoryLock(directory)).toThrow(`in use by process ${child.pid}`)
    } finally {
      spy.mockRestore()
    }
    expect(fs.readFileSync(fileIn(directory), 'utf8')).toBe(alive)
    expect(fs.readdirSync(directory)).toEqual(['in-use.lock'])
  })

  it('is refused for now when somebody else is just taking over, and says what to delete if that is not so', () => {
    const directory = freshDirectory()
    leave(directory, ownerOf(fileIn(held), { bootId: 'an-earlier-boot' }))
    fs.writeFileSync(`${fileIn(directory)}.takeover`, '{}')
    expect(() => acquireDirectoryLock(directory)).toThrow(/taking over.*delete .*in-use\.lock\.takeover/)
  })

  it('can be taken when that process has released it', async () => {
    const directory = freshDirectory()
    const other = await startChild()
    await other.acquire(directory)
    expect(() => acquireDirectoryLock(directory)).toThrow(DirectoryInUseError)
    expect(await other.release()).toBe('done')
    acquireDirectoryLock(directory)()
  })

  it('is taken over when that process was killed', async () => {
    const directory = freshDirectory()
    const killed = await startChild()
    await killed.acquire(directory)
    await killed.kill()
    expect(fs.existsSync(fileIn(directory))).toBe(true)
    acquireDirectoryLock(directory)()
    expect(fs.readdirSync(directory)).toEqual([])
  })

  // What only /proc can tell.
  if (fs.existsSync('/proc/self/stat')) {
    it('is taken over when that process was killed and is not reaped yet', async () => {
      const directory = freshDirectory()
      const killed = await startChild()
      await killed.acquire(directory)
      killed.killUnreaped()
      acquireDirectoryLock(directory)()
    })

    it('is taken over when its pid belongs to a process that started at another time', () => {
      const directory = freshDirectory()
      leave(directory, ownerOf(fileIn(held), { startedAt: '1' }))
      acquireDirectoryLock(directory)()
    })
  }

  it('of a dead process is taken over by exactly one of four that try at the same moment', async () => {
    const dead = await startChild()
    const [first, ...more] = await Promise.all([startChild(), startChild(), startChild(), startChild()])
    const rivals = [first, ...more]
    const last = freshDirectory()
    await dead.acquire(last)
    const content = fs.readFileSync(fileIn(last), 'utf8')
    await dead.kill()

    for (let round = 0; round < 40; round++) {
      const directory = freshDirectory()
      leave(directory, content)
      const answers = await Promise.all(rivals.map((rival) => rival.acquire(directory)))
      const winners = rivals.filter((_, index) => answers[index] === 'done')
      expect({ round, winners: winners.length, answers }).toMatchObject({ round, winners: 1 })
      const refusals = answers.filter((answer) => answer.startsWith('DirectoryInUseError: '))
      expect(refusals).toHaveLength(3)
      await Promise.all(winners.map((winner) => winner.release()))
      expect(fs.readdirSync(directory)).toEqual([])
    }
  })
})
