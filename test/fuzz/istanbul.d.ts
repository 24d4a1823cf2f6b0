declare module 'istanbul-lib-instrument' {
  export function createInstrumenter(options: { compact: boolean; coverageVariable: string }): {
    instrumentSync(code: string, name: string): string
  }
}
