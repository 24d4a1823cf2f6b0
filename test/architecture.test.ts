import fs from 'node:fs'
import path from 'node:path'

/**
 * Goal: imports go one way. Method: read every import of src/ and hold it against the plan in docs/architecture.md.
 * A room is the longest folder (or file) of the plan that a file lies in.
 */
const SRC = path.join(__dirname, '../src')

/** What lies loose at the root, and why nothing else may: a reader has to see the plan, not a heap. */
const ROOT_FILES = ['errors.ts', 'index.ts', 'server.ts']

/** Leaves that every room may use: they know nothing of what this project does. */
const LEAVES = ['errors.ts', 'runtime/deadline.ts', 'runtime/parallel.ts']

const SERVICE_SPINE = [
  'services/transition.ts',
  'services/record-facts.ts',
  'services/raise.ts',
  'services/vault.ts',
  'services/sealed-box.ts',
]
const CORE = ['domain', 'ports']
const DECISIONS = [...CORE, 'db', ...SERVICE_SPINE]
/** What a provider sees: the contract, what providers share, the kinds of settings and two helpers of the domain. */
const PROVIDER = ['ports', 'domain', 'providers/definition.ts', 'providers/shared', 'settings/setting.ts']
/** One room each, alike: a new provider needs no line of its own here. */
const PROVIDERS = fs
  .readdirSync(path.join(SRC, 'providers'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'shared')
  .map(({ name }) => `providers/${name}`)

/** The plan. A room may import itself, the leaves, and what is listed here; a folder stands for all that is in it. */
const PLAN: Readonly<Record<string, readonly string[]>> = {
  // Entry points and what wires: they alone see everything.
  'index.ts': [
    'app',
    'db/connect',
    'domain/setting-names.ts',
    'kit',
    'ports',
    'providers/registry.ts',
    'runtime',
  ],
  'server.ts': [
    'app',
    'db/connect',
    'domain/setting-names.ts',
    'providers/registry.ts',
    'routes',
    'runtime',
    'sandbox',
    'settings',
    'ports',
  ],
  // Messages go out as the calls of providers do: with one client that guards where it calls.
  app: [...DECISIONS, 'services', 'workers', 'routes', 'settings', 'kit', 'runtime', 'providers/shared'],
  'kit/plugin': [
    'app',
    'kit',
    'db/connect',
    'domain/setting-names.ts',
    'ports',
    'providers/registry.ts',
    'routes',
    'runtime',
    'settings',
  ],

  'errors.ts': [],
  domain: [],
  ports: ['domain'],
  runtime: [...CORE],
  settings: [...CORE],
  'settings/setting.ts': [],

  'db/connect': ['ports'],
  'db/statements': [...CORE, 'db/row.ts', 'db/connect/database.ts'],
  'db/verify': [
    ...CORE,
    'db/row.ts',
    'db/trail.ts',
    'db/connect/database.ts',
    'db/connect/migrations.generated.ts',
  ],
  'db/row.ts': [...CORE],
  // What commands read and erase; nothing that runs imports it.
  'db/personal.ts': ['domain/destination.ts', 'db/retention.ts', 'db/row.ts', 'db/connect/database.ts'],
  'db/journal-months.ts': ['db/connect/database.ts'],
  'db/retention.ts': [
    'domain/destination.ts',
    'ports/payment-provider.ts',
    'db/row.ts',
    'db/unhurried.ts',
    'db/connect/database.ts',
  ],
  'db/trail.ts': [...CORE, 'db/row.ts', 'db/unhurried.ts', 'db/connect/database.ts'],
  'db/unhurried.ts': ['db/connect/database.ts'],
  'db/float.ts': [...CORE, 'db/row.ts', 'db/connect/database.ts'],
  'db/figures.ts': [
    ...CORE,
    ...['db/float.ts', 'db/watched.ts', 'db/row.ts', 'db/statements', 'db/connect/database.ts'],
  ],
  'db/concerns.ts': ['db/row.ts', 'db/connect/database.ts'],
  'db/watched.ts': [...CORE, 'db/concerns.ts', 'db/row.ts', 'db/connect/database.ts'],
  'db/endpoints.ts': ['db/row.ts', 'db/connect/database.ts'],
  'db/told-journal.ts': [...CORE, 'db/endpoints.ts', 'db/row.ts', 'db/connect/database.ts'],
  'db/notices.ts': [
    'domain/storable.ts',
    'db/concerns.ts',
    'db/row.ts',
    'db/told-journal.ts',
    'db/connect/database.ts',
  ],
  'db/deliveries.ts': ['db/row.ts', 'db/told-journal.ts', 'db/connect/database.ts'],
  'db/gates.ts': ['db/row.ts', 'db/grouping.ts', 'db/statements/given-sql.ts', 'db/connect/database.ts'],
  'db/settings-versions.ts': ['db/row.ts', 'db/connect/database.ts'],
  'db/presence.ts': [...CORE, 'db/row.ts', 'db/statements', 'db/connect/database.ts'],
  'db/sealed-values.ts': [...CORE, 'db/row.ts', 'db/connect/database.ts'],
  // Beside the store: the books held against what others say.
  'db/books': [...CORE, 'db/row.ts', 'db/connect/database.ts'],
  'db/grouping.ts': ['db/connect/database.ts'],
  'db/store.ts': [...CORE, 'db/row.ts', 'db/grouping.ts', 'db/statements', 'db/connect/database.ts'],

  'services/transition.ts': [...CORE, 'db'],
  'services/record-facts.ts': [...CORE, 'db', 'services/transition.ts'],
  'services/raise.ts': [...CORE, 'db'],
  'services/sealed-box.ts': [...CORE],
  'services/vault.ts': [...CORE, 'services/sealed-box.ts'],
  'services/sealed-documents.ts': [...CORE, 'services/sealed-box.ts'],
  'services/report-seal.ts': [...CORE, 'services/sealed-box.ts'],
  'services/key-rotation.ts': [...DECISIONS, 'services/sealed-documents.ts', 'services/report-seal.ts'],
  'services/trail-heads.ts': [...CORE, 'db/trail.ts'],
  'services/retention.ts': [...CORE, 'db/retention.ts'],
  'services/payouts': DECISIONS,
  // Who asks too often, and who guesses codes.
  'services/limits': [...CORE, 'db/gates.ts'],
  // What operators let happen: the versions of it, what it says to a withdrawal, and what it would have said.
  'services/policy': [...CORE, 'db'],
  'services/intake': [...DECISIONS, 'services/payouts', 'services/limits', 'services/policy'],
  'services/steps': [...DECISIONS, 'services/payouts'],
  'services/batches': [...DECISIONS, 'services/payouts', 'services/steps'],
  // Who is told what is confirmed as what else one could misuse.
  'services/events': [...DECISIONS, 'services/payouts', 'services/operate/approvals.ts'],
  'services/watch': [...DECISIONS, 'services/payouts', 'services/steps'],
  // Our rows against what the exchange and the providers list; asked again as the steps ask.
  'services/books': [...DECISIONS, 'services/payouts', 'services/steps', 'services/trail-heads.ts'],
  // What a person says is held against what the steps' own look-ups say.
  'services/operate': [
    ...DECISIONS,
    ...['services/payouts', 'services/steps', 'services/policy', 'services/report-seal.ts'],
  ],
  // What people set is held against the settings' own tables.
  'services/settings': [...DECISIONS, 'settings', 'services/operate'],

  workers: [...DECISIONS, 'services'],
  routes: [...DECISIONS, 'services', 'workers'],
  kit: [...CORE],
  sandbox: [...CORE, 'db/connect', 'kit/tools-lib.ts'],

  // It runs in other programs: all that it knows of this one is generated.
  client: [],

  'providers/definition.ts': ['settings'],
  'providers/registry.ts': ['providers'],
  'providers/shared': ['ports', 'domain'],
  ...Object.fromEntries(PROVIDERS.map((room) => [room, PROVIDER])),

  // The conformance suite judges a provider by the same functions as the engine, and publishes the sandbox as a fake.
  testing: [...DECISIONS, 'db/connect', 'services/payouts', 'runtime', 'sandbox', 'providers/sandbox'],
}

const FORBIDDEN_PACKAGES: Readonly<Record<string, RegExp>> = {
  domain: /^(?!big\.js$|node:crypto$)/,
  ports: /./,
  settings: /^(?!node:buffer$|node-cron$)/,
  services: /^(express|axios|pg|winston|node:fs|node:http)/,
  workers: /^(express|axios|pg)/,
  kit: /^(express|axios|pg|winston)/,
  // Of types alone, which nothing is left of in a page.
  client: /^(?!openapi-typescript-helpers$)/,
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
const isIn = (file: string, room: string): boolean => file === room || file.startsWith(`${room}/`)
const roomOf = (file: string): string | undefined =>
  Object.keys(PLAN)
    .filter((room) => isIn(file, room))
    .sort((a, b) => b.length - a.length)[0]
const targetsOf = (file: string): string[] =>
  importsOf(file)
    .filter((specifier) => specifier.startsWith('.'))
    .map((specifier) => resolve(file, specifier))

/** The first circle that following `edges` from each of `nodes` runs into. */
function circleIn(nodes: Iterable<string>, edges: (node: string) => Iterable<string>): string | null {
  const done = new Set<string>()
  const visit = (node: string, trail: readonly string[]): string | null => {
    if (trail.includes(node)) return [...trail, node].join(' -> ')
    if (done.has(node)) return null
    for (const next of edges(node)) {
      const circle = visit(next, [...trail, node])
      if (circle) return circle
    }
    done.add(node)
    return null
  }
  for (const node of nodes) {
    const circle = visit(node, [])
    if (circle) return circle
  }
  return null
}

describe('the imports of src/', () => {
  it('leave nothing loose at the root but the package, the server and the errors', () => {
    expect(files.filter((file) => !file.includes('/')).sort()).toEqual(ROOT_FILES)
  })

  it.each(files)('%s lies in a room of the plan and imports what that room may', (file) => {
    const room = roomOf(file)
    expect(room).toBeDefined()
    const allowed = [room ?? '', ...(PLAN[room ?? ''] ?? []), ...LEAVES]
    expect(targetsOf(file).filter((target) => !allowed.some((place) => isIn(target, place)))).toEqual([])

    const forbidden = FORBIDDEN_PACKAGES[room?.split('/')[0] ?? '']
    // What a kit starts is an entry point: it may hold an Express type.
    const packages = importsOf(file).filter((specifier) => !specifier.startsWith('.'))
    expect(room === 'kit/plugin' ? [] : packages.filter((name) => forbidden?.test(name) ?? false)).toEqual([])
  })

  // The plugin is built without the rest of it: scripts/build/instead.
  it('ask express-validator for chains in one place, and for their results in another', () => {
    expect(files.filter((file) => importsOf(file).includes('express-validator'))).toEqual([
      'routes/checked.ts',
      'routes/http.ts',
    ])
  })

  it('know every room of the plan', () => {
    expect(Object.keys(PLAN).filter((room) => !files.some((file) => isIn(file, room)))).toEqual([])
  })

  it('are not what the pages know: of all this they take the client alone', () => {
    const web = path.join(SRC, '../web')
    const wrong = fs
      .readdirSync(web, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file))
      .flatMap((file) => {
        const text = fs.readFileSync(path.join(web, file), 'utf8')
        const taken = [...text.matchAll(/from '[./]+\/src\/([^']+)'/g)].map(([, target]) => String(target))
        return taken.filter((target) => !isIn(target, 'client')).map((target) => `${file} -> ${target}`)
      })
    expect(wrong).toEqual([])
  })

  it('never go from one provider to another', () => {
    const ofProvider = (file: string) => /^providers\/([a-z0-9-]+)\//.exec(file)?.[1]
    const wrong = files.flatMap((file) =>
      targetsOf(file)
        .filter((target) => {
          const [from, to] = [ofProvider(file), ofProvider(target)]
          return from !== undefined && to !== undefined && to !== 'shared' && from !== to
        })
        .map((target) => `${file} -> ${target}`),
    )
    expect(wrong).toEqual([])
  })

  it('have no circle of files', () => {
    expect(circleIn(files, targetsOf)).toBeNull()
  })

  it('have no circle of rooms', () => {
    const rooms = new Map<string, Set<string>>()
    for (const file of files) {
      const from = roomOf(file) ?? file
      const onward = rooms.get(from) ?? new Set<string>()
      for (const target of targetsOf(file)) {
        const to = roomOf(target) ?? target
        if (to !== from) onward.add(to)
      }
      rooms.set(from, onward)
    }
    expect(circleIn(rooms.keys(), (room) => rooms.get(room) ?? [])).toBeNull()
  })

  it('decide nothing by a reason code, which is for people', () => {
    const decisions = /reasonCode\s*[!=]==\s*'|reason_code\s*(?:=|<>|in|is distinct from)\s*\(?'/
    const deciding = files.filter((file) =>
      decisions.test(fs.readFileSync(path.join(SRC, file), 'utf8').replaceAll('\n', ' ')),
    )
    // The migrations are copied into one file; what they bring over was decided by before.
    expect(deciding).toEqual(['db/connect/migrations.generated.ts'])
  })

  it('write the state in one place', () => {
    const writers = files.filter((file) =>
      /(change(States|Rows|Each|Alike)|moveAlike)\(/.test(fs.readFileSync(path.join(SRC, file), 'utf8')),
    )
    expect(writers.sort()).toEqual([
      'db/statements/change-alike.ts',
      'db/statements/change-state.ts',
      'db/statements/freeze-batch.ts',
      // Groups what the one place writes at the same moment.
      'db/store.ts',
      'services/transition.ts',
    ])
  })

  it('keep nothing from one test file to the next but what is the same for all', () => {
    const variable = /^(export )?(let|var) /m
    const filledLater = /^(export )?const \w+ = new (Map|Set)(<.+>)?\(\)/m
    const keeping = files.filter((file) => {
      const text = fs.readFileSync(path.join(SRC, file), 'utf8')
      return variable.test(text) || filledLater.test(text)
    })
    expect(keeping.sort()).toEqual([
      // The text of a statement by its kind of move or its length, the clocks of Brussels, what no line of text may hold,
      // random bytes drawn ahead, when a schedule fires, and which names of fields are secret.
      ...['db/statements/change-alike.ts', 'db/statements/insert-sql.ts'],
      ...['providers/sepa/calendar.ts', 'routes/described.ts'],
      ...['runtime/clock.ts', 'runtime/next-run.ts', 'runtime/redacting.ts'],
    ])
  })
})
