import path from 'node:path'

import { build, type Plugin } from 'esbuild'
import type { Page } from 'playwright-core'

import { webViewAt } from '../../scripts/build/plugin'
import { BASE, World } from '../helpers/world'
import { createStage, scrollsSideways, violationsOf } from './support'

/**
 * Goal: users of a kit have our page where its own form was, within what a kit's web app offers and its API lets anybody
 * ask. Method: the real loader with the React of the kit, in a page that has a kit's theme and styles around it.
 */
const [REQUESTS_MAX, WITHIN_MS] = [8, 120_000]
const SITE = '/wallet/eur/withdraw'

const stage = createStage()
let host: string

beforeAll(async () => {
  host = await hostPage()
}, 60_000)

/** The loader can also run on a server, by modules of Node's that a browser never asks for. */
const withoutNode: Plugin = {
  name: 'without-node',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^https?$/ }, ({ path: name }) => ({ path: name, namespace: 'node' }))
    onLoad({ filter: /.*/, namespace: 'node' }, () => ({ contents: '' }))
  },
}

/** What a kit's web app does with a view: its loader, its React, and of other modules none that we may need. */
async function hostPage(): Promise<string> {
  const { outputFiles } = await build({
    stdin: {
      resolveDir: path.join(__dirname, '../..'),
      contents: `
        import React from 'react'
        import ReactDOM from 'react-dom'
        import { createRemoteComponent, createRequires } from '@paciolan/remote-component'
        const asked = (window.asked = [])
        const requires = createRequires({ react: React })
        const RemoteComponent = createRemoteComponent({
          requires: (name) => { asked.push(name); return requires(name) },
        })
        window.draw = (props) => new Promise((resolve) => {
          window.version = React.version
          ReactDOM.render(React.createElement(RemoteComponent, props), document.getElementById('root'), resolve)
        })`,
    },
    ...{ bundle: true, write: false, format: 'iife', minify: true },
    plugins: [withoutNode],
    define: { 'process.env.NODE_ENV': '"production"', 'process.env.VERSION': '"kit"', global: 'window' },
  })
  return String(outputFiles[0]?.text).replaceAll('</script', '<\\/script')
}

interface Site {
  readonly world: World
  readonly page: Page
  readonly src: string
  readonly complaints: readonly string[]
  /** How often each address was asked for, as a kit counts. */
  readonly asked: ReadonlyMap<string, number[]>
  readonly passes: (ms: number) => Promise<void>
}

/** An exchange's web app at its withdrawal page, where our view stands for the target of every fiat currency. */
async function openSite(props: Record<string, unknown> = {}, background = '#101827'): Promise<Site> {
  const world = await World.create(stage.database)
  const asked = new Map<string, number[]>()
  let nowMs = 0
  const listener = await stage.serve(
    world,
    (req, res, next) => {
      if (req.path !== SITE) return next()
      res.type('html').send(`<!doctype html><html lang="en"><title>Exchange</title>
        <style>body { background: ${background}; color: #eee; font: 13px serif; text-transform: uppercase }
        button { text-transform: uppercase; border-radius: 0 } dl dt { float: left }</style>
        <body><main><h1>Withdraw EUR</h1><div id="root" style="max-width: 640px"></div></main><script>${host}</script>`)
    },
    (req, res, next) => {
      if (!req.path.startsWith(BASE)) return next()
      const times = (asked.get(req.path) ?? []).filter((at) => nowMs - at < WITHIN_MS)
      asked.set(req.path, [...times, nowMs])
      if (times.length < REQUESTS_MAX) return next()
      return res.status(429).json({ message: 'Too many requests. Please try again later.' })
    },
  )
  const view = await webViewAt(listener.url)
  const here = await stage.visit({ locale: 'en-GB', colorScheme: 'light' })
  const { page, complaints } = here
  await page.clock.install()
  await page.goto(`${listener.url}${SITE}`)
  const given = {
    ...{ url: view.src, plugin_url: listener.url, token: world.token(), currency: 'eur' },
    ...{ user: { id: 1, settings: { language: 'en' } }, activeLanguage: 'en', ...props },
  }
  await page.evaluate(`draw(${JSON.stringify(given)})`)
  const passes = async (ms: number) => {
    nowMs += ms
    await page.clock.runFor(ms)
  }
  return { world, page, src: view.src, complaints, asked, passes }
}

describe('the page in a kit’s web app', () => {
  it('is loaded by the kit’s loader at the address that the plugin names, and pays', async () => {
    const { world, page, complaints, asked, src } = await openSite()
    await page.getByText('Your balance: €10,000.00').waitFor()
    expect(await page.evaluate('[version, ...new Set(asked)]')).toEqual(['16.13.1', 'react'])
    expect(src).toMatch(/\/plugins\/bank\/withdrawal\/web\/withdraw\.[0-9a-f]{16}\.js$/)
    // The kit's page has chosen the currency.
    expect(await page.getByLabel('Currency').count()).toBe(0)
    await page.getByLabel('Amount').fill('10')
    expect(await violationsOf(page)).toEqual([])
    await page.getByRole('button', { name: 'Review' }).click()
    await page.getByRole('button', { name: 'Withdraw €10.00' }).dblclick()
    await page.getByText('The bank has paid.').waitFor()
    expect(await violationsOf(page)).toEqual([])
    expect(await scrollsSideways(page)).toBe(false)
    expect(await world.rows()).toEqual([expect.objectContaining({ state: 'processed' })])
    expect(asked.get(`${BASE}/`)).toHaveLength(1)
    expect(complaints).toEqual([])
  })

  it('is as dark as the page around it, whatever the system says, and keeps that page’s styles out', async () => {
    const themeOf = (page: Page) => page.locator('.bw').getAttribute('data-theme')
    const { page } = await openSite()
    const review = page.getByRole('button', { name: 'Review' })
    await review.waitFor()
    expect(await themeOf(page)).toBe('dark')
    const typed = `getComputedStyle(document.querySelector('.bw button[type=submit]')).textTransform`
    expect(await page.evaluate(typed)).toBe('none')
    await stage.clear()
    const { page: light } = await openSite({}, '#ffffff')
    await light.getByRole('button', { name: 'Review' }).waitFor()
    expect(await themeOf(light)).toBe('light')
  })

  it('speaks the language of the kit, and not that of the browser', async () => {
    const { page } = await openSite({ activeLanguage: 'es' })
    await page.getByRole('button', { name: 'Revisar' }).waitFor()
  })

  it('follows a withdrawal for minutes without asking more often than a kit lets it', async () => {
    const { page, passes, asked } = await openSite()
    await page.getByLabel('Amount').fill('10.04')
    await page.getByRole('button', { name: 'Review' }).click()
    await page.getByRole('button', { name: 'Withdraw €10.04' }).click()
    await page.getByText('This page follows it by itself.').waitFor()
    for (let steps = 0; steps < 30; steps++) {
      await passes(10_000)
      // What was asked for before this has reached the server by now.
      await page.evaluate(`fetch('/').then(() => undefined)`)
    }
    expect(asked.size).toBeGreaterThan(3)
    expect(Math.max(...[...asked.values()].map((times) => times.length))).toBeLessThanOrEqual(REQUESTS_MAX)
    expect(await page.getByRole('alert').count()).toBe(0)
  })
})
