import fs from 'node:fs'
import path from 'node:path'

import prettier from 'prettier'

import { openDecisions } from './new-provider/decisions'
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

/** Nothing of what is left to do may be known only to who has done it before. */
function whatIsLeft(root: string, name: string): string {
  const open = openDecisions(root, name).filter((each) => each.name !== 'no-such-host')
  return [
    '',
    'What is left to do (docs/providers.md goes through it step by step):',
    `  1. npm run generate    brings the settings of ${name} into the pages and forms that are made from them;`,
    '                         once more whenever settings.ts changes',
    '  2. decide, from the documentation of the bank, and remove each mark:',
    ...open.map((each) => `       ${each.file}:${each.line}  ${each.name}: ${each.what}`),
    `  3. npm test -- test/providers/${name}    red until nothing is open and every rule holds`,
    `  4. npm run check, then a payout in the bank's own test system`,
  ].join('\n')
}

const [name = ''] = process.argv.slice(2)
scaffold(process.cwd(), name).then(
  (written) =>
    console.log([...written.map((file) => `wrote ${file}`), whatIsLeft(process.cwd(), name)].join('\n')),
  (error: unknown) => {
    console.error((error as Error).message)
    process.exitCode = 1
  },
)
