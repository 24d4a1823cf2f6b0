import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

import { build } from 'esbuild'

const ROOT = path.join(__dirname, '../..')

/** Compiled once, so that a process that is killed two hundred times starts in a fraction of a second. */
export async function compile(directory: string): Promise<(name: string) => string> {
  await build({
    entryPoints: ['server', 'wallet', 'bank'].map((name) => path.join(__dirname, `${name}.ts`)),
    outdir: directory,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    packages: 'external',
    logLevel: 'error',
  })
  return (name) => path.join(directory, `${name}.js`)
}

/** A program that is killed and started again under the same name. */
export class Managed {
  private child: ChildProcess | null = null
  private gone: Promise<number | null> = Promise.resolve(null)
  stalled = false
  startedAt = 0
  /** Times it ended without our doing. */
  unexpectedEnds = 0
  private expected = false

  constructor(
    readonly name: string,
    private readonly script: string,
    private readonly args: () => readonly string[],
    private readonly logFile: string,
  ) {}

  /** @param until The line to wait for: `ready` when it listens, `started` when it works. */
  async start(until = 'ready'): Promise<void> {
    const log = fs.openSync(this.logFile, 'a')
    const child = spawn(process.execPath, [this.script, ...this.args()], {
      stdio: ['ignore', 'pipe', log],
      env: { ...process.env, NODE_OPTIONS: '', NODE_PATH: path.join(ROOT, 'node_modules') },
    })
    fs.closeSync(log)
    this.child = child
    this.stalled = false
    this.expected = false
    this.startedAt = performance.now()
    this.gone = new Promise((resolve) => {
      child.once('exit', (code) => {
        if (!this.expected) this.unexpectedEnds++
        resolve(code)
      })
    })
    await new Promise<void>((resolve) => {
      let output = ''
      child.stdout?.on('data', (chunk: Buffer) => {
        output += chunk.toString()
        if (output.includes(`${until}\n`)) resolve()
      })
      void this.gone.then(() => resolve())
    })
  }

  get pid(): number {
    return Number(this.child?.pid)
  }

  get isAlive(): boolean {
    return this.child !== null && this.child.exitCode === null && this.child.signalCode === null
  }

  async kill(): Promise<void> {
    this.end('SIGKILL')
    await this.gone
    this.stalled = false
  }

  /** @returns The exit code; null when it did not end in time and was killed. */
  async stop(withinMs: number): Promise<number | null> {
    this.end('SIGTERM')
    const timer = setTimeout(() => this.end('SIGKILL'), withinMs)
    const code = await this.gone
    clearTimeout(timer)
    return code
  }

  pause(): void {
    this.stalled = true
    this.child?.kill('SIGSTOP')
  }

  resume(): void {
    this.stalled = false
    this.child?.kill('SIGCONT')
  }

  private end(signal: NodeJS.Signals): void {
    this.expected = true
    if (this.isAlive) this.child?.kill(signal)
  }
}
