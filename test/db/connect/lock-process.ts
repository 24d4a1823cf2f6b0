import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import readline from 'node:readline'

/** Another real process with the real lock code in it. */
export interface LockProcess {
  readonly pid: number
  /** @returns `done`, or what was thrown. */
  acquire(directory: string): Promise<string>
  release(): Promise<string>
  /** SIGKILL; resolves when it is gone and reaped. */
  kill(): Promise<void>
  /** SIGKILL; returns when it is dead and, because nobody has looked, not reaped yet. */
  killUnreaped(): void
}

export async function startLockProcess(): Promise<LockProcess> {
  const script = path.join(__dirname, 'lock-child.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', script], { stdio: ['pipe', 'pipe', 'inherit'] })
  const pid = child.pid
  if (pid === undefined) throw new Error('The process did not start.')
  const answers = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const answer = async (): Promise<string> => {
    const { value } = (await answers.next()) as { value?: string }
    if (value === undefined) throw new Error('The process ended without an answer.')
    return JSON.parse(value) as string
  }
  const ask = (line: string): Promise<string> => {
    child.stdin.write(`${line}\n`)
    return answer()
  }
  await answer()
  return {
    pid,
    acquire: (directory) => ask(`acquire ${directory}`),
    release: () => ask('release'),
    kill: () => killed(child),
    killUnreaped() {
      process.kill(pid, 'SIGKILL')
      // Without a turn of the event loop, so that nobody collects the dead process meanwhile.
      while (stateOf(pid) !== 'Z');
    },
  }
}

function killed(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGKILL')
  })
}

/** Field 3 of /proc/<pid>/stat (proc(5)). */
function stateOf(pid: number): string {
  const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
  return stat.slice(stat.lastIndexOf(')') + 2).slice(0, 1)
}
