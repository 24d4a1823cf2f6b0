import { execFile } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/**
 * Goal: what `npm run new:provider` writes compiles, lints, and fails only where its author has to decide. Method: it
 * runs in a copy of the repository, and the copy's own tools judge it.
 */
const REPOSITORY = path.join(__dirname, '../..')
const COPIED = ['bench', 'src', 'test', 'scripts', 'examples', 'docs', 'migrations', 'plugin', 'web']
const MINUTES = 60_000
const DECISIONS = [
  ...['currencies', 'destinations', 'expected-time', 'hosts', 'key-lifetime', 'lookup', 'lookup-call'],
  ...['not-applicable', 'not-found', 'payout-call', 'refusals', 'return-window', 'settings', 'sources'],
  ...[
    'stand-in',
    'stand-in-hides',
    'stand-in-keys',
    'stand-in-refuses',
    'statuses',
    'unpayable',
    'visible-after',
  ],
]

/** A provider's tests as anybody runs them, but without the databases that are there for others. */
const ALONE = `import { config } from './jest.config.mjs'
const { globalSetup, globalTeardown, ...alone } = config
export default alone
`

describe('npm run new:provider', () => {
  let copy: string
  beforeAll(() => {
    copy = fs.mkdtempSync(path.join(os.tmpdir(), 'new-provider-'))
    const files = fs.readdirSync(REPOSITORY).filter((file) => /\.(json|mjs|md)$/.test(file))
    for (const name of [...COPIED, ...files, '.prettierrc.json'])
      fs.cpSync(path.join(REPOSITORY, name), path.join(copy, name), { recursive: true })
    fs.symlinkSync(path.join(REPOSITORY, 'node_modules'), path.join(copy, 'node_modules'))
    fs.writeFileSync(path.join(copy, 'alone.mjs'), ALONE)
  })
  afterAll(() => fs.rmSync(copy, { recursive: true, force: true }))

  /** A tool in the copy: its exit code and all that it printed. */
  const run = (...args: string[]): Promise<{ code: number; out: string }> =>
    new Promise((resolve) => {
      const env = { ...process.env, NODE_OPTIONS: '', FORCE_COLOR: '0' }
      const child = execFile(process.execPath, args, { cwd: copy, env }, (_error, stdout, stderr) => {
        resolve({ code: child.exitCode ?? -1, out: `${stdout}${stderr}` })
      })
    })
  const newProvider = (name: string) => run('--import', 'tsx', 'scripts/new-provider.ts', name)
  const bin = (file: string, ...args: string[]) => run(`node_modules/${file}`, ...args)
  const suite = async (): Promise<Record<string, string>> => {
    const args = ['-i', '-c', 'alone.mjs', '--json', '--testLocationInResults=false', 'test/providers/acme']
    const { out } = await run('--experimental-vm-modules', 'node_modules/jest/bin/jest.js', ...args)
    const [line = '{}'] = out.split('\n').filter((each) => each.startsWith('{"num'))
    const { testResults } = JSON.parse(line) as {
      testResults: { assertionResults: { title: string; status: string }[] }[]
    }
    return Object.fromEntries(
      testResults.flatMap(({ assertionResults }) =>
        assertionResults.map(({ title, status }) => [
          /\(([a-z]+\.[a-z_0-9]+)/.exec(title)?.[1] ?? title,
          status,
        ]),
      ),
    )
  }
  const failed = (results: Record<string, string>) =>
    Object.keys(results).filter((rule) => results[rule] === 'failed')
  const edit = (file: string, change: (text: string) => string) => {
    const target = path.join(copy, file)
    fs.writeFileSync(target, change(fs.readFileSync(target, 'utf8')))
  }
  /** Marks of which the suite says that they are open, by name. */
  const namesIn = (titles: readonly string[]) =>
    titles.map((title) => /^is open: ([a-z-]+) /.exec(title)?.[1])
  const generateCheck = () => run('--import', 'tsx', 'scripts/generate.ts', '--check')

  it(
    'writes a provider that compiles and lints, and lacks only the words of its bank',
    async () => {
      const { code, out } = await newProvider('acme')
      expect(code).toBe(0)
      // All that is left to do is said: what is made from other files, and each decision, by place and name.
      expect((await generateCheck()).code).toBe(1)
      expect(out).toMatch(/1\. npm run generate /)
      expect((await run('--import', 'tsx', 'scripts/generate.ts')).code).toBe(0)
      expect(await generateCheck()).toEqual({ code: 0, out: '' })
      const told = [...out.matchAll(/^ {7}(\S+):(\d+) {2}([a-z-]+): \S/gm)].map(([, file, , name]) => ({
        file,
        name,
      }))
      expect(told.map(({ name }) => name).sort()).toEqual(DECISIONS)
      expect(out).toContain('3. npm test -- test/providers/acme')

      const mine = ['src/providers/acme', 'test/providers/acme', 'src/providers/registry.ts']
      expect(await bin('typescript/bin/tsc', '--noEmit')).toEqual({ code: 0, out: '' })
      expect(await bin('eslint/bin/eslint.js', '--max-warnings', '0', ...mine)).toEqual({ code: 0, out: '' })
      expect((await bin('prettier/bin/prettier.cjs', '--check', ...mine)).code).toBe(0)

      const results = await suite()
      expect(Object.keys(results).length).toBeGreaterThan(50)
      const open = failed(results).filter((title) => title.startsWith('is open'))
      expect(namesIn(open).sort()).toEqual([...DECISIONS, 'no-such-host'].sort())
      expect(failed(results).filter((title) => !open.includes(title))).toEqual([
        'submit.accepts',
        'submit.settles',
        'submit.declines',
        'submit.amounts',
        // They need a payout that the bank has taken, in a word that statuses.ts knows.
        'lookup.settled',
        'lookup.declined',
        'lookup.returned',
        'lookup.unknown_status',
        'lookup.forgotten',
        'lookup.settled_with_another_amount',
        'lookup.returned_in_part',
        'lookup.among_strangers',
        'lookup.same_reference',
        ...[
          'drop',
          'answer_500',
          'answer_401',
          'answer_429',
          'garbage',
          'null',
          'empty',
          'html',
          'redirect',
          'answer_404',
        ].map((fault) => `reading.${fault}`),
      ])

      // Uncommenting is no decision, and neither is raising a number: each one is still named.
      edit('src/providers/acme/statuses.ts', (text) => text.replace(/\/\/ (?=[A-Z]+: ['{])/g, ''))
      edit('src/providers/acme/index.ts', (text) =>
        text.replace('keyLifetimeMs: 0', 'keyLifetimeMs: 30 * DAY_MS'),
      )
      expect(failed(await suite())).toEqual(open)

      // The author decides; a host that nobody has is not decided by taking the mark away.
      for (const { file } of told) edit(String(file), (text) => text.replace(/^.*\bDECIDE\(.*\n/gm, ''))
      expect(namesIn(failed(await suite()))).toEqual(['no-such-host'])
      edit('src/providers/acme/index.ts', (text) => text.replace('api.acme.invalid', 'api.acme.example'))
      expect(failed(await suite())).toEqual([])
    },
    15 * MINUTES,
  )

  it(
    'overwrites nothing, and takes no name that is none',
    async () => {
      const again = await newProvider('sandbox')
      expect(again).toMatchObject({ code: 1 })
      expect(again.out).toMatch(/^Nothing was written: src\/providers\/sandbox\/index\.ts.* exists\.\n$/)
      for (const name of ['', 'Acme', '../acme', 'acme-bank', '1acme'])
        expect((await newProvider(name)).out).toMatch(/^A provider's name is one word/)
    },
    5 * MINUTES,
  )
})
