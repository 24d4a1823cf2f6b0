import { type ChildProcess, spawn } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'

/** The standalone server as a user starts it: `npm start`, in a process group of its own. */
export interface Standalone {
  readonly url: string
  readonly userToken: string
  readonly operatorToken: string
  readonly curl: string
  /** The lines of its log so far. */
  readonly log: readonly string[]
  /** Resolves with the exit code. */
  readonly ended: Promise<number | null>
  /** SIGKILL to the whole group; resolves when it is gone. */
  kill(): Promise<void>
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>
}

const ROOT = path.join(__dirname, '../..')
const running = new Set<ChildProcess>()

/** @throws {Error} With what it printed, when it ends before it serves. */
export function startStandalone(environment: Record<string, string>): Promise<Standalone> {
  const child = spawn('npm', ['start', '--silent'], {
    cwd: ROOT,
    env: { ...process.env, NODE_OPTIONS: '', PORT: '0', ...environment },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  running.add(child)
  const log: string[] = []
  const gone = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => {
      running.delete(child)
      resolve(code)
    })
  })
  const killGroup = async () => {
    try {
      process.kill(-Number(child.pid), 'SIGKILL')
    } catch {
      // It is gone already.
    }
    await gone
  }

  return new Promise((resolve, reject) => {
    const found: Record<string, string> = {}
    const read = (line: string) => {
      log.push(line)
      found.url ??= /served at (http:\/\/[^/]+)/.exec(line)?.[1] as string
      found.userToken ??= /User 1's token:\s+(\S+)/.exec(line)?.[1] as string
      found.operatorToken ??= /Operator's token:\s+(\S+)/.exec(line)?.[1] as string
      if (!line.startsWith('curl ')) return
      resolve({
        url: String(found.url),
        userToken: String(found.userToken),
        operatorToken: String(found.operatorToken),
        curl: line,
        log,
        ended: gone,
        kill: killGroup,
        stop() {
          // To npm alone, which passes it on and waits.
          child.kill('SIGTERM')
          return gone
        },
      })
    }
    createInterface({ input: child.stdout }).on('line', read)
    createInterface({ input: child.stderr }).on('line', read)
    void gone.then((code) => reject(new Error(`The server ended with code ${code}:\n${log.join('\n')}`)))
  })
}

/** Leaves no process behind, whatever a test did. */
export async function killAllStandalones(): Promise<void> {
  for (const child of running) process.kill(-Number(child.pid), 'SIGKILL')
  await Promise.all([...running].map((child) => new Promise((resolve) => child.once('exit', resolve))))
}
