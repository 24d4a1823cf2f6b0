import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

import type { ApiPage } from '../routes/api-page'

/** Beside what is built; see scripts/build.ts. */
const CARRIED = path.join(__dirname, '..')
const BUILDER = path.join(__dirname, '../../web/build.cjs')

interface Builder {
  readonly buildDesk: () => Promise<string>
  readonly buildUserPage: () => Promise<string>
  readonly buildWebView: () => Promise<WebView>
  readonly buildApiPage: () => Promise<ApiPage>
}

/** The users' page for a kit's loader: its name changes with its text. */
export interface WebView {
  readonly name: string
  readonly text: string
}

/**
 * The operators' page, one HTML. A package carries it; from source it is made of web/ when it is first asked for, by
 * what runs the source.
 *
 * @throws Where there is neither: what was installed is not whole.
 */
export const readDeskPage = (): Promise<string | null> =>
  carriedOr('desk.html', ({ buildDesk }) => buildDesk())

/** The standalone server's page for users; as with the operators'. */
export const readUserPage = (): Promise<string> =>
  carriedOr('user.html', ({ buildUserPage }) => buildUserPage())

/** What a kit's web view loads; as with the operators' page. */
export async function readWebView(): Promise<WebView> {
  const text = await carriedOr('web-view.json', async ({ buildWebView }) =>
    JSON.stringify(await buildWebView()),
  )
  return JSON.parse(text) as WebView
}

/** The API's description for people; as with the operators' page. */
export async function readApiPage(): Promise<ApiPage | null> {
  const text = await carriedOr('api-page.json', async ({ buildApiPage }) =>
    JSON.stringify(await buildApiPage()),
  )
  return JSON.parse(text) as ApiPage
}

async function carriedOr(name: string, make: (builder: Builder) => Promise<string>): Promise<string> {
  const file = path.join(CARRIED, name)
  if (fs.existsSync(file)) return fs.promises.readFile(file, 'utf8')
  return make(createRequire(__filename)(BUILDER) as Builder)
}
