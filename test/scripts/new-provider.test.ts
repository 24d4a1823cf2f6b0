import { execFile } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'

/**
 * Goal: what `npm run new:provider` writes compiles, lints, and fails only where its author has to decide. Method: it
 * runs in a copy of the repository, and the copy's own tools judge it.
 */
const REPOSITORY = path.join(__dirname, '../..')
const COPIED = ['src', 'test', 'scripts', 'examples', 'docs', 'migrations']
const MINUTES = 60_000

describe('npm run new:provider', () => {
  let copy: string
  beforeAll(() => {
    copy = fs.mkdtempSync(path.join(os.tmpdir(), 'new-provider-'))
    const files = fs.readdirSync(REPOSITORY).filter((file) => /\.(json|mjs)$/.test(file))
    for (const name of [...COPIED, ...files, '.prettierrc.json'])
      fs.cpSync(path.join(REPOSITORY, name), path.join(copy, name), { recursive: true })
    fs.symlinkSync(path.join(REPOSITORY, 'node_modules'), path.join(copy, 'node_modules'))
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
    const args = ['--json', '--testLocationInResults=false', 'test/providers/acme']
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

  it(
    'writes a provider that compiles and lints, and lacks only the words of its bank',
    async () => {
      expect(await newProvider('acme')).toMatchObject({ code: 0 })
      const mine = ['src/providers/acme', 'test/providers/acme', 'src/providers/registry.ts']
      expect(await bin('typescript/bin/tsc', '--noEmit')).toEqual({ code: 0, out: '' })
      expect(await bin('eslint/bin/eslint.js', '--max-warnings', '0', ...mine)).toEqual({ code: 0, out: '' })
      expect((await bin('prettier/bin/prettier.cjs', '--check', ...mine)).code).toBe(0)

      const results = await suite()
      expect(Object.keys(results).length).toBeGreaterThan(50)
      expect(failed(results)).toEqual([
        'submit.accepts',
        'submit.settles',
        'submit.declines',
        // They need a payout that the bank has taken, in a word that statuses.ts knows.
        'lookup.settled',
        'lookup.declined',
        'lookup.returned',
        'lookup.unknown_status',
        'lookup.forgotten',
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
        ].map((fault) => `reading.${fault}`),
      ])

      // The author decides.
      const edit = (file: string, from: RegExp, to: string) => {
        const target = path.join(copy, 'src/providers/acme', file)
        fs.writeFileSync(target, fs.readFileSync(target, 'utf8').replace(from, to))
      }
      edit('statuses.ts', /\/\/ (?=[A-Z]+: ['{])/g, '')
      edit('index.ts', /keyLifetimeMs: 0/, 'keyLifetimeMs: 30 * DAY_MS')
      expect(failed(await suite())).toEqual([])
    },
    5 * MINUTES,
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
    MINUTES,
  )
})
