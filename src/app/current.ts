import type { SettingsStore, SettingsVersion } from '../db/settings-versions'
import { ConfigError, describeError, errorFields } from '../errors'
import type { Logger } from '../ports/logger'
import type { SettingSecrets } from '../services/settings/secrets'
import { compose, type CompositionSources, type Parts } from './composition'
import { playedBefore } from './play-money'
import type { Run } from './run'
import type { AppliedParts } from './settings-part'

/**
 * The run that serves and works now. Another version of the settings is another run: it is made and opened while the old
 * one goes on, takes its place in one step, and the old one ends behind it with what it has in hand.
 */
export interface Current {
  /** Begins with the latest version that works. @throws {ConfigError} None does, not even with nothing stored. */
  start(): Promise<void>
  run(): Run
  applied(): AppliedParts
  /**
   * Takes up the latest version where that is another one. Never throws: a version that cannot work here changes nothing
   * but `applied().problems`.
   */
  apply(): Promise<void>
  /** Resolves when every run has ended. */
  stop(): Promise<void>
}

export interface CurrentDeps {
  readonly store: Pick<SettingsStore, 'latestVersion' | 'list'>
  readonly secrets: SettingSecrets
  readonly sources: CompositionSources
  readonly createRun: (parts: Parts) => Promise<Run>
  readonly logger: Logger
}

/** How many versions back one that works is looked for. */
const PAGE = 50

interface Standing {
  readonly run: Run
  readonly version: number
}

export function createCurrent(deps: CurrentDeps): Current {
  const { store, createRun, logger } = deps
  let standing: Standing | null = null
  let isStopping = false
  const told = createTold(logger)
  /** The latest that was looked at, and need not be looked at again. */
  let judged = -1
  let changing: Promise<void> = Promise.resolve()
  const ending = new Set<Promise<void>>()

  const partsOf = createPartsOf(deps)

  function takeOver(next: Standing): void {
    const last = standing
    standing = next
    next.run.begin()
    if (!last) return
    const end = endOf(last.run, logger).then(() => {
      ending.delete(end)
    })
    ending.add(end)
  }

  async function applyOnce(): Promise<void> {
    const latest = await store.latestVersion()
    if (!standing || isStopping || latest === judged) return
    if (latest === standing.version) {
      judged = latest
      return told.clear()
    }
    const [version] = await store.list({ limit: 1 })
    if (!version) return
    try {
      const parts = await partsOf(version)
      // From here on a failure may pass, of a folder for instance: it is tried again at the next look.
      takeOver({ run: await createRun(parts), version: version.version })
      judged = version.version
      told.clear()
      logger.info('settings.effective', { version: version.version })
    } catch (error) {
      if (error instanceof BadVersion) judged = version.version
      told.report(version.version, problemsIn(error))
    }
  }

  const current = (): Standing => {
    if (!standing) throw new Error('The plugin has not been started.')
    return standing
  }

  return {
    async start() {
      told.clear()
      const found = await lastGood(deps, partsOf, told)
      if (told.problems().length > 0) logger.error('settings.fallen_back', { to: found.version })
      takeOver(found)
    },
    run: () => current().run,
    applied: () => ({ version: current().version, problems: told.problems(), parts: current().run.parts }),
    apply() {
      changing = changing.then(applyOnce).catch((error: unknown) => {
        logger.warn('settings.not_read', errorFields(error))
      })
      return changing
    },
    async stop() {
      // What is being taken up at this moment is the last; it ends like every other.
      isStopping = true
      await changing
      if (standing) await endOf(standing.run, logger)
      standing = null
      await Promise.allSettled(ending)
    },
  }
}

/** From the latest back to none, and never into play money; what nothing stored makes is the last that is left. */
async function lastGood(
  { store, sources, createRun, logger }: CurrentDeps,
  partsOf: ReturnType<typeof createPartsOf>,
  told: ReturnType<typeof createTold>,
): Promise<Standing> {
  let latest: SettingsVersion | null = null
  for await (const version of versionsBack(store)) {
    latest ??= version
    try {
      const parts = await partsOf(version)
      const played = playedBefore(parts, version.given, latest.given, sources)
      if (played.length === 0) return { run: await createRun(parts), version: version.version }
      const explanation = 'These pay nobody, and the latest version pays otherwise.'
      logger.error('settings.not_fallen_back', { to: version.version, providers: played, explanation })
    } catch (error) {
      if (told.problems().length === 0) told.report(version.version, problemsIn(error))
    }
  }
  const bare = compose(sources, {})
  if (!bare.parts) throw new ConfigError([...bare.problems, ...told.problems()])
  return { run: await createRun(bare.parts), version: 0 }
}

async function endOf(run: Run, logger: Logger): Promise<void> {
  try {
    await run.end()
  } catch (error) {
    logger.error('settings.old_run_failed', errorFields(error))
  }
}

/** What is wrong with the latest version, told loudly and once for each cause. */
function createTold(logger: Logger) {
  let problems: readonly string[] = []
  let last = ''
  return {
    problems: () => problems,
    report(version: number, found: readonly string[]): void {
      problems = found.map((problem) => `version ${version} of the settings is not in effect: ${problem}`)
      const saying = problems.join()
      if (saying !== last) logger.error('settings.not_effective', { version, problems: found })
      last = saying
    },
    clear(): void {
      problems = []
      last = ''
    },
  }
}

/** The latest first. */
export async function* versionsBack(store: Pick<SettingsStore, 'list'>): AsyncGenerator<SettingsVersion> {
  for (let before: number | undefined; ;) {
    const page = await store.list({ limit: PAGE, ...(before !== undefined && { before }) })
    yield* page
    before = page.at(-1)?.version
    if (before === undefined || page.length < PAGE) return
  }
}

/** @throws {BadVersion} */
const createPartsOf =
  ({ secrets, sources }: Pick<CurrentDeps, 'secrets' | 'sources'>) =>
  async ({ version, given }: SettingsVersion): Promise<Parts> => {
    const { values, lost } = await secrets.open(given)
    const composed = compose(sources, values)
    const unreadable = lost.map((name) => `${name} cannot be opened: its key is missing, or it was changed`)
    if (!composed.parts || lost.length > 0)
      throw new BadVersion(version, [...unreadable, ...composed.problems])
    return composed.parts
  }

/** It will not work here, however often it is tried. */
class BadVersion extends Error {
  override readonly name = 'BadVersion'

  constructor(
    readonly version: number,
    readonly problems: readonly string[],
  ) {
    super('The stored settings cannot work.')
  }
}

const problemsIn = (error: unknown): readonly string[] =>
  error instanceof BadVersion ? error.problems : [describeError(error).message]
