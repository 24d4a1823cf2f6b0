/** The one function of it that a kit calls. */
declare module 'uglify-js' {
  interface Options {
    readonly module?: boolean
    readonly output?: { readonly quote_style?: number }
  }
  export function minify(script: string, options?: Options): { readonly code: string; readonly error?: Error }
}
