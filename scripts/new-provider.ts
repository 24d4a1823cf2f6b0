import fs from 'node:fs'
import path from 'node:path'

import prettier from 'prettier'

import { filesOf } from './new-provider/files'

/** `npm run new:provider acme`: everything a provider needs but its bank. Overwrites nothing. */
const REGISTRY = 'src/providers/registry.ts'
const EXAMPLE = 'npm run new:provider acme'

async function scaffold(root: string, name: string): Promise<readonly string[]> {
  if (!/^[a-z][a-z0-9]{1,30}$/.test(name))
    throw new Error(`A provider's name is one word of lower case letters and digits: ${EXAMPLE}`)
  const files = filesOf(name)
  const taken = Object.keys(files).filter((file) => fs.existsSync(path.join(root, file)))
  if (taken.length > 0) throw new Error(`Nothing was written: ${taken.join(', ')} exists.`)
  for (const [file, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(root, file)), { recursive: true })
    fs.writeFileSync(path.join(root, file), await formatted(root, file, text))
  }
  const registry = path.join(root, REGISTRY)
  const entered = registered(fs.readFileSync(registry, 'utf8'), name)
  fs.writeFileSync(registry, await formatted(root, REGISTRY, entered))
  return [...Object.keys(files), REGISTRY]
}

/** One import, in its place by the alphabet, and one entry at the end of the list. */
function registered(text: string, name: string): string {
  const definition = `${name}Definition`
  const lines = text.split('\n')
  const imports = lines.filter((line) => line.startsWith('import '))
  const sorted = [...imports, `import { ${definition} } from './${name}'`].sort((a, b) =>
    String(a.split("'")[1]).localeCompare(String(b.split("'")[1])),
  )
  const rest = lines.slice(imports.length).join('\n')
  const list = /(= \[)([^\]]*?),?\s*\]/
  if (!list.test(rest)) throw new Error(`The list in ${REGISTRY} was not found; add ${definition} by hand.`)
  return `${sorted.join('\n')}\n${rest.replace(list, `$1$2, ${definition}]`)}`
}

/** A longer name breaks lines elsewhere than the template's. */
async function formatted(root: string, file: string, text: string): Promise<string> {
  const filepath = path.join(root, file)
  return prettier.format(text, { ...(await prettier.resolveConfig(filepath)), filepath })
}

scaffold(process.cwd(), process.argv[2] ?? '').then(
  (written) =>
    console.log([...written.map((file) => `wrote ${file}`), 'next: docs/providers.md, step 2'].join('\n')),
  (error: unknown) => {
    console.error((error as Error).message)
    process.exitCode = 1
  },
)
