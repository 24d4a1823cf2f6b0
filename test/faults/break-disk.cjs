/** Loaded into a server before its own code, in each of its threads: while the file that BREAK_DISK names is there, nothing reaches the disk. */
const fs = require('node:fs')

const sync = fs.fdatasyncSync
fs.fdatasyncSync = (file) => {
  if (fs.existsSync(process.env.BREAK_DISK)) throw new Error('the disk is broken')
  sync(file)
}
