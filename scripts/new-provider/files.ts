import fs from 'node:fs'
import path from 'node:path'

/** The templates, in which `acme` and `Acme` stand for the new provider's name. */
const TEMPLATES = path.join(__dirname, 'templates')
const TARGETS: Readonly<Record<string, string>> = {
  'index.txt': 'src/providers/acme/index.ts',
  'settings.txt': 'src/providers/acme/settings.ts',
  'api.txt': 'src/providers/acme/api.ts',
  'statuses.txt': 'src/providers/acme/statuses.ts',
  'fake-api.txt': 'test/providers/acme/fake-api.ts',
  'conformance.txt': 'test/providers/acme/conformance.test.ts',
  'page.txt': 'docs/providers/acme.md',
}

/** @returns Every new file's text, by its path in the repository. */
export function filesOf(name: string): Record<string, string> {
  const title = name.slice(0, 1).toUpperCase() + name.slice(1)
  const named = (text: string) =>
    text.replaceAll('acme', name).replaceAll('ACME', name.toUpperCase()).replaceAll('Acme', title)
  return Object.fromEntries(
    Object.entries(TARGETS).map(([template, target]) => [
      named(target),
      named(fs.readFileSync(path.join(TEMPLATES, template), 'utf8')),
    ]),
  )
}
