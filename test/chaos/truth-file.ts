import fs from 'node:fs'

/**
 * What a process knows to be true, one JSON line each, on the disk before anybody is told. Lines that come in
 * together are written and flushed together.
 */
export interface TruthFile<Line> {
  /** Resolves when the line is on the disk. */
  append(line: Line): Promise<void>
  /** Resolves when all lines so far are: nobody may be told of one that a kill would still take back. */
  flushed(): Promise<void>
}

export function openTruthFile<Line>(file: string): TruthFile<Line> {
  const descriptor = fs.openSync(file, 'a')
  endLastLine(file, descriptor)
  let waiting: { text: string; done: () => void }[] = []
  let writing = false

  function write(): void {
    const group = waiting
    waiting = []
    if (group.length === 0) {
      writing = false
      return
    }
    const text = group.map((entry) => entry.text).join('')
    // One call, so that a kill tears at most the last line of what nobody was told of.
    fs.write(descriptor, text, (failed, written) => {
      if (failed || written !== Buffer.byteLength(text)) throw failed ?? new Error('The disk is full.')
      fs.fdatasync(descriptor, (unsynced) => {
        if (unsynced) throw unsynced
        for (const { done } of group) done()
        write()
      })
    })
  }

  function add(text: string): Promise<void> {
    return new Promise((resolve) => {
      waiting.push({ text, done: resolve })
      if (writing) return
      writing = true
      write()
    })
  }

  return {
    append: (line) => add(`${JSON.stringify(line)}\n`),
    flushed: () => (writing ? add('') : Promise.resolve()),
  }
}

/** A torn line becomes a line of its own, and is left out when the file is read. */
function endLastLine(file: string, descriptor: number): void {
  const { size } = fs.fstatSync(descriptor)
  if (size === 0) return
  const last = Buffer.alloc(1)
  const reader = fs.openSync(file, 'r')
  fs.readSync(reader, last, 0, 1, size - 1)
  fs.closeSync(reader)
  if (last.toString() !== '\n') fs.writeSync(descriptor, '\n')
}

export function readTruthFile<Line>(file: string): Line[] {
  if (!fs.existsSync(file)) return []
  return fs
    .readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((text) => {
      try {
        return text === '' ? [] : [JSON.parse(text) as Line]
      } catch {
        return []
      }
    })
}
