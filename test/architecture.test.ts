import fs from 'node:fs'
import path from 'node:path'

/** Goal: imports go one way. Method: read every import of src/ and hold it against the rules of docs/architecture.md. */
const SRC = path.join(__dirname, '../src')
/** The files that put things together; everybody else stays on their side. */
const ENTRY_POINTS = [
  'app.ts',
  'engine.ts',
  'surface.ts',
  'index.ts',
  'server.ts',
  'providers/sandbox/index.ts',
  'kit/load-plugin.ts',
]
const HELPERS = ['errors.ts', 'deadline.ts']

/** A folder may import itself, the helpers, and what is listed here. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  domain: [],
  ports: ['domain'],
  db: ['domain', 'ports'],
  services: ['domain', 'ports', 'db'],
  routes: ['services', 'workers', 'domain', 'ports', 'db'],
  workers: ['services', 'domain', 'ports', 'db'],
  kit: ['domain', 'ports', 'config.ts', 'settings.ts', 'provider-settings.ts'],
  sandbox: ['domain', 'ports', 'db', 'kit'],
  providers: ['domain', 'ports', 'sandbox', 'settings.ts'],
  // The conformance suite judges a provider by the same functions as the engine.
  testing: ['db', 'sandbox', 'ports', 'domain', 'services', 'system-clock.ts'],
}
const FORBIDDEN_PACKAGES: Readonly<Record<string, RegExp>> = {
  domain: /^(?!big\.js$|node:crypto$)/,
  ports: /./,
  services: /^(express|axios|pg|winston|node:fs|node:http)/,
  workers: /^(express|axios|pg)/,
  kit: /^(express|axios|pg|winston)/,
}

const files = fs
  .readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.split(path.sep).join('/'))

const importsOf = (file: string): string[] => {
  const text = fs.readFileSync(path.join(SRC, file), 'utf8')
  return [...text.matchAll(/(?:^|\n)(?:import|export)[^'";]*? from '([^']+)'|import\('([^']+)'\)/g)].map(
    (match) => String(match[1] ?? match[2]),
  )
}
const resolve = (file: string, specifier: string): string => {
  const target = path.posix.join(path.posix.dirname(file), specifier)
  return files.find((known) => known === `${target}.ts` || known === `${target}/index.ts`) ?? target
}
const folderOf = (file: string): string => file.split('/')[0] ?? file

describe('the imports of src/', () => {
  it.each(files.filter((file) => !ENTRY_POINTS.includes(file) && file.includes('/')))(
    '%s stays on its side',
    (file) => {
      const folder = folderOf(file)
      const allowed = [folder, ...(MAY_IMPORT[folder] ?? [])]
      const wrong = importsOf(file).filter((specifier) => {
        if (!specifier.startsWith('.')) return FORBIDDEN_PACKAGES[folder]?.test(specifier) ?? false
        const target = resolve(file, specifier)
        return !HELPERS.includes(target) && !allowed.includes(folderOf(target))
      })
      expect(wrong).toEqual([])
    },
  )

  it('never reach into kit, sandbox or routes from outside but at an entry point', () => {
    const inner = ['kit', 'sandbox', 'routes']
    const wrong = files
      .filter(
        (file) =>
          !ENTRY_POINTS.includes(file) && !inner.includes(folderOf(file)) && folderOf(file) !== 'testing',
      )
      .flatMap((file) => importsOf(file).map((specifier) => `${file} -> ${resolve(file, specifier)}`))
      .filter((line) => inner.some((folder) => line.includes(` -> ${folder}/`)))
    expect(wrong).toEqual([])
  })

  it('know every folder by a rule', () => {
    const folders = [...new Set(files.filter((file) => file.includes('/')).map(folderOf))]
    expect(folders.filter((folder) => !(folder in MAY_IMPORT))).toEqual([])
  })

  it('have no cycle', () => {
    const graph = new Map(
      files.map((file) => [
        file,
        importsOf(file)
          .filter((specifier) => specifier.startsWith('.'))
          .map((specifier) => resolve(file, specifier)),
      ]),
    )
    const done = new Set<string>()
    const visit = (file: string, trail: readonly string[]): void => {
      if (trail.includes(file)) throw new Error(`cycle: ${[...trail, file].join(' -> ')}`)
      if (done.has(file)) return
      for (const next of graph.get(file) ?? []) visit(next, [...trail, file])
      done.add(file)
    }
    for (const file of files) visit(file, [])
    expect(done.size).toBe(files.length)
  })

  it('write the state in one place', () => {
    const writers = files.filter((file) =>
      /changeStates\(/.test(fs.readFileSync(path.join(SRC, file), 'utf8')),
    )
    expect(writers.sort()).toEqual([
      'db/change-state.ts',
      'db/freeze-batch.ts',
      'db/store.ts',
      'services/transition.ts',
    ])
  })
})
