import { type KitScope, loadPlugin } from './load-plugin'

/** What a kit puts into the scope of a script. Free names: `this` is undefined in a bundle's functions. */
declare const app: KitScope['app']
declare const toolsLib: KitScope['toolsLib']
declare const loggerPlugin: KitScope['loggerPlugin']
declare const meta: unknown
declare const publicMeta: unknown

loadPlugin({ app, toolsLib, loggerPlugin, meta, publicMeta, environment: process.env })
