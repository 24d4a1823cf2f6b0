import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const ROOT = path.join(__dirname, '../..')
const NAME = 'hollaex-bank-withdrawal'

/** As in the README, in three kinds of modules. */
const BODY = `
async function main() {
  const { kit, database } = await openSandboxKit()
  const quiet = { debug() {}, info() {}, warn() {}, error() {} }
  const plugin = createBankWithdrawals({
    toolsLib: kit.toolsLib, providers: [sandboxProvider()], database, logger: quiet,
    config: { statementText: 'Example Exchange' },
  })
  const app = express()
  app.use(plugin.router)
  await plugin.start()
  const server = app.listen(0, '127.0.0.1', async () => {
    const { port } = server.address()
    const client = createWithdrawalsClient({
      baseUrl: 'http://127.0.0.1:' + port + '/plugins/bank/withdrawal',
      token: kit.tokens.sign(1, ['user']),
    })
    const { id } = await client.create({
      currency: 'eur', amount: '25', bank_account: { iban: 'DE89370400440532013000' },
    })
    console.log(JSON.stringify(await client.waitFor(id)))
    server.close()
    await plugin.stop()
    await database.close()
  })
}
main()
`
const IMPORTED = [
  'express',
  `{ createBankWithdrawals } :${NAME}`,
  `{ createWithdrawalsClient } :${NAME}/client`,
  `{ sandboxProvider } :${NAME}/providers/sandbox`,
  `{ openSandboxKit } :${NAME}/testing`,
]
  .map((each) => each.split(' :') as [string, string?])
  .map(([what, from]) => [what, from ?? what] as const)
const imports = IMPORTED.map(([what, from]) => `import ${what} from '${from}'`).join('\n')
const requires = IMPORTED.map(([what, from]) => `const ${what} = require('${from}')`).join('\n')
/** TypeScript knows what it gets. */
const TYPED = BODY.replace(
  'const { port } = server.address()',
  'const { port } = server.address() as { port: number }',
)
const PROJECTS = [
  { kind: 'CommonJS', file: 'index.cjs', text: requires + BODY },
  { kind: 'ESM', file: 'index.mjs', text: imports + BODY },
  { kind: 'TypeScript', file: 'index.mts', text: imports + TYPED },
]

/** Goal: who installs the package can use it. Method: it is built, packed, unpacked into projects, and started there. */
describe('The packed package', () => {
  let place: string
  let packed: string
  beforeAll(async () => {
    place = fs.mkdtempSync(path.join(os.tmpdir(), 'installed-'))
    const dist = path.join(place, 'stage/dist')
    await Promise.all([dist, path.join(place, 'again')].map((out) => build(out)))
    for (const part of ['package.json', 'README.md', 'LICENSE', 'CHANGELOG.md', 'docs', 'migrations'])
      fs.cpSync(path.join(ROOT, part), path.join(place, 'stage', part), { recursive: true })
    const { stdout } = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', place], {
      cwd: path.join(place, 'stage'),
    })
    packed = path.join(place, (JSON.parse(stdout) as [{ filename: string }])[0].filename)
  }, 240_000)
  afterAll(() => fs.rmSync(place, { recursive: true, force: true }))

  const build = (out: string) =>
    run(process.execPath, ['--import', 'tsx', 'scripts/build.ts', '--out', out], { cwd: ROOT })

  /** As npm lays it out, from what is installed here: no registry is asked. */
  async function install(project: string, express: string): Promise<void> {
    const modules = path.join(project, 'node_modules')
    const own = path.join(modules, NAME)
    fs.mkdirSync(own, { recursive: true })
    await run('tar', ['-xzf', packed, '-C', own, '--strip-components', '1'])
    const { dependencies } = JSON.parse(fs.readFileSync(path.join(own, 'package.json'), 'utf8')) as {
      dependencies: Record<string, string>
    }
    link(own, 'node_modules', Object.keys(dependencies))
    link(project, 'node_modules', ['@types/express', '@types/node'])
    fs.symlinkSync(path.join(ROOT, 'node_modules', express), path.join(modules, 'express'))
  }
  function link(at: string, folder: string, names: readonly string[]): void {
    for (const name of names) {
      const target = path.join(at, folder, name)
      fs.mkdirSync(path.dirname(target), { recursive: true })
      fs.symlinkSync(path.join(ROOT, 'node_modules', name), target)
    }
  }

  /** What TypeScript makes of its project, which has the same types on either version of Express. */
  let compiled: Promise<string> | undefined
  async function compile(project: string): Promise<string> {
    const [tsc, out] = [require.resolve('typescript/bin/tsc'), path.join(project, 'compiled')]
    const options = ['--module', 'nodenext', '--target', 'es2022', '--strict', '--types', 'node']
    await run(process.execPath, [tsc, ...options, '--outDir', out, 'index.mts'], { cwd: project })
    return fs.readFileSync(path.join(out, 'index.mjs'), 'utf8')
  }

  it('is built twice from one commit to the same bytes', () => {
    expect(hashesIn(path.join(place, 'again'))).toEqual(hashesIn(path.join(place, 'stage/dist')))
    expect(Object.keys(hashesIn(path.join(place, 'again'))).length).toBeGreaterThan(300)
  })

  it('has a client of less than 10 kB, and pages that are no burden', () => {
    const size = (file: string) => fs.statSync(path.join(place, 'stage/dist', file)).size
    for (const file of ['index.js', 'index.mjs']) expect(size(`client/${file}`)).toBeLessThan(10_000)
    expect(size('desk.html')).toBeLessThan(300_000)
    expect(size('web-view.json')).toBeLessThan(300_000)
    expect(size('plugin/bank-withdrawal.json')).toBeLessThan(700_000)
  })

  it.each(['express', 'express4'])(
    'pays in projects in CommonJS, ESM and TypeScript, on %s',
    async (express) => {
      const project = path.join(place, express)
      await install(project, express)
      for (const { file, text } of PROJECTS) fs.writeFileSync(path.join(project, file), text)
      fs.writeFileSync(path.join(project, 'compiled.mjs'), await (compiled ??= compile(project)))
      const answers = await Promise.all(
        ['index.cjs', 'index.mjs', 'compiled.mjs'].map((file) =>
          run(process.execPath, [file], { cwd: project, timeout: 120_000 }),
        ),
      )
      for (const { stdout } of answers)
        expect(JSON.parse(stdout)).toMatchObject({ status: 'processed', amount: 25 })
    },
    240_000,
  )
})

/** Of every file by its name. */
function hashesIn(directory: string): Record<string, string> {
  const files = fs
    .readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
  return Object.fromEntries(
    files
      .map((entry) => path.join(entry.parentPath, entry.name))
      .sort()
      .map((file) => [
        path.relative(directory, file),
        createHash('sha256').update(fs.readFileSync(file)).digest('hex'),
      ]),
  )
}
