import fs from 'node:fs'

import express, { type RequestHandler } from 'express'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

import { readUserPage } from '../../src/app/desk-page'
import { pageRoutes } from '../../src/routes/desk'
import { frontDoor } from '../../src/sandbox/front-door'
import { openTestDatabase, type TestDatabase } from '../helpers/databases'
import { listen, type Listener } from '../helpers/listen'
import { BASE, type World } from '../helpers/world'
import { openBrowser } from './chromium'

/** What a visitor of the standalone server meets, around a world whose clock a test moves. */
const serve = (world: World, ...before: RequestHandler[]): Promise<Listener> => {
  const host = express()
  for (const handler of before) host.use(handler)
  host.use(world.app.router)
  const page = pageRoutes(readUserPage, BASE)
  host.use(frontDoor({ tokens: world.kit.tokens, isPlayMoney: () => true, page }))
  return listen(host)
}

/** What the tests of a file play on: one database and one browser for all, and what a test opens is closed after it. */
export interface Stage {
  readonly database: TestDatabase
  serve(...given: Parameters<typeof serve>): Promise<Listener>
  visit(options?: BrowserContextOptions): Promise<Visit>
  /** For a test that comes here twice. */
  clear(): Promise<void>
}

export function createStage(): Stage {
  let database: TestDatabase
  let browser: Browser
  const open: { close(): unknown }[] = []
  const kept = <Opened extends { close(): unknown }>(opened: Opened): Opened => {
    open.push(opened)
    return opened
  }
  /** Pages before the servers that they speak to. */
  const clear = async () => {
    for (const opened of open.splice(0).reverse()) await opened.close()
  }
  jest.setTimeout(120_000)
  beforeAll(async () => {
    database = await openTestDatabase('PostgreSQL')
    browser = await openBrowser()
  }, 60_000)
  afterEach(clear)
  afterAll(async () => {
    await browser.close()
    await database.close()
  })
  return {
    get database() {
      return database
    },
    serve: async (...given) => kept(await serve(...given)),
    visit: async (options) => kept(await visit(browser, options)),
    clear,
  }
}

export interface Visit {
  readonly page: Page
  /** What went wrong in the page: errors, refused scripts, failed requests to others. */
  readonly complaints: string[]
  close(): Promise<void>
}

async function visit(browser: Browser, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  // How long a machine with other work may take; a page that is broken fails a moment later for it.
  context.setDefaultTimeout(20_000)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('dialog', (dialog) => {
    complaints.push(`a script ran: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('console', (message) => {
    // What the server refuses is shown to the person, and is for the tests of each page.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text())
  })
  return { page, complaints, close: () => context.close() }
}

/** Where operators come in: the page for users leads there. */
export const DESK = `${BASE}/admin/?sandbox`

/** As an operator comes in: the address, and one click. */
export async function enter(page: Page, url: string): Promise<void> {
  await page.goto(`${url}${DESK}`)
  await page.getByRole('button', { name: 'Enter as the sandbox’s operator' }).click()
  await page.getByRole('heading', { name: 'What needs you now' }).waitFor()
}

const AXE = fs.readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

/** Rules that a page breaks, with the place; a page's policy lets no script in, so it is evaluated. */
export async function violationsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE)
  return page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: {
        run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>
      }
    }
    const { violations } = await axe.run()
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`),
    )
  })
}

export const scrollsSideways = (page: Page): Promise<boolean> =>
  page.evaluate('document.documentElement.scrollWidth > window.innerWidth')

export const goTo = (page: Page, place: string): Promise<void> =>
  page.evaluate(`window.location.hash = ${JSON.stringify(`#/${place}`)}; undefined`)

/** Where the keyboard is, and whether one sees that it is there. */
export const focused = (page: Page): Promise<{ name: string; isSeen: boolean }> =>
  page.evaluate(`(() => {
    const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement)
    return {
      name: document.activeElement.textContent,
      isSeen: outlineStyle === 'solid' && parseFloat(outlineWidth) >= 2,
    }
  })()`)
