import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'

/** Ticks a second of /proc. */
const TICKS = 100

/**
 * Processor time a PostgreSQL server has used so far, with all of its processes, in ms. Unlike what passes on the clock
 * it hardly depends on who else is on the machine. null where there is no /proc to read.
 */
export function postgresCpuMs({ directory }: { directory: string }): number | null {
  if (!fs.existsSync('/proc/self/stat')) return null
  const [postmaster = ''] = fs
    .readFileSync(path.join(directory, 'data', 'postmaster.pid'), 'utf8')
    .split('\n')
  const listed = execFileSync('ps', ['-o', 'pid=', '--ppid', postmaster], { encoding: 'utf8' })
  const children = listed.split('\n').map((line) => line.trim())
  const ticks = [
    ...ticksOf(postmaster).slice(0, 4),
    ...children.filter(Boolean).flatMap((pid) => ticksOf(pid).slice(0, 2)),
  ]
  return (ticks.reduce((sum, one) => sum + one, 0) * 1_000) / TICKS
}

/** Of one process with all its threads; null where there is no /proc to read. */
export function processCpuMs(pid: number): number | null {
  const own = ticksOf(String(pid)).slice(0, 2)
  return own.length === 0 ? null : (own.reduce((sum, one) => sum + one, 0) * 1_000) / TICKS
}

/** Of itself in user and system mode, then of its children that have ended. */
function ticksOf(pid: string): number[] {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 15)
      .map(Number)
  } catch {
    // It has ended meanwhile, and is counted with its parent.
    return []
  }
}
