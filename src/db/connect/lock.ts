import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/**
 * Keeps a second process away from an embedded database. PGlite has no such lock, and two processes on one
 * directory silently destroy each other's commits.
 *
 * The lock is a file that names its process. A process that was killed leaves the file behind, so the file only
 * counts while that process lives; process ids are reused, so its start time must match too.
 */

interface Owner {
  readonly pid: number
  /** Clock ticks after boot (Linux), to tell a process from a later one with the same pid. */
  readonly startedAt: string
  readonly bootId: string
  /** Containers number their processes on their own. */
  readonly pidNamespace: string
  readonly host: string
}

export class DirectoryInUseError extends Error {
  override readonly name = 'DirectoryInUseError'
}

/**
 * @returns Releases the lock.
 * @throws {DirectoryInUseError} Says who holds it and what to do.
 */
export function acquireDirectoryLock(directory: string): () => void {
  fs.mkdirSync(directory, { recursive: true })
  const lock = path.join(directory, 'in-use.lock')
  const mine = `${lock}.${process.pid}.${randomBytes(4).toString('hex')}`
  const content = JSON.stringify(self())
  fs.writeFileSync(mine, content)
  try {
    takeOrReplace(lock, mine, directory)
  } finally {
    fs.rmSync(mine, { force: true })
  }
  let held = true
  return () => {
    // Whoever has taken it since, in this process or in another container with the same pid, keeps it.
    if (held && read(lock) === content) fs.rmSync(lock, { force: true })
    held = false
  }
}

function takeOrReplace(lock: string, mine: string, directory: string): void {
  if (link(mine, lock)) return
  isLeftBehind(lock, directory)
  // The owner is dead. Replacing its file is done by one process at a time: two that replaced it at the same
  // moment would both believe they own the directory.
  const turn = `${lock}.takeover`
  if (!link(mine, turn))
    throw new DirectoryInUseError(
      `Another process is taking over the data directory ${directory}. Start again in a moment; ` +
        `if no other process is running, delete ${turn} first.`,
    )
  try {
    // Taken over and released again since we looked, it is free: then whoever comes first has it. Only the file of
    // a dead owner is replaced, because nobody but us can remove that one now.
    while (!link(mine, lock)) if (isLeftBehind(lock, directory)) return replace(lock, mine)
  } finally {
    fs.rmSync(turn, { force: true })
  }
}

/** A hard link of ours over the dead owner's name, in one step. */
function replace(lock: string, mine: string): void {
  const replacement = `${mine}.new`
  fs.linkSync(mine, replacement)
  fs.renameSync(replacement, lock)
}

/** @returns false when the name is taken. */
function link(from: string, to: string): boolean {
  try {
    fs.linkSync(from, to)
    return true
  } catch (error) {
    if ((error as { code?: string }).code === 'EEXIST') return false
    throw error
  }
}

/**
 * @returns true for the file of a dead owner, false when there is no file any more.
 * @throws {DirectoryInUseError} The owner lives, or may live.
 */
function isLeftBehind(lock: string, directory: string): boolean {
  const content = read(lock)
  if (content === null) return false
  const owner = parse(content)
  const us = self()
  if (!owner) return true // never completely written: its writer died in between
  if (owner.host !== us.host && owner.bootId !== us.bootId)
    throw new DirectoryInUseError(
      `The data directory ${directory} was last used by process ${owner.pid} on another machine (${owner.host}), ` +
        `and whether that one still runs cannot be seen from here. Two processes on one embedded database destroy ` +
        `its data. If it is stopped for good, delete ${lock} and start again. To run several instances, use DATABASE_URL.`,
    )
  if (isAlive(owner, us))
    throw new DirectoryInUseError(
      `The data directory ${directory} is in use by process ${owner.pid}. Two processes on one embedded database ` +
        `destroy its data, so this one stops here. Stop the other process, choose another DATA_DIR, or use ` +
        `DATABASE_URL to run several instances on one PostgreSQL.`,
    )
  return true
}

function isAlive(owner: Owner, us: Owner): boolean {
  if (owner.bootId !== us.bootId) return false
  // Same machine, other container: an earlier life of this container has the same host name and is gone.
  if (owner.pidNamespace !== us.pidNamespace) return owner.host !== us.host
  try {
    process.kill(owner.pid, 0)
  } catch (error) {
    if ((error as { code?: string }).code === 'ESRCH') return false
  }
  const { state, startedAt } = processFacts(owner.pid)
  if (state === 'Z' || state === 'X') return false // killed, not yet reaped by its parent
  return startedAt === '' || owner.startedAt === '' || startedAt === owner.startedAt
}

/** @returns null when there is no such file. */
function read(lock: string): string | null {
  try {
    return fs.readFileSync(lock, 'utf8')
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return null
    throw error
  }
}

function parse(content: string): Owner | null {
  try {
    return JSON.parse(content) as Owner | null
  } catch {
    return null
  }
}

const self = (): Owner => ({
  pid: process.pid,
  startedAt: processFacts(process.pid).startedAt,
  bootId: quietly(() => fs.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()),
  pidNamespace: quietly(() => fs.readlinkSync('/proc/self/ns/pid')),
  host: os.hostname(),
})

/** Fields 3 and 22 of /proc/<pid>/stat, counted after the command name, which may hold spaces (proc(5)). */
function processFacts(pid: number): { state: string; startedAt: string } {
  const stat = quietly(() => fs.readFileSync(`/proc/${pid}/stat`, 'utf8'))
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { state: fields[0] ?? '', startedAt: fields[19] ?? '' }
}

/** Systems without /proc have no such facts; the pid alone decides there. */
function quietly(fact: () => string): string {
  try {
    return fact()
  } catch {
    return ''
  }
}
