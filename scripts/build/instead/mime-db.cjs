/** Of 2,500 media types the few that the plugin sends or reads. */
module.exports = {
  'application/json': { charset: 'UTF-8', compressible: true, extensions: ['json'] },
  'application/octet-stream': { extensions: ['bin'] },
  'application/x-www-form-urlencoded': { compressible: true },
  'application/xml': { compressible: true, extensions: ['xml'] },
  'multipart/form-data': {},
  'text/csv': { compressible: true, extensions: ['csv'] },
  'text/html': { compressible: true, extensions: ['html'] },
  'text/plain': { compressible: true, extensions: ['txt'] },
}
