import fs from 'node:fs'

/** A byte for each number: what an exchange or a bank remembers of it. */
export interface Marks {
  get(n: number): number
  set(n: number, mark: number): void
}

export function memoryMarks(count: number): Marks {
  const bytes = new Uint8Array(count)
  return {
    get: (n) => bytes[n] ?? 0,
    set(n, mark) {
      bytes[n] = mark
    },
  }
}

export const makeMarks = (file: string, count: number): void => fs.writeFileSync(file, new Uint8Array(count))

/** In a file, so that several processes share them, and a killed one leaves them as they are. */
export function fileMarks(file: string): Marks {
  const fd = fs.openSync(file, 'r+')
  const one = new Uint8Array(1)
  return {
    get(n) {
      fs.readSync(fd, one, 0, 1, n)
      return one[0] ?? 0
    },
    set(n, mark) {
      one[0] = mark
      fs.writeSync(fd, one, 0, 1, n)
    },
  }
}

/** How many numbers have this mark. */
export const countMarks = (file: string, mark: number): number =>
  fs.readFileSync(file).reduce((count, one) => (one === mark ? count + 1 : count), 0)
