import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

import ts from 'typescript'

const ROOT = path.join(__dirname, '../..')

interface Manifest {
  readonly main: string
  readonly types: string
  readonly exports: Record<string, Target>
}
type Target = string | { readonly [condition: string]: Target }
const filesOf = (target: Target): string[] =>
  typeof target === 'string' ? [target] : Object.values(target).flatMap(filesOf)

const manifest = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as Manifest

/** What `npm run build` compiles, by the compiler's own reading of its settings, without compiling it. */
function compiledFiles(): string[] {
  const config = path.join(ROOT, 'tsconfig.build.json')
  const given: unknown = ts.readConfigFile(config, (file) => ts.sys.readFile(file)).config
  const parsed = ts.parseJsonConfigFileContent(given, ts.sys, ROOT, undefined, config)
  return parsed.fileNames.flatMap((file) =>
    ts.getOutputFileNames(parsed, file, false).map((output) => path.relative(ROOT, output)),
  )
}

/** What a build writes besides. */
const WRITTEN = [
  ...['dist/desk.html', 'dist/user.html', 'dist/web-view.json', 'dist/api-page.json'],
  'dist/plugin/bank-withdrawal.json',
  ...['dist/client/index.mjs', 'dist/client/index.d.mts'],
]

/** A copy of the repository with an empty file for each one that a build writes: what is packed goes by names. */
function built(): string {
  const place = fs.mkdtempSync(path.join(os.tmpdir(), 'contents-'))
  const left = ['node_modules', '.git', 'dist', 'data', 'coverage']
  for (const entry of fs.readdirSync(ROOT))
    if (!left.includes(entry)) fs.cpSync(path.join(ROOT, entry), path.join(place, entry), { recursive: true })
  for (const file of [...compiledFiles(), ...WRITTEN]) {
    fs.mkdirSync(path.dirname(path.join(place, file)), { recursive: true })
    fs.writeFileSync(path.join(place, file), '')
  }
  return place
}

describe('The npm package', () => {
  let place: string
  let files: string[]
  beforeAll(() => {
    place = built()
    const listed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
      cwd: place,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const [packed] = JSON.parse(listed) as [{ files: { path: string }[] }]
    files = packed.files.map((file) => file.path)
  })
  afterAll(() => fs.rmSync(place, { recursive: true, force: true }))

  it('holds the program, its pages and its migrations, and nothing else', () => {
    const rooms = new Set(files.map((file) => file.split('/')[0]))
    expect([...rooms].sort()).toEqual([
      ...['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'docs', 'migrations', 'package.json'],
    ])
    const kinds = (room: string) =>
      new Set(
        files.filter((file) => file.startsWith(`${room}/`)).map((file) => /\.(d\.m?ts|\w+)$/.exec(file)?.[1]),
      )
    expect([...kinds('dist')].sort()).toEqual(['d.mts', 'd.ts', 'html', 'js', 'json', 'mjs'])
    // Rules for alerts and a dashboard beside the pages.
    expect([...kinds('docs')].sort()).toEqual(['json', 'md', 'yml'])
    expect([...kinds('migrations')]).toEqual(['sql'])
    expect(files.filter((file) => /(^|\/)tests?\/|\.test\./.test(file))).toEqual([])
  })

  /** `node10` is what TypeScript 5 takes for a project in CommonJS that says nothing else. */
  it.each([
    ['node10', ts.ModuleResolutionKind.Node10],
    ['node16', ts.ModuleResolutionKind.Node16],
    ['bundler', ts.ModuleResolutionKind.Bundler],
  ])('has types for each of its entries where modules are resolved by %s', (_name, moduleResolution) => {
    const project = path.join(place, 'a-project')
    fs.mkdirSync(path.join(project, 'node_modules'), { recursive: true })
    const installed = path.join(project, 'node_modules/hollaex-bank-withdrawal')
    if (!fs.existsSync(installed)) fs.symlinkSync(place, installed)
    const typesOf = (entry: string) => {
      const name = `hollaex-bank-withdrawal${entry}`
      const from = path.join(project, 'index.ts')
      const { resolvedModule } = ts.resolveModuleName(name, from, { moduleResolution }, ts.sys)
      return (
        resolvedModule && path.relative(place, resolvedModule.resolvedFileName).replace('.d.mts', '.d.ts')
      )
    }
    const entries = ['', '/client', '/providers/sandbox', '/providers/shared', '/testing']
    expect(entries.map(typesOf)).toEqual(entries.map((entry) => `dist${entry}/index.d.ts`))
  })

  it('has everything that its own table of contents names, and the plugin that a kit installs', () => {
    const named = [manifest.main, manifest.types, ...Object.values(manifest.exports)]
      .flatMap(filesOf)
      .map((target) => target.replace(/^\.\//, ''))
    for (const target of named) {
      const [before = '', after = ''] = target.split('*')
      expect(files.filter((file) => file.startsWith(before) && file.endsWith(after))).not.toEqual([])
    }
    expect(files).toContain('dist/plugin/bank-withdrawal.json')
  })
})
