/**
 * Bank withdrawals in an app whose users sign in with a cookie: `node --import tsx examples/session-app.ts`. What a browser
 * holds is a session's id and nothing else; the plugin is asked with the token that the session keeps on the server.
 */
import { randomBytes, scryptSync, timingSafeEqual } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import path from 'node:path'

import { build } from 'esbuild'
import express, { type Express, type RequestHandler, Router } from 'express'
import session from 'express-session'
import { createBankWithdrawals, type Logger } from 'hollaex-bank-withdrawal'
import { sandboxProvider } from 'hollaex-bank-withdrawal/providers/sandbox'
import { openSandboxKit } from 'hollaex-bank-withdrawal/testing'

const WITHDRAWALS = '/plugins/bank/withdrawal'
/** Not of a browser's, and signed by whoever sends them. */
const WEBHOOKS = `${WITHDRAWALS}/webhooks/`

interface Person {
  readonly id: number
  readonly name: string
  readonly scopes: readonly string[]
  readonly salt: Buffer
  readonly hash: Buffer
}

declare module 'express-session' {
  interface SessionData {
    /** Known to pages of ours alone; another site cannot read it, and so cannot send it. */
    csrf: string
    person: { readonly id: number; readonly name: string }
    /** The exchange's own token of this person, as its sign-in hands it out. */
    token: string
  }
}

/** @param sign The exchange's token of one of its users. */
export function withSessions(people: readonly Person[], sign: (person: Person) => string): Router {
  const app = Router()
  app.use(
    session({
      name: 'sid',
      secret: process.env.SESSION_SECRET ?? randomBytes(32).toString('hex'),
      resave: false,
      saveUninitialized: false,
      // In production also `secure`, and a store that outlives the process in place of this one in memory.
      cookie: { httpOnly: true, sameSite: 'lax', maxAge: 30 * 60_000 },
    }),
  )
  app.use(refuseForgeries)
  app.use('/session', sessionRoutes(people, sign))
  app.use(WITHDRAWALS, (req, _res, next) => {
    // Whatever a browser says of itself here, the session alone decides.
    delete req.headers.authorization
    if (req.session.token !== undefined) req.headers.authorization = `Bearer ${req.session.token}`
    next()
  })
  return app
}

/** A cookie comes along whoever made the request; what changes something has to show that a page of ours did. */
const refuseForgeries: RequestHandler = (req, res, next) => {
  if (['GET', 'HEAD', 'OPTIONS'].includes(req.method) || req.originalUrl.startsWith(WEBHOOKS)) return next()
  const [given, known] = [req.get('X-CSRF-Token') ?? '', req.session.csrf ?? '']
  const isOurs = known !== '' && given.length === known.length && timingSafeEqual(bytes(given), bytes(known))
  return isOurs ? next() : res.status(403).json({ code: 'forbidden', message: 'Load the page again.' })
}
const bytes = (text: string) => Buffer.from(text, 'latin1')

function sessionRoutes(people: readonly Person[], sign: (person: Person) => string): Router {
  const routes = Router()
  routes.use(express.json())
  routes.get('/', (req, res) => {
    req.session.csrf ??= randomBytes(24).toString('base64url')
    res.json({ person: req.session.person ?? null, csrf: req.session.csrf })
  })
  routes.post('/', (req, res, next) => {
    const { name, password } = req.body as { name?: unknown; password?: unknown }
    const person = people.find((known) => known.name === name)
    if (!person || !isPassword(person, String(password)))
      return void res.status(401).json({ message: 'This name and this password do not go together.' })
    // Another id: one that somebody knew before is worth nothing now.
    req.session.regenerate((problem?: Error) => {
      if (problem) return next(problem)
      const csrf = randomBytes(24).toString('base64url')
      Object.assign(req.session, { csrf, token: sign(person), person: { id: person.id, name: person.name } })
      res.json({ person: req.session.person, csrf })
    })
  })
  routes.delete('/', (req, res, next) =>
    req.session.destroy((problem?: Error) =>
      problem ? next(problem) : void res.clearCookie('sid').json({}),
    ),
  )
  return routes
}

const isPassword = ({ salt, hash }: Person, password: string): boolean =>
  timingSafeEqual(hash, scryptSync(password, salt, 32))

function person(id: number, name: string, password: string, scopes: readonly string[]): Person {
  const salt = randomBytes(16)
  return { id, name, scopes, salt, hash: scryptSync(password, salt, 32) }
}

/** @param logger A winston logger, for instance; JSON lines on stdout when left out. */
export async function addSessionsAndWithdrawals(app: Express, logger?: Logger) {
  const { kit, database } = await openSandboxKit()
  const people = [person(1, 'ada', 'sandbox', ['user']), person(2, 'grace', 'sandbox', ['user', 'admin'])]
  const plugin = createBankWithdrawals({
    ...{ toolsLib: kit.toolsLib, providers: [sandboxProvider()], database },
    config: { statementText: 'Example Exchange' },
    ...(logger && { logger }),
  })
  app.use(withSessions(people, ({ id, scopes }) => kit.tokens.sign(id, [...scopes])))
  app.use(plugin.router)
  app.use(await page())
  await plugin.start()
  return { stop: () => plugin.stop().then(() => database.close()) }
}

/** examples/page, bundled as your own build would. */
async function page(): Promise<Router> {
  const place = path.join(__dirname, 'page')
  const { outputFiles } = await build({
    ...{
      entryPoints: [path.join(place, 'page.js')],
      bundle: true,
      write: false,
      format: 'esm',
      target: 'es2022',
    },
  })
  const routes = Router()
  routes.get('/', (_req, res) => res.sendFile(path.join(place, 'index.html')))
  routes.get('/page.js', (_req, res) => void res.type('js').send(outputFiles[0]?.text))
  return routes
}

async function main(): Promise<void> {
  const app = express()
  const { stop } = await addSessionsAndWithdrawals(app)
  const server = app.listen(Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo
    console.log(`Open http://127.0.0.1:${port}/ and sign in as ada, password sandbox.`)
  })
  process.once('SIGINT', () => {
    server.close()
    void stop()
  })
}

if (require.main === module) void main()
