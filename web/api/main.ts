/** Of Swagger UI, which its own bundle puts there before this runs: what is used here. */
declare const SwaggerUIBundle: (options: {
  readonly url: string
  readonly dom_id: string
  readonly deepLinking: boolean
  readonly docExpansion: 'list'
  readonly defaultModelsExpandDepth: number
  readonly supportedSubmitMethods: readonly string[]
  readonly plugins: readonly ((system: System) => unknown)[]
  readonly onComplete: () => void
}) => unknown

interface System {
  readonly React: {
    readonly createElement: (what: unknown, properties: object | null, ...children: unknown[]) => unknown
  }
}

/** Its dark colours hang on a class, and not on what the person's system says. */
const dark = window.matchMedia('(prefers-color-scheme: dark)')
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches)
dark.addEventListener('change', follow)
follow()

/** Beside this page, wherever a host has mounted the two. */
const { pathname } = window.location
const url = `${pathname.replace(/\/docs\/?$/, '')}/openapi.json`

/** The line of a route is a button, and so is that of a tag: a link in it is none that a keyboard or a reader finds. */
const withoutLinksInButtons = ({ React }: System) => ({
  components: { DeepLink: ({ text }: { text: unknown }) => React.createElement('span', null, text) },
})

/** Its tags are headings of the third rank, behind one of the first. */
const withoutGapInHeadings = ({ React: { createElement } }: System) => ({
  wrapComponents: {
    operations: (Original: unknown) => (properties: object) =>
      createElement(
        'div',
        null,
        createElement('h2', { className: 'unseen' }, 'Routes'),
        createElement(Original, properties),
      ),
  },
})

SwaggerUIBundle({
  url,
  dom_id: '#api',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  // What only looks may be tried here. What moves money asks for a key per attempt, which no form of this page keeps.
  supportedSubmitMethods: ['get'],
  plugins: [withoutLinksInButtons, withoutGapInHeadings],
  onComplete: () => {
    const named = {
      '#servers': 'Server',
      '.information-container': 'About',
      '.scheme-container': 'Server and token',
    }
    for (const [at, name] of Object.entries(named)) {
      const part = document.querySelector(at)
      part?.setAttribute('aria-label', name)
      if (at !== '#servers') part?.setAttribute('role', 'region')
    }
  },
})
