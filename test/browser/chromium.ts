import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

import { type Browser, chromium } from 'playwright-core'

/** Where the package unpacks the browser, once for all that run on this machine. */
const PLACE = path.join(os.tmpdir(), 'bw-chromium-147')

/**
 * A real browser, out of a package: nobody has to install one. `CHROMIUM_PATH` names another.
 *
 * Only `--no-sandbox`: the package's own arguments switch off what a page's policy is tested for.
 */
export async function openBrowser(): Promise<Browser> {
  const given = process.env.CHROMIUM_PATH ?? ''
  const args = ['--no-sandbox']
  if (given !== '') return chromium.launch({ executablePath: given, args })
  if (!fs.existsSync(PLACE)) unpack()
  return chromium.launch({
    executablePath: path.join(PLACE, 'chromium'),
    args,
    env: {
      ...(process.env as Record<string, string>),
      FONTCONFIG_PATH: path.join(PLACE, 'fonts'),
      LD_LIBRARY_PATH: path.join(PLACE, 'al2023/lib'),
    },
  })
}

/** What the package asks of its surroundings it asks while it is loaded: that is done by a process of its own. */
const UNPACK = `
  import('@sparticuz/chromium')
    .then((loaded) => (loaded.default.default ?? loaded.default).executablePath())
    .catch((error) => { console.error(error); process.exitCode = 1 })`

/** Beside its place, and moved there whole: a browser that is half there cannot be started. */
function unpack(): void {
  const mine = fs.mkdtempSync(`${PLACE}-`)
  execFileSync(process.execPath, ['-e', UNPACK], {
    cwd: path.join(__dirname, '../..'),
    // Where it is put, and that the libraries which it needs come with it.
    env: { ...process.env, NODE_OPTIONS: '', TMPDIR: mine, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs20.x' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  // The package's own list of fonts names places that are nobody's here, and without a font the browser ends.
  fs.writeFileSync(path.join(mine, 'fonts/fonts.conf'), FONTS)
  try {
    fs.renameSync(mine, PLACE)
  } catch (error) {
    // Somebody else was as far a moment earlier.
    if (!fs.existsSync(PLACE)) throw error
    fs.rmSync(mine, { recursive: true })
  }
}

const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${PLACE}/fonts</dir>
  <cachedir>${PLACE}/fonts-cache</cachedir>
</fontconfig>
`
