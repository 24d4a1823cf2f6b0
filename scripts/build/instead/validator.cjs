/**
 * Of its hundred kinds of text, with the alphabets, postcodes and passports of the world, we ask for none: our validators
 * are functions of our own, and src/routes/checked.ts asks for nothing else.
 */
module.exports = new Proxy(
  {},
  {
    get(_target, name) {
      throw new Error(`validator.${String(name)} is left out of the plugin: see scripts/build/instead.`)
    },
  },
)
