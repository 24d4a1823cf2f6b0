import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

/** PostgreSQL refuses to run as root; nobody is everywhere. */
const NOBODY = 65_534
const user = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {}

/** A full installation is needed: the binaries of the tests have no pg_basebackup. */
export function findBinaries(): string {
  const given = process.env.PG_BIN
  const root = '/usr/lib/postgresql'
  const installed = fs.existsSync(root)
    ? fs.readdirSync(root).map((version) => path.join(root, version, 'bin'))
    : []
  const found = [...(given ? [given] : []), ...installed.reverse()].find((directory) =>
    fs.existsSync(path.join(directory, 'pg_basebackup')),
  )
  if (!found) throw new Error('No PostgreSQL with pg_basebackup was found; PG_BIN may name its directory.')
  return found
}

/** One node of a pair, in a directory of its own. */
export class Node {
  private server: ChildProcess | null = null
  readonly data: string

  constructor(
    private readonly bin: string,
    directory: string,
    readonly name: string,
    readonly port: number,
  ) {
    this.data = path.join(directory, name)
  }

  private run(tool: string, args: readonly string[]): void {
    execFileSync(path.join(this.bin, tool), args, {
      ...user,
      stdio: 'pipe',
      cwd: '/',
      env: { LC_ALL: 'C', HOME: '/' },
    })
  }

  init(): void {
    this.run('initdb', ['-D', this.data, '-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--no-sync'])
  }

  copyFrom(primary: Node): void {
    const from = `host=127.0.0.1 port=${primary.port} user=postgres application_name=${this.name}`
    this.run('pg_basebackup', ['-D', this.data, '-d', from, '-R', '-X', 'stream', '-c', 'fast', '--no-sync'])
  }

  /** @param settings Beside what both nodes have. */
  start(settings: Readonly<Record<string, string>>): Promise<void> {
    const all = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: '200',
      shared_buffers: '64MB',
      ...settings,
    }
    const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    return new Promise((resolve, reject) => {
      const server = spawn(
        path.join(this.bin, 'postgres'),
        ['-D', this.data, '-p', String(this.port), ...flags],
        {
          ...user,
          cwd: '/',
          env: { LC_ALL: 'C', HOME: '/' },
          stdio: ['ignore', 'ignore', 'pipe'],
        },
      )
      this.server = server
      let log = ''
      server.stderr.on('data', (chunk: Buffer) => {
        log = (log + chunk.toString()).slice(-4_000)
        if (/ready to accept (read-only )?connections/.test(log)) resolve()
      })
      server.once('exit', (code) => reject(new Error(`${this.name} ended with code ${code}:\n${log}`)))
    })
  }

  /** SIGQUIT is an immediate shutdown; with SIGKILL not even that is noticed. */
  async end(signal: 'SIGQUIT' | 'SIGKILL'): Promise<void> {
    const { server } = this
    if (!server || server.exitCode !== null || server.signalCode !== null) return
    const gone = new Promise((resolve) => server.once('exit', resolve))
    server.kill(signal)
    await gone
  }

  promote(): void {
    this.run('pg_ctl', ['promote', '-D', this.data, '-w'])
  }
}

export const makeDirectory = (directory: string): void => {
  fs.chmodSync(directory, 0o755)
  if (user.uid !== undefined) fs.chownSync(directory, NOBODY, NOBODY)
}
