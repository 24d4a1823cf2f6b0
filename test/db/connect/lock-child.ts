/** A process that takes and gives back directory locks when it is told to; for directory-lock.test.ts. */
import readline from 'node:readline'

import { acquireDirectoryLock } from '../../../src/db/connect/lock'

let release = () => {}

function obey(command: string, directory: string): string {
  try {
    if (command === 'acquire') release = acquireDirectoryLock(directory)
    else release()
    return 'done'
  } catch (error) {
    const { name, message } = error as Error
    return `${name}: ${message}`
  }
}

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  const [command = '', directory = ''] = line.split(' ')
  process.stdout.write(`${JSON.stringify(obey(command, directory))}\n`)
})
process.stdout.write('"ready"\n')
