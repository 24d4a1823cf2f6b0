import request from 'supertest'

import { pluginScript } from '../../../scripts/build/plugin'
import { until } from '../../helpers/until'
import { fakeToken } from '../fake-bearer-check'

export const BASE = '/plugins/bank/withdrawal'

export const bearer = (scopes: readonly string[] = ['user'], userId = 1): string =>
  `Bearer ${fakeToken({ sub: { id: userId }, scopes })}`

let built: Promise<string> | null = null
/** Built once for all tests of a file. */
export const script = (): Promise<string> => (built ??= pluginScript())

/** The plugin starts by itself; until then it answers 503. */
export const untilReady = (url: string): Promise<void> =>
  until(async () => (await request(url).get(`${BASE}/health`)).status === 200)
