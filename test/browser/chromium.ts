import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

import { type Browser, chromium } from 'playwright-core'

/** Where the package unpacks the browser, once for all that run at the same time. */
const PLACE = path.join(os.tmpdir(), 'bw-chromium-147')

const FONTS = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${PLACE}/fonts</dir>
  <cachedir>${PLACE}/fonts-cache</cachedir>
</fontconfig>
`

/**
 * A real browser, out of a package: nobody has to install one. `CHROMIUM_PATH` names another.
 *
 * Only `--no-sandbox`: the package's own arguments switch off what a page's policy is tested for.
 */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: await executable(), args: ['--no-sandbox'] })
}

async function executable(): Promise<string> {
  const given = process.env.CHROMIUM_PATH
  if (given !== undefined && given !== '') return given
  fs.mkdirSync(PLACE, { recursive: true })
  const [tmpdir, system] = [process.env.TMPDIR, process.env.AWS_EXECUTION_ENV]
  // Both are read while the package is loaded: where it unpacks, and that the libraries it needs come with it.
  process.env.TMPDIR = PLACE
  process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs20.x'
  try {
    const { default: packaged } = await import('@sparticuz/chromium')
    const program = await packaged.executablePath()
    // The package's own list of fonts names places that are nobody's here, and without a font the browser ends.
    fs.writeFileSync(path.join(PLACE, 'fonts/fonts.conf'), FONTS)
    return program
  } finally {
    restore('TMPDIR', tmpdir)
    restore('AWS_EXECUTION_ENV', system)
  }
}

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name]
  else process.env[name] = value
}
