import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'

/** PostgreSQL refuses to run as root; nobody is everywhere. */
const NOBODY = 65_534
const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}

const PLACES = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin']

/**
 * Where the programs are that a rehearsal needs beside PostgreSQL.
 *
 * @throws {Error} One sentence that says what to install.
 */
export function findPrograms<Name extends string>(packages: Readonly<Record<Name, string>>) {
  const found = {} as Record<Name, string>
  const missing: string[] = []
  for (const name of Object.keys(packages) as Name[]) {
    const file = PLACES.map((place) => `${place}/${name}`).find((candidate) => fs.existsSync(candidate))
    if (file) found[name] = file
    else missing.push(packages[name])
  }
  if (missing.length > 0)
    throw new Error(
      `This needs programs that are not here: apt-get install --no-install-recommends ${missing.join(' ')}`,
    )
  return found as Readonly<Record<Name, string>>
}

/** A program that runs until it is ended, as a user who is not root. */
export class Program {
  private child: ChildProcess | null = null

  constructor(
    private readonly file: string,
    private readonly args: readonly string[],
    private readonly logFile: string,
  ) {}

  start(): void {
    const log = fs.openSync(this.logFile, 'a')
    this.child = spawn(this.file, this.args, {
      ...user,
      cwd: '/',
      env: { LC_ALL: 'C', HOME: '/', PATH: process.env.PATH, PYTHONUNBUFFERED: '1' },
      stdio: ['ignore', log, log],
    })
    fs.closeSync(log)
  }

  get pid(): number | null {
    const { child } = this
    return child?.pid !== undefined && child.exitCode === null && child.signalCode === null ? child.pid : null
  }

  async end(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    const { child } = this
    if (this.pid === null || !child) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill(signal)
    await gone
  }
}

/** A process and all it has started, and what those have: as they are at this moment. */
export function familyOf(pid: number): number[] {
  const parents = new Map<number, number[]>()
  for (const entry of fs.readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const parent = parentOf(Number(entry))
    if (parent !== null) parents.set(parent, [...(parents.get(parent) ?? []), Number(entry)])
  }
  const family = [pid]
  for (const member of family) family.push(...(parents.get(member) ?? []))
  return family
}

function parentOf(pid: number): number | null {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name stands in brackets and may hold anything.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return null
  }
}

export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch {
      // It has ended meanwhile.
    }
  }
}
