import { constants } from 'node:fs'
import { access, open, readFile, rename, unlink } from 'node:fs/promises'
import path from 'node:path'

const IDENTITY = '.payment-files-id'

/** The folder that a bank client empties. Whatever is true here stays true after a power cut. */
export interface Folder {
  /**
   * An id that lies in the folder itself, made at the first call. Another machine's folder of the same path, or the
   * empty place of a disk that is not mounted, has another.
   *
   * @throws {Error} When the folder cannot be written to.
   */
  identity(newId: string): Promise<string>
  /** @throws {Error} With code EEXIST when the name is taken. */
  write(name: string, content: Buffer): Promise<void>
  read(name: string): Promise<Buffer | null>
  rename(from: string, to: string): Promise<void>
  remove(name: string): Promise<void>
}

export function folderAt(directory: string): Folder {
  const at = (name: string): string => path.join(directory, name)
  const read = (name: string): Promise<Buffer | null> => readFile(at(name)).catch(absentIsNull)

  async function write(name: string, content: Buffer): Promise<void> {
    // Readable by its group: the program that carries it to the bank is often another user.
    const file = await open(at(name), 'wx', 0o640)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    await syncDirectory(directory)
  }

  return {
    async identity(newId) {
      await access(directory, constants.W_OK)
      const present = await read(IDENTITY)
      if (present) return present.toString('utf8')
      await write(IDENTITY, Buffer.from(newId)).catch(takenIsFine)
      return (await read(IDENTITY))?.toString('utf8') ?? ''
    },
    write,
    read,
    async rename(from, to) {
      await rename(at(from), at(to))
      await syncDirectory(directory)
    },
    remove: (name) => unlink(at(name)),
  }
}

/** Without it a new name can be gone after a power cut. Windows has no such call, and needs none. */
async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(directory, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function absentIsNull(error: unknown): null {
  if ((error as { code?: unknown }).code === 'ENOENT') return null
  throw error
}

function takenIsFine(error: unknown): void {
  if ((error as { code?: unknown }).code !== 'EEXIST') throw error
}
