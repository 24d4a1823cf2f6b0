/** Of its hundreds of alphabets a JSON body may only have UTF-8 (RFC 8259, section 8.1); all others get a 415. */
const { StringDecoder } = require('node:string_decoder')

const encodingExists = (name) => /^utf-?8$/i.test(String(name))

module.exports = {
  encodingExists,
  decode: (bytes) => bytes.toString('utf8'),
  getDecoder(name) {
    // The words by which raw-body knows this error.
    if (!encodingExists(name)) throw new Error(`Encoding not recognized: ${String(name)}`)
    return new StringDecoder('utf8')
  },
}
