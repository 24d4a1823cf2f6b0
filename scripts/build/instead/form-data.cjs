/** What we send is a text, and never a form; axios only has to know one when it sees it. */
module.exports = class FormData {
  constructor() {
    throw new Error('form-data is left out of the plugin: see scripts/build/instead.')
  }
}
